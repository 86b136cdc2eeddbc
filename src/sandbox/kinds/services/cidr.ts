/** An IPv4 address as a number, or undefined. */
export function ipv4Number(ip: string): number | undefined {
  const parts = ip.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}
const split = (cidr: string): { base: number; bits: number } => {
  const [ip = '', bits = '32'] = cidr.split('/');
  return { base: ipv4Number(ip) ?? 0, bits: Number(bits) };
};
/** Addresses that can be given out of a range: neither the first nor the last. */
export const addressesIn = (cidr: string): number => Math.max(0, 2 ** (32 - split(cidr).bits) - 2);

/** 1 is the first one after the network's own. */
export function addressAt(cidr: string, offset: number): string {
  const value = split(cidr).base + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
export function offsetIn(cidr: string, ip: string): number | undefined {
  const value = ipv4Number(ip);
  if (value === undefined) return undefined;
  const offset = value - split(cidr).base;
  return offset >= 1 && offset <= addressesIn(cidr) ? offset : undefined;
}
/** Any IP address in its canonical form. */
export const isIP = (ip: string): boolean => ipv4Number(ip) !== undefined || isIPv6(ip);
export function isIPv6(ip: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(ip) || !ip.includes(':')) return false;
  const halves = ip.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (halves.length > 2 || groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}
export function isCIDR(text: string): boolean {
  const match = /^(.+)\/(\d{1,3})$/.exec(text);
  if (match === null) return false;
  const [, ip = '', bits = ''] = match;
  return isIP(ip) && Number(bits) <= (ip.includes(':') ? 128 : 32);
}
/** Whether an IPv4 range lies within another one and is smaller; of IPv6 only the length is compared. */
export function isStrictlyInside(inner: string, outer: string): boolean {
  if (inner.includes(':') !== outer.includes(':')) return false;
  const bits = (cidr: string): number => Number(cidr.slice(cidr.indexOf('/') + 1));
  if (bits(inner) <= bits(outer)) return false;
  if (inner.includes(':')) return true;
  const shift = 2 ** (32 - bits(outer));
  return Math.floor(split(inner).base / shift) === Math.floor(split(outer).base / shift);
}
