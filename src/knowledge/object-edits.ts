import type { KubeObject } from '../objects/json.ts';
import { compareText } from '../objects/key.ts';
import { getAt, parsePointer } from '../objects/pointer.ts';
import type { Edit } from './edit.ts';

const NO_EDITS: readonly Edit[] = [];

/** Removals of one object, those inside a list from its end to its start. */
export class ObjectEdits {
  readonly #object: KubeObject;
  #removed: { readonly path: string; readonly rule: string }[] | undefined;
  constructor(object: KubeObject) {
    this.#object = object;
  }
  remove(path: string, rule: string): void {
    if (getAt(this.#object, path) === undefined || this.#removed?.some((one) => one.path === path)) return;
    this.#removed ??= [];
    this.#removed.push({ path, rule });
  }
  covers(path: string): boolean {
    return this.#removed?.some((one) => path === one.path || path.startsWith(`${one.path}/`)) ?? false;
  }
  list(): readonly Edit[] {
    if (this.#removed === undefined) return NO_EDITS;
    return orderRemovals(this.#removed.map(({ path, rule }) => ({ kind: 'remove', path, rule })));
  }
}

/** Removals in an order in which none moves the place of another: from the end of each list to its start. */
export function orderRemovals(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => comparePlaces(b.path, a.path));
}

/** Order of two pointers by their segments, list indexes as numbers. */
function comparePlaces(a: string, b: string): number {
  const [left, right] = [parsePointer(a), parsePointer(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [one = '', other = ''] = [left[at], right[at]];
    const numbers = /^\d+$/.test(one) && /^\d+$/.test(other);
    const order = numbers ? Number(one) - Number(other) : compareText(one, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
