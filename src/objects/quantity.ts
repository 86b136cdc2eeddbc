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
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** Whether quantities stand at this pointer: the name of its holder tells (`/spec/hard/pods`), or its own (`sizeLimit`). */
export function isQuantityPath(pointer: string): boolean {
  const last = pointer.lastIndexOf('/');
  if (last < 0) return false;
  if (pointer.endsWith('/sizeLimit')) return true;
  return HOLDERS.has(pointer.slice(pointer.lastIndexOf('/', last - 1) + 1, last));
}

/** Whether both are quantities of one amount: `1000m` and `1`, `1Gi` and `1024Mi`. False when either is none. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  const left = billionths(a);
  return left !== undefined && left === billionths(b);
}

/** The amount in billionths, the finest that Kubernetes keeps; what is finer is rounded up, as the server does. */
function billionths(value: unknown): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = SHAPE.exec(String(value));
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const binary = BINARY[suffix];
  const power = 9 - fraction.length + (DECIMAL[suffix] ?? 0) + Number(exponent ?? 0);
  const amount = BigInt(whole + fraction) << BigInt(binary ?? 0);
  const unit = 10n ** BigInt(Math.abs(power));
  const size = power >= 0 ? amount * unit : (amount + unit - 1n) / unit;
  return sign === '-' ? -size : size;
}
