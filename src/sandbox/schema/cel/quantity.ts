import { parseQuantity } from '../../../objects/quantity.ts';

const NANO = 1_000_000_000n;

/** A Kubernetes quantity, exact to the nano: `100m`, `1.5Gi`, `1e3`. */
export class CelQuantity {
  /** In billionths. */
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }

  static parse(text: string): CelQuantity | undefined {
    const parsed = parseQuantity(text);
    return parsed === undefined ? undefined : new CelQuantity(parsed.nano);
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
