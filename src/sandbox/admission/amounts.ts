import { type Quantity, quantityText } from '../../objects/quantity.ts';
import { compareQuantity, minus, plus, quantity, ZERO } from './quantity.ts';

/** Amounts by resource name: `cpu`, `requests.storage`, `count/configmaps`. */
export type Amounts = Map<string, Quantity>;

export function amounts(list: Readonly<Record<string, unknown>> | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, value]) => [name, quantity(value)]));
}
export const amountsJson = (list: Amounts): Record<string, string> =>
  Object.fromEntries([...list].map(([name, value]) => [name, quantityText(value)]));

/** Adds in place. */
export function addTo(total: Amounts, more: Amounts): Amounts {
  for (const [name, value] of more) {
    const had = total.get(name);
    total.set(name, had === undefined ? value : plus(had, value));
  }
  return total;
}
/** The larger of each, in place. */
export function raiseTo(total: Amounts, other: Amounts): Amounts {
  for (const [name, value] of other) {
    const had = total.get(name);
    if (had === undefined || compareQuantity(value, had) > 0) total.set(name, value);
  }
  return total;
}
/** `a - b`, nothing below zero. */
export function growth(a: Amounts, b: Amounts): Amounts {
  const result: Amounts = new Map();
  for (const [name, value] of a) {
    const less = b.get(name);
    const rest = less === undefined ? value : minus(value, less);
    result.set(name, rest.nano > 0n ? rest : ZERO);
  }
  return result;
}
export const only = (list: Amounts, names: ReadonlySet<string>): Amounts =>
  new Map([...list].filter(([name]) => names.has(name)));
export const withoutZeros = (list: Amounts): Amounts => new Map([...list].filter(([, value]) => value.nano !== 0n));

export function sameAmounts(a: Amounts, b: Amounts): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name)?.nano === value.nano);
}

/** `limits.cpu=1,pods=2`, in the order of names. */
export const shown = (list: Amounts): string =>
  [...list.keys()]
    .sort()
    .map((name) => `${name}=${quantityText(list.get(name) ?? ZERO)}`)
    .join(',');
