const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i|)$/;
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BY_POWER = new Map(Object.entries(DECIMAL).map(([suffix, power]) => [power, suffix]));
const NANOS = 1_000_000_000n;
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
  const parsed = parse(text);
  if (parsed === undefined) return { problem: PROBLEM };
  const { nanos, family } = parsed;
  if (nanos === 0n) return { value: '0' };
  if (keepsItsText(text)) return { value: text };
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  // Fractions and small amounts are not binary any more.
  if (family === 'binary' && size >= 1024n * NANOS && size % NANOS === 0n) {
    let amount = size / NANOS;
    let at = 0;
    while (amount % 1024n === 0n && at < BINARY.length - 1) {
      amount /= 1024n;
      at += 1;
    }
    return { value: `${sign}${amount}${BINARY[at]}` };
  }
  let amount = size;
  let power = -9;
  while (amount % 1000n === 0n && power < 18) {
    amount /= 1000n;
    power += 3;
  }
  if (family === 'exponent') return { value: `${sign}${amount}${power === 0 ? '' : `e${power}`}` };
  return { value: `${sign}${amount}${BY_POWER.get(power) ?? ''}` };
}

/** What is, roughly, canonical already is answered as it came; this is how the server finds out. */
function keepsItsText(text: string): boolean {
  const [, , whole = '', fraction = '', suffix = ''] = QUANTITY.exec(text) ?? [];
  const digits = `${whole.replace(/^0+/, '') || '0'}${fraction}`;
  const binary = suffix === '' ? 0 : BINARY.indexOf(suffix);
  if (binary > 0) return fraction === '' && digits.length + binary * 3 + 1 <= 15 && (BigInt(digits) & 7n) !== 0n;
  const scale = (DECIMAL[suffix] ?? Number(suffix.slice(1))) - fraction.length;
  return scale >= -9 && scale % 3 === 0 && digits.length <= 18 && !digits.endsWith('000') && digits[0] !== '0';
}

/** In billionths, rounded up; undefined when it is no quantity. */
function parse(
  text: string,
): { readonly nanos: bigint; readonly family: 'binary' | 'decimal' | 'exponent' } | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const binary = BINARY.indexOf(suffix);
  const family = suffix !== '' && binary > 0 ? 'binary' : /^[eE][+-]?\d/.test(suffix) ? 'exponent' : 'decimal';
  const power = family === 'decimal' ? (DECIMAL[suffix] ?? 0) : family === 'exponent' ? Number(suffix.slice(1)) : 0;
  const scale = family === 'binary' ? 1024n ** BigInt(binary) : 1n;
  const digits = BigInt(`${whole}${fraction}`) * scale;
  const shift = power + 9 - fraction.length;
  const nanos = shift >= 0 ? digits * 10n ** BigInt(shift) : roundUp(digits, 10n ** BigInt(-shift));
  return { nanos: sign === '-' ? -nanos : nanos, family };
}
const roundUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;

/** The amount in billionths, for comparisons and sums; undefined when the text is no quantity. */
export const quantityNanos = (text: string): bigint | undefined => parse(text)?.nanos;
