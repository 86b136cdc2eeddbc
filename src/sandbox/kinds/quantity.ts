const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** An amount in billionths. Canonical texts are made where bodies are decoded; here quantities are only compared. */
export interface Quantity {
  readonly nano: bigint;
}

/** Undefined when the text is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = SHAPE.exec(text);
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const binary = Math.max(0, BINARY.indexOf(suffix));
  const power = exponent !== undefined ? Number(exponent) : binary > 0 ? 0 : (DECIMAL.indexOf(suffix) - 3) * 3;
  const shift = 9 + power - fraction.length;
  const digits = BigInt(whole + fraction) * 1024n ** BigInt(binary);
  const unit = 10n ** BigInt(Math.abs(shift));
  const nano = shift >= 0 ? digits * unit : (digits + unit - 1n) / unit;
  return { nano: sign === '-' ? -nano : nano };
}

/** The amount of what is known to be a quantity; 0 for what is none. */
export const nanoOf = (quantity: unknown): bigint => parseQuantity(String(quantity ?? '0'))?.nano ?? 0n;
