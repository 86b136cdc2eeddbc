import {
  BINARY_SUFFIXES,
  DECIMAL_SUFFIXES,
  parseQuantity,
  QUANTITY_SHAPE,
  quantityText,
  roundedUp,
} from '../../objects/quantity.ts';

const PROBLEM = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const seen = new Map<string, { readonly value: string } | { readonly problem: string }>();

/** A quantity as the server answers it: the shortest way to write it in the family of suffixes that it came in. */
export function canonicalQuantity(sent: unknown): { readonly value: string } | { readonly problem: string } {
  if (typeof sent !== 'string') return { problem: PROBLEM };
  const known = seen.get(sent);
  if (known !== undefined) return known;
  const outcome = canonical(sent);
  if (seen.size > 1000) seen.clear();
  seen.set(sent, outcome);
  return outcome;
}

function canonical(text: string): { readonly value: string } | { readonly problem: string } {
  const parsed = parseQuantity(text);
  if (parsed === undefined) return { problem: PROBLEM };
  return { value: parsed.nano !== 0n && keepsItsText(text) ? text : quantityText(parsed) };
}

const MILLI = 1_000_000n;

/** A canonical quantity with what is finer than a thousandth rounded up (away from zero). */
export function inThousandths(text: string): string {
  if (!/[un.]|e/.test(text)) return text;
  const parsed = parseQuantity(text);
  if (parsed === undefined || parsed.nano % MILLI === 0n) return text;
  const size = parsed.nano < 0n ? -parsed.nano : parsed.nano;
  const nano = roundedUp(size, MILLI) * MILLI;
  return quantityText({ ...parsed, nano: parsed.nano < 0n ? -nano : nano });
}

/** What is, roughly, canonical already is answered as it came; this is how the server finds out. */
function keepsItsText(text: string): boolean {
  const [, , whole = '', fraction = '', suffix = '', exponent] = QUANTITY_SHAPE.exec(text) ?? [];
  const digits = `${whole.replace(/^0+/, '') || '0'}${fraction}`;
  const binary = BINARY_SUFFIXES.indexOf(suffix);
  if (binary > 0) return fraction === '' && digits.length + binary * 3 + 1 <= 15 && (BigInt(digits) & 7n) !== 0n;
  const scale = (exponent === undefined ? (DECIMAL_SUFFIXES[suffix] ?? 0) : Number(exponent)) - fraction.length;
  return scale >= -9 && scale % 3 === 0 && digits.length <= 18 && !digits.endsWith('000') && digits[0] !== '0';
}
