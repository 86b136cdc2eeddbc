/** A body is not what it should be; the message is that of Go's decoder. */
export class WireProblem extends Error {}

export const TRUNCATED = 'unexpected EOF';

/** Reads protobuf's wire format from `at` to `end`. */
export class WireReader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** An unsigned varint of at most 64 bits, as signed 64-bit integer; exact up to 2^53. */
  varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift >= 64) throw new WireProblem('proto: integer overflow');
      const byte = this.#byte();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) break;
    }
    return (high | 0) * 0x1_0000_0000 + (low >>> 0);
  }

  /** Field number and wire type. */
  tag(): readonly [number: number, type: number] {
    const tag = this.varint();
    const number = Math.floor(tag / 8);
    if (number <= 0) throw new WireProblem(`proto: illegal tag ${number} (wire type ${tag & 7})`);
    return [number, tag & 7];
  }

  /** What stands behind a length: a reader of that part. */
  part(): WireReader {
    const length = this.varint();
    if (length < 0) throw new WireProblem('proto: negative length found during unmarshaling');
    const start = this.at;
    if (start + length > this.end) throw new WireProblem(TRUNCATED);
    this.at = start + length;
    return new WireReader(this.bytes, start, this.at);
  }

  fixed64(): number {
    if (this.at + 8 > this.end) throw new WireProblem(TRUNCATED);
    const value = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  /** The bytes from here to the end. */
  rest(): Buffer {
    return this.bytes.subarray(this.at, this.end);
  }
  text(): string {
    return this.bytes.toString('utf8', this.at, this.end);
  }

  skip(type: number): void {
    if (type === 0) this.varint();
    else if (type === 2) this.part();
    else if (type === 1 || type === 5) {
      this.at += type === 1 ? 8 : 4;
      if (this.at > this.end) throw new WireProblem(TRUNCATED);
    } else throw new WireProblem(`proto: illegal wireType ${type}`);
  }

  #byte(): number {
    const byte = this.at < this.end ? this.bytes[this.at] : undefined;
    if (byte === undefined) throw new WireProblem(TRUNCATED);
    this.at += 1;
    return byte;
  }
}
