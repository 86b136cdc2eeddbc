import type { Rejection } from '../../cluster/port.ts';
import type { JsonObject } from '../../objects/json.ts';
import { expand, matchesPattern } from '../../objects/pattern.ts';
import { getAt, withRemoved } from '../../objects/pointer.ts';
import type { Reason, Writing } from '../../plan/plan.ts';

/** A body without the fields that the target refused and that may be given up, and the reason of each. */
export interface Yielded {
  readonly body: JsonObject;
  readonly given: readonly Reason[];
}

/**
 * What is left to try after a 422 that names fields of `yields`; undefined when it names none. When the named field is not in the body
 * (the server copies `clusterIP` into `clusterIPs` and complains of the copy), everything with the same code is given up.
 */
export function yieldTo(rejection: Rejection, yields: Writing['yields'], body: JsonObject): Yielded | undefined {
  if (rejection.status !== 422) return undefined;
  let left = body;
  const given: Reason[] = [];
  const giveUp = (place: string, reason: Reason, words: string): void => {
    if (getAt(left, place) === undefined) return;
    left = withRemoved(left, place) as JsonObject;
    given.push({ code: reason.code, sentence: `${reason.sentence} (${place}: ${words})` });
  };
  for (const cause of rejection.causes) {
    const place = pointerOf(cause.field);
    for (const { path, reason } of yields) {
      if (!speaksOf(path, place)) continue;
      const before = given.length;
      const named = expand(left, path).filter((one) => place === one || place.startsWith(`${one}/`));
      for (const one of named) giveUp(one, reason, cause.message);
      if (given.length > before) continue;
      for (const other of yields.filter((one) => one.reason.code === reason.code))
        for (const one of [...expand(left, other.path)].reverse()) giveUp(one, reason, cause.message);
    }
  }
  return given.length === 0 ? undefined : { body: left, given };
}

/** The pattern names the field, or what holds it. */
function speaksOf(pattern: string, place: string): boolean {
  for (let end = place.length; end > 0; end = place.lastIndexOf('/', end - 1))
    if (matchesPattern(pattern, place.slice(0, end))) return true;
  return false;
}

/** `spec.ports[0].nodePort`, as the server names fields, as a pointer. */
export function pointerOf(field: string): string {
  return field
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/\[([^\]]*)\]/g, '.$1')
    .split('.')
    .filter((segment) => segment !== '')
    .map((segment) => `/${segment}`)
    .join('');
}
