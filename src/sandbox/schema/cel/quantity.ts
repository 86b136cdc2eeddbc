const SUFFIXES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  n: [1n, 1_000_000_000n],
  u: [1n, 1_000_000n],
  m: [1n, 1000n],
  '': [1n, 1n],
  k: [1000n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [1n << 10n, 1n],
  Mi: [1n << 20n, 1n],
  Gi: [1n << 30n, 1n],
  Ti: [1n << 40n, 1n],
  Pi: [1n << 50n, 1n],
  Ei: [1n << 60n, 1n],
};
const NANO = 1_000_000_000n;

/** A Kubernetes quantity, exact to the nano: `100m`, `1.5Gi`, `1e3`. */
export class CelQuantity {
  /** In billionths. */
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }

  static parse(text: string): CelQuantity | undefined {
    const match = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$/.exec(text);
    if (match === null) return undefined;
    const [, sign, digits = '', exponent, suffix = ''] = match;
    const [whole = '', fraction = ''] = digits.split('.');
    let numerator = BigInt(`${whole}${fraction}` || '0') * NANO;
    let denominator = 10n ** BigInt(fraction.length);
    if (exponent !== undefined) {
      const power = Number(exponent.slice(1));
      if (power >= 0) numerator *= 10n ** BigInt(power);
      else denominator *= 10n ** BigInt(-power);
    } else {
      const [times, by] = SUFFIXES[suffix] ?? [1n, 1n];
      numerator *= times;
      denominator *= by;
    }
    // What is finer than a billionth is rounded up, away from zero.
    const nanos = (numerator + denominator - 1n) / denominator;
    return new CelQuantity(sign === '-' ? -nanos : nanos);
  }

  get whole(): boolean {
    return this.nanos % NANO === 0n;
  }
  get integer(): bigint {
    return this.nanos / NANO;
  }
  get approximate(): number {
    return Number(this.nanos) / 1e9;
  }
  compare(other: CelQuantity): bigint {
    return this.nanos < other.nanos ? -1n : this.nanos > other.nanos ? 1n : 0n;
  }
}
