import { isJsonObject, type Json } from '../../src/objects/json.ts';
import { normalise, unordered } from './normalise.ts';
import { without } from './pointer.ts';
import type { Script, Step } from './script.ts';
import type { Transcript } from './transcript.ts';
import { variable } from './variables.ts';

/** One place where the two servers said different things. */
export interface Difference {
  readonly script: string;
  /** From 1; 0 is the state afterwards. */
  readonly step: number;
  /** What was asked: the request as the script has it, or the path of the list. */
  readonly asked: string;
  readonly pointer: string;
  readonly real: Json | undefined;
  readonly sandbox: Json | undefined;
}

/** Compares two plays of one script, both as the servers said it. */
export function compare(script: Script, id: string, real: Transcript, sandbox: Transcript): Difference[] {
  const written = JSON.stringify(script).replaceAll(variable('id'), id).replaceAll(variable('ns'), id);
  const [one, other] = [normalise(real, written), normalise(sandbox, written)];
  const everywhere = script.ignore ?? [];
  const found: Difference[] = [];
  const look = (step: number, asked: string, left: Json | undefined, right: Json | undefined): void => {
    for (const difference of differences(left, right)) found.push({ script: script.name, step, asked, ...difference });
  };
  for (const [at, step] of script.steps.entries()) {
    const ready = (said: Json | undefined): Json | undefined => {
      if (said === undefined) return undefined;
      const ignored = [...everywhere, ...('ignore' in step ? (step.ignore ?? []) : [])];
      const left = without(
        said,
        ignored.flatMap((pointer) => [`/body${pointer}`, `/events/*${pointer}`, `/last${pointer}`]),
      );
      return 'unordered' in step && step.unordered === true ? unordered(left) : left;
    };
    look(at + 1, asks(step), ready(one.said[at] as Json | undefined), ready(other.said[at] as Json | undefined));
  }
  const state = everywhere.map((pointer) => `/items/*${pointer}`);
  for (const path of script.state ?? []) look(0, path, clean(one.state[path], state), clean(other.state[path], state));
  return found;
}

const clean = (list: Json | undefined, ignored: readonly string[]): Json | undefined =>
  list === undefined ? undefined : without(list, ignored);

export function asks(step: Step): string {
  if ('request' in step) return step.as === undefined ? step.request : `${step.request} as ${step.as}`;
  if ('wait' in step) return `wait ${step.wait}`;
  if ('watch' in step) return `watch ${step.watch}`;
  return 'events' in step ? `events of ${step.events}` : `settle ${step.settle}`;
}

type Place = Pick<Difference, 'pointer' | 'real' | 'sandbox'>;

/** The innermost places at which two values differ. */
export function differences(real: Json | undefined, sandbox: Json | undefined, pointer = ''): Place[] {
  if (Array.isArray(real) && Array.isArray(sandbox)) {
    const most = Math.max(real.length, sandbox.length);
    return Array.from({ length: most }, (_, at) => differences(real[at], sandbox[at], `${pointer}/${at}`)).flat();
  }
  if (real !== undefined && sandbox !== undefined && isJsonObject(real) && isJsonObject(sandbox)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(sandbox)])];
    return keys.flatMap((key) =>
      differences(real[key], sandbox[key], `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  }
  return real === sandbox ? [] : [{ pointer, real, sandbox }];
}

export function line({ script, step, asked, pointer, real, sandbox }: Difference): string {
  const where = step === 0 ? `state ${asked}` : `step ${step} ${asked}`;
  const [left, right] = [textOf(real), textOf(sandbox)];
  const from = Math.max(0, firstDifference(left, right) - BEFORE);
  return `${script} ${where} ${pointer}: real ${short(left, from)}, sandbox ${short(right, from)}`;
}

const MOST = 400;
/** How much of long texts is shown before the place where they part. */
const BEFORE = 80;

const textOf = (value: Json | undefined): string => JSON.stringify(value) ?? 'nothing';

function firstDifference(left: string, right: string): number {
  if (left.length <= MOST && right.length <= MOST) return 0;
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  return at;
}

function short(text: string, from: number): string {
  const part = text.slice(from, from + MOST);
  return `${from > 0 ? '...' : ''}${part}${from + MOST < text.length ? '...' : ''}`;
}
