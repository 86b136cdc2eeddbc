import { parseQuantity, type Quantity, roundedUp } from '../../objects/quantity.ts';

const NANO = 1_000_000_000n;

export const ZERO: Quantity = { nano: 0n, format: 'decimal' };
export const count = (amount: number): Quantity => ({ nano: BigInt(amount) * NANO, format: 'decimal' });

/** Reads an amount; what is none (validation refuses it elsewhere) counts as 0. */
export const quantity = (value: unknown): Quantity =>
  (typeof value === 'number' || typeof value === 'string' ? parseQuantity(String(value)) : undefined) ?? ZERO;

/** The sum takes the notation of the first, unless that is nothing. */
export function plus(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}
export const minus = (a: Quantity, b: Quantity): Quantity => plus(a, { ...b, nano: -b.nano });
export const compareQuantity = (a: Quantity, b: Quantity): number => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0);
/** Rounded up to whole units. */
export const wholeUnits = (a: Quantity): Quantity => ({ ...a, nano: roundedUp(a.nano, NANO) * NANO });
