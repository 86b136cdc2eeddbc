import { objectsFault } from './codes.ts';

/** Whether labels are selected. */
export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

const NAME = /^([A-Za-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/;
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUAL = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/;

/**
 * A label selector in kubectl's syntax: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by commas.
 * An empty one is refused (`SELECTOR-INVALID`): it would select everything.
 */
export function labelSelector(text: string): LabelSelector {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const tests = parts.map((part) => requirement(part, text));
  return (labels) => tests.every((test) => test(labels));
}

function requirement(part: string, whole: string): LabelSelector {
  const set = SET.exec(part);
  if (set !== null) {
    const name = checked(NAME, set[1] ?? '', whole);
    const values = (set[3] ?? '').split(',').map((value) => checked(VALUE, value.trim(), whole));
    return (labels) => values.includes(labels[name] ?? '\0') === (set[2] === 'in');
  }
  const equal = EQUAL.exec(part);
  if (equal !== null) {
    const name = checked(NAME, equal[1] ?? '', whole);
    const value = checked(VALUE, equal[3] ?? '', whole);
    return (labels) => (labels[name] === value) === (equal[2] !== '!=');
  }
  const absent = part.startsWith('!');
  const name = checked(NAME, absent ? part.slice(1).trim() : part, whole);
  return (labels) => Object.hasOwn(labels, name) !== absent;
}

function checked(shape: RegExp, text: string, whole: string): string {
  if (shape.test(text)) return text;
  const hint = "write it as kubectl does: 'app=web', 'tier in (a,b)', '!canary', joined by commas";
  throw objectsFault('SELECTOR-INVALID', `the label selector "${whole}" is not understood at "${text}"`, { hint });
}
