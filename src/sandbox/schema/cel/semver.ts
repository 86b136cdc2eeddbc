const SHAPE =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

/** A version as semver.org defines it. */
export class CelSemver {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly string[];

  constructor(numbers: readonly [bigint, bigint, bigint], prerelease: readonly string[]) {
    this.numbers = numbers;
    this.prerelease = prerelease;
  }

  /** `normalize`: a leading v, missing parts and leading zeros are forgiven. */
  static parse(text: string, normalize = false): CelSemver | undefined {
    const match = SHAPE.exec(normalize ? normalized(text) : text);
    if (match === null) return undefined;
    const [, major = '0', minor = '0', patch = '0', pre] = match;
    return new CelSemver([BigInt(major), BigInt(minor), BigInt(patch)], pre === undefined ? [] : pre.split('.'));
  }

  compare(other: CelSemver): bigint {
    for (const index of [0, 1, 2] as const)
      if (this.numbers[index] !== other.numbers[index]) return this.numbers[index] < other.numbers[index] ? -1n : 1n;
    const [left, right] = [this.prerelease, other.prerelease];
    if (left.length === 0 || right.length === 0) return BigInt(Math.sign(right.length - left.length));
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      const [a, b] = [left[index], right[index]];
      if (a === undefined) return -1n;
      if (b === undefined) return 1n;
      if (a === b) continue;
      const [digitsA, digitsB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
      if (digitsA && digitsB) return BigInt(a) < BigInt(b) ? -1n : 1n;
      if (digitsA !== digitsB) return digitsA ? -1n : 1n;
      return a < b ? -1n : 1n;
    }
    return 0n;
  }
}

function normalized(text: string): string {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?$/.exec(text);
  if (match === null) return text;
  const part = (digits: string | undefined): string => (digits ?? '0').replace(/^0+(?=\d)/, '');
  return `${part(match[1])}.${part(match[2])}.${part(match[3])}${match[4] ?? ''}`;
}
