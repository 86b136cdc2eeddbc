import type { Environment } from '@marcbachmann/cel-js';
import { goPattern } from '../structural/patterns.ts';
import { CelFailure, formatString, must } from './format-string.ts';

class SetsNamespace {}
class StringsNamespace {}

/** Strings: find, findAll, replace, charAt, format, ... */
export function addStrings(env: Environment): void {
  const pattern = (text: string): RegExp => must(goPattern(text), `error parsing regexp: invalid pattern: ${text}`);
  const all = (text: string, regex: string): string[] => {
    const found = pattern(regex);
    return [...text.matchAll(new RegExp(found.source, `${found.flags}g`))].map(([match]) => match);
  };
  env
    .registerType('StringsNamespace', StringsNamespace as never)
    .registerConstant('strings', 'StringsNamespace', new StringsNamespace())
    .registerFunction('StringsNamespace.quote(string): string', (_: unknown, text: string) => JSON.stringify(text))
    .registerFunction(
      'string.find(string): string',
      (text: string, regex: string) => pattern(regex).exec(text)?.[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', all)
    .registerFunction('string.findAll(string, int): list<string>', (text: string, regex: string, limit: bigint) =>
      limit < 0n ? all(text, regex) : all(text, regex).slice(0, Number(limit)),
    )
    .registerFunction('string.charAt(int): string', (text: string, at: bigint) => {
      const letters = [...text];
      if (at < 0n || at > BigInt(letters.length)) throw new CelFailure(`index out of range: ${at}`);
      return letters[Number(at)] ?? '';
    })
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, from: string, to: string, count: bigint) => {
        if (count < 0n) return text.replaceAll(from, () => to);
        let done = text;
        let at = 0;
        for (let index = 0n; index < count; index += 1n) {
          const found = done.indexOf(from, at);
          if (found < 0) break;
          done = done.slice(0, found) + to + done.slice(found + from.length);
          at = found + to.length;
        }
        return done;
      },
    )
    .registerFunction('string.reverse(): string', (text: string) => [...text].reverse().join(''))
    .registerFunction('string.format(list): string', (text: string, args: readonly unknown[]) =>
      formatString(text, args),
    );
}

const equal = (a: unknown, b: unknown): boolean =>
  a === b ||
  // biome-ignore lint/suspicious/noDoubleEquals: numbers of different types are compared by value
  ((typeof a === 'bigint' || typeof a === 'number') && (typeof b === 'bigint' || typeof b === 'number') && a == b) ||
  (typeof a === 'object' &&
    typeof b === 'object' &&
    a !== null &&
    b !== null &&
    JSON.stringify(a, big) === JSON.stringify(b, big));
const big = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
const includes = (list: readonly unknown[], item: unknown): boolean => list.some((other) => equal(item, other));
type Sortable = string;
const sortable = (value: unknown): Sortable => value as Sortable;

/** Lists and sets: isSorted, sum, min, max, indexOf, sets.contains, ... */
export function addLists(env: Environment): void {
  const best = (list: readonly unknown[], name: string, wins: (a: Sortable, b: Sortable) => boolean): unknown => {
    if (list.length === 0) throw new CelFailure(`${name} called on empty list`);
    return list.reduce((a, b) => (wins(sortable(b), sortable(a)) ? b : a));
  };
  const sum = (list: readonly unknown[]): unknown => {
    const [first] = list;
    if (first === undefined) return 0n;
    return typeof first === 'bigint'
      ? (list as readonly bigint[]).reduce((a, b) => a + b, 0n)
      : (list as readonly number[]).reduce((a, b) => a + b, 0);
  };
  env
    .registerType('SetsNamespace', SetsNamespace as never)
    .registerConstant('sets', 'SetsNamespace', new SetsNamespace())
    .registerFunction('SetsNamespace.contains(list, list): bool', (_: unknown, a: unknown[], b: unknown[]) =>
      b.every((item) => includes(a, item)),
    )
    .registerFunction(
      'SetsNamespace.equivalent(list, list): bool',
      (_: unknown, a: unknown[], b: unknown[]) =>
        b.every((item) => includes(a, item)) && a.every((item) => includes(b, item)),
    )
    .registerFunction('SetsNamespace.intersects(list, list): bool', (_: unknown, a: unknown[], b: unknown[]) =>
      b.some((item) => includes(a, item)),
    )
    .registerFunction('list.isSorted(): bool', (list: unknown[]) =>
      list.every((item, index) => index === 0 || !(sortable(item) < sortable(list[index - 1]))),
    )
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction('list.min(): dyn', (list: unknown[]) => best(list, 'min', (a, b) => a < b))
    .registerFunction('list.max(): dyn', (list: unknown[]) => best(list, 'max', (a, b) => a > b))
    .registerFunction('list.indexOf(dyn): int', (list: unknown[], item: unknown) =>
      BigInt(list.findIndex((other) => equal(item, other))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: unknown[], item: unknown) =>
      BigInt(list.findLastIndex((other) => equal(item, other))),
    );
}
