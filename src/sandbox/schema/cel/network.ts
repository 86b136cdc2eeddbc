import { isIP } from 'node:net';

/** An IP address, as bits. */
export class CelIp {
  readonly family: 4 | 6;
  readonly bits: bigint;

  constructor(family: 4 | 6, bits: bigint) {
    this.family = family;
    this.bits = bits;
  }

  /** Strict: no zone, no leading zeros, no IPv4 inside IPv6. */
  static parse(text: string): CelIp | undefined {
    const family = isIP(text);
    if (family === 4)
      return new CelIp(
        4,
        text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n),
      );
    if (family !== 6 || text.includes('%') || text.includes('.')) return undefined;
    const [head = '', tail] = text.split('::');
    const left = head === '' ? [] : head.split(':');
    const right = tail === undefined || tail === '' ? [] : tail.split(':');
    const middle = Array.from({ length: 8 - left.length - right.length }, () => '0');
    const parts = tail === undefined ? left : [...left, ...middle, ...right];
    const bits = parts.reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
    return bits >> 32n === 0xffffn ? undefined : new CelIp(6, bits);
  }

  get width(): bigint {
    return this.family === 4 ? 32n : 128n;
  }
  /** The highest bits, as a number. */
  top(count: bigint): bigint {
    return this.bits >> (this.width - count);
  }
  get unspecified(): boolean {
    return this.bits === 0n;
  }
  get loopback(): boolean {
    return this.family === 4 ? this.top(8n) === 127n : this.bits === 1n;
  }
  get linkLocalUnicast(): boolean {
    return this.family === 4 ? this.top(16n) === 0xa9fen : this.top(10n) === 0x3fan;
  }
  get multicast(): boolean {
    return this.family === 4 ? this.top(4n) === 0xen : this.top(8n) === 0xffn;
  }
  get linkLocalMulticast(): boolean {
    return this.family === 4 ? this.top(24n) === 0xe00000n : this.top(16n) === 0xff02n;
  }
  get globalUnicast(): boolean {
    const broadcast = this.family === 4 && this.bits === 0xffffffffn;
    return !(broadcast || this.unspecified || this.loopback || this.multicast || this.linkLocalUnicast);
  }

  toString(): string {
    if (this.family === 4) return [24n, 16n, 8n, 0n].map((shift) => (this.bits >> shift) & 255n).join('.');
    const parts = Array.from({ length: 8 }, (_, index) =>
      ((this.bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
    );
    let best = { from: -1, length: 1 };
    for (let from = 0; from < 8; from += 1) {
      let length = 0;
      while (parts[from + length] === '0') length += 1;
      if (length > best.length) best = { from, length };
    }
    if (best.from < 0) return parts.join(':');
    return `${parts.slice(0, best.from).join(':')}::${parts.slice(best.from + best.length).join(':')}`;
  }
}

/** A range of addresses. */
export class CelCidr {
  readonly ip: CelIp;
  readonly length: number;

  constructor(ip: CelIp, length: number) {
    this.ip = ip;
    this.length = length;
  }

  static parse(text: string): CelCidr | undefined {
    const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
    const ip = match === null ? undefined : CelIp.parse(match[1] ?? '');
    const length = Number(match?.[2]);
    return ip === undefined || length > Number(ip.width) ? undefined : new CelCidr(ip, length);
  }

  contains(ip: CelIp): boolean {
    const count = BigInt(this.length);
    return ip.family === this.ip.family && ip.top(count) === this.ip.top(count);
  }
  get masked(): CelCidr {
    const rest = this.ip.width - BigInt(this.length);
    return new CelCidr(new CelIp(this.ip.family, (this.ip.bits >> rest) << rest), this.length);
  }
  toString(): string {
    return `${this.ip}/${this.length}`;
  }
}
