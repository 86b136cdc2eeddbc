/** An amount as Kubernetes counts: exact to a billionth, written in the notation it came in. */
export interface Quantity {
  readonly nano: bigint;
  readonly format: 'decimal' | 'binary' | 'exponent';
}

const NANO = 1_000_000_000n;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*[+-]?\d*)$/;

export const ZERO: Quantity = { nano: 0n, format: 'decimal' };
export const count = (amount: number): Quantity => ({ nano: BigInt(amount) * NANO, format: 'decimal' });

/** Reads an amount; what is none (validation refuses it elsewhere) counts as 0. */
export function quantity(value: unknown): Quantity {
  const match = SHAPE.exec(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '');
  if (match === null) return ZERO;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const digits = BigInt(`0${whole}${fraction}`);
  const scale = BINARY.indexOf(suffix);
  let [numerator, tens] = [digits, 9 - fraction.length];
  let format: Quantity['format'] = 'decimal';
  if (scale > 0) {
    numerator *= 1024n ** BigInt(scale);
    format = 'binary';
  } else if (DECIMAL[suffix] !== undefined) tens += DECIMAL[suffix];
  else if (/^[eE][+-]?\d+$/.test(suffix)) {
    tens += Number(suffix.slice(1));
    format = 'exponent';
  } else return ZERO;
  const nano = tens >= 0 ? numerator * 10n ** BigInt(tens) : ceil(numerator, 10n ** BigInt(-tens));
  return { nano: sign === '-' ? -nano : nano, format };
}

const ceil = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;

/** The sum takes the notation of the first, unless that is nothing. */
export function plus(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}
export const minus = (a: Quantity, b: Quantity): Quantity => plus(a, { ...b, nano: -b.nano });
export const compareQuantity = (a: Quantity, b: Quantity): number => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0);
/** Rounded up to whole units. */
export const wholeUnits = (a: Quantity): Quantity => ({ ...a, nano: ceil(a.nano, NANO) * NANO });

/** The one spelling that the server uses for an amount: `1Gi`, `1500m`, `2`. */
export function quantityText({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const size = nano < 0n ? -nano : nano;
  if (format === 'binary' && size % NANO === 0n && size / NANO >= 1024n) {
    let [units, scale] = [size / NANO, 0];
    while (units % 1024n === 0n && scale < BINARY.length - 1) {
      units /= 1024n;
      scale += 1;
    }
    return `${sign}${units}${BINARY[scale]}`;
  }
  let [units, exponent] = [size, -9];
  while (units % 1000n === 0n && exponent < 18) {
    units /= 1000n;
    exponent += 3;
  }
  if (format === 'exponent') return `${sign}${units}${exponent === 0 ? '' : `e${exponent}`}`;
  const suffix = Object.entries(DECIMAL).find(([, power]) => power === exponent)?.[0] ?? '';
  return `${sign}${units}${suffix}`;
}
