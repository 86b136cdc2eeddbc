import { parseQuantity } from '../../objects/quantity.ts';

/** The amount, in billionths, of what is known to be a quantity; 0 for what is none. */
export const nanoOf = (quantity: unknown): bigint => parseQuantity(String(quantity ?? '0'))?.nano ?? 0n;
