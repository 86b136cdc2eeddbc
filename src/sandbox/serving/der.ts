/** DER, as far as a certificate needs it (ITU-T X.690): every function gives one encoded value. */

const TAG = { boolean: 1, integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, time: 24, sequence: 48, set: 49 } as const;

export const sequence = (...values: readonly Buffer[]): Buffer => value(TAG.sequence, Buffer.concat(values));
export const set = (...values: readonly Buffer[]): Buffer => value(TAG.set, Buffer.concat(values));
export const utf8 = (text: string): Buffer => value(TAG.utf8, Buffer.from(text, 'utf8'));
export const octets = (bytes: Buffer): Buffer => value(TAG.octets, bytes);
export const truth = (): Buffer => value(TAG.boolean, Buffer.from([0xff]));
/** Whole bytes, or as many bits of them as `unused` leaves. */
export const bits = (bytes: Buffer, unused = 0): Buffer =>
  value(TAG.bits, Buffer.concat([Buffer.from([unused]), bytes]));

/** A positive number, as its bytes. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  // What begins with a set bit would be negative.
  return value(TAG.integer, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** GeneralizedTime, whole seconds. */
export const time = (milliseconds: number): Buffer =>
  value(TAG.time, Buffer.from(`${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));

/** An object identifier such as `2.5.29.17`. */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return value(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A value whose tag is its number in the surrounding one; `made`: of other values. */
export const tagged = (number: number, content: Buffer, made: boolean): Buffer =>
  value((made ? 0xa0 : 0x80) | number, content);

function value(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
}
