/** Maps whose members Kubernetes reads as quantities. */
const HOLDERS: ReadonlySet<string> = new Set([
  'allocatable',
  'allocatedResources',
  'capacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'podFixed',
  'requests',
  'used',
]);
/** Sign, whole digits, fraction, suffix, decimal exponent. Exponents of more digits than any amount has are no quantities. */
export const QUANTITY_SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/;
/** Powers of ten by suffix. */
export const DECIMAL_SUFFIXES: Readonly<Record<string, number>> = {
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
/** The index is the power of 1024. */
export const BINARY_SUFFIXES: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const BY_POWER = new Map(Object.entries(DECIMAL_SUFFIXES).map(([suffix, power]) => [power, suffix]));
const UNIT = 1_000_000_000n;

/** An amount as Kubernetes counts, and the notation that it came in. */
export interface Quantity {
  /** Billionths, the finest that Kubernetes keeps. */
  readonly nano: bigint;
  readonly format: 'decimal' | 'binary' | 'exponent';
}

/** Whether quantities stand at this pointer: the name of its holder tells (`/spec/hard/pods`), or its own (`sizeLimit`). */
export function isQuantityPath(pointer: string): boolean {
  const last = pointer.lastIndexOf('/');
  if (last < 0) return false;
  if (pointer.endsWith('/sizeLimit')) return true;
  return HOLDERS.has(pointer.slice(pointer.lastIndexOf('/', last - 1) + 1, last));
}

/** Undefined when the text is no quantity. What is finer than a billionth is rounded up, as the server does. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = QUANTITY_SHAPE.exec(text);
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const binary = Math.max(0, BINARY_SUFFIXES.indexOf(suffix));
  const power = 9 - fraction.length + (DECIMAL_SUFFIXES[suffix] ?? 0) + Number(exponent ?? 0);
  const amount = BigInt(whole + fraction) << BigInt(10 * binary);
  const tens = 10n ** BigInt(Math.abs(power));
  const nano = power >= 0 ? amount * tens : roundedUp(amount, tens);
  return {
    nano: sign === '-' ? -nano : nano,
    format: binary > 0 ? 'binary' : exponent === undefined ? 'decimal' : 'exponent',
  };
}

/** `value / by`, rounded up. */
export const roundedUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;

/** The shortest spelling in its notation: `1Gi`, `1500m`, `2`. Fractions and amounts below 1024 are not binary any more. */
export function quantityText({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const size = nano < 0n ? -nano : nano;
  if (format === 'binary' && size % UNIT === 0n && size / UNIT >= 1024n) {
    let [units, scale] = [size / UNIT, 0];
    while (units % 1024n === 0n && scale < BINARY_SUFFIXES.length - 1) {
      units /= 1024n;
      scale += 1;
    }
    return `${sign}${units}${BINARY_SUFFIXES[scale]}`;
  }
  let [units, power] = [size, -9];
  while (units % 1000n === 0n && power < 18) {
    units /= 1000n;
    power += 3;
  }
  if (format === 'exponent') return `${sign}${units}${power === 0 ? '' : `e${power}`}`;
  return `${sign}${units}${BY_POWER.get(power) ?? ''}`;
}

/** Whether both are quantities of one amount: `1000m` and `1`, `1Gi` and `1024Mi`. False when either is none. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  const left = amountOf(a);
  return left !== undefined && left === amountOf(b);
}

const amountOf = (value: unknown): bigint | undefined =>
  typeof value === 'string' || typeof value === 'number' ? parseQuantity(String(value))?.nano : undefined;
