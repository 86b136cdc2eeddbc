import { isIP } from 'node:net';

const UUID = (middle: string): RegExp => new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${middle}-?[0-9a-f]{12}$`, 'i');
const HOSTNAME =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;
const RGB =
  /^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)$/;
const UNITS = new Set(['ns', 'us', 'µs', 'ms', 's', 'm', 'h', 'hr', 'd', 'w', 'wk']);
/** The long names may have any ending: days, weeks. */
const LONG_UNITS = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week'];

/** A time span as Go's time.ParseDuration reads it, in nanoseconds; undefined when it is none. */
export function goDuration(text: string): bigint | undefined {
  const match = /^([+-]?)(?:0|((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+))$/.exec(text);
  if (match === null) return undefined;
  const SCALE: Readonly<Record<string, number>> = {
    ns: 1,
    us: 1e3,
    µs: 1e3,
    μs: 1e3,
    ms: 1e6,
    s: 1e9,
    m: 6e10,
    h: 3.6e12,
  };
  let total = 0n;
  for (const [, whole = '', unit = ''] of (match[2] ?? '').matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const [before = '', after = ''] = whole.split('.');
    const scale = BigInt(SCALE[unit] ?? 0);
    total += BigInt(before === '' ? '0' : before) * scale;
    if (after !== '') total += (BigInt(after) * scale) / 10n ** BigInt(after.length);
  }
  if (total > 9223372036854775807n) return undefined;
  return match[1] === '-' ? -total : total;
}

function isDuration(text: string): boolean {
  if (goDuration(text) !== undefined) return true;
  // The kind way: any number of "22 ns", "3 weeks" somewhere in the text.
  const found = [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)];
  return found.some(([, , unit = '']) => {
    const name = unit.toLowerCase();
    return UNITS.has(name) || LONG_UNITS.some((known) => name.startsWith(known));
  });
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  if (text.length < 4 || time === undefined || !isDate(date)) return false;
  const match = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/.exec(time);
  return match !== null && (match[1] ?? '') <= '23' && (match[2] ?? '') <= '59' && (match[3] ?? '') <= '59';
}

/** IPv4 as Kubernetes' sloppy parser reads it: leading zeros are allowed. */
const isIpv4Sloppy = (text: string): boolean => isIP(text.replace(/(^|\.)0+(?=\d)/g, '$1')) === 4;
const isIpv6 = (text: string): boolean => !text.includes('%') && isIP(text) === 6;

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits) || (bits.length > 1 && bits.startsWith('0'))) return false;
  return isIpv4Sloppy(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

function isIsbn(text: string, version: 10 | 13): boolean {
  const digits = text.replace(/[\s-]+/g, '');
  if (version === 10 ? !/^\d{9}(X|\d)$/.test(digits) : !/^\d{13}$/.test(digits)) return false;
  let sum = 0;
  [...digits].forEach((digit, index) => {
    const value = digit === 'X' ? 10 : Number(digit);
    sum += version === 10 ? value * (10 - index) : value * (index % 2 === 0 ? 1 : 3);
  });
  return sum % (version === 10 ? 11 : 10) === 0;
}

function isCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, '');
  if (!CARD.test(digits)) return false;
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

/** A request URI as Go's url.ParseRequestURI takes it: an absolute URL or an absolute path. */
export function isRequestUri(text: string): boolean {
  if (text === '' || /[\u0000-\u0020\u007f]/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return false;
  if (text.startsWith('/')) return true;
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/.exec(text);
  if (match === null) return false;
  const rest = match[2] ?? '';
  if (!rest.startsWith('//')) return true;
  const authority = /^\/\/([^/?#]*)/.exec(rest)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return /^(\[[0-9A-Fa-f:.%]+\]|[^:[\]<>"]*)(:\d*)?$/.test(host);
}

const isEmail = (text: string): boolean =>
  /^\s*(?:[^<>@]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@",;:()[\]]+@[^\s<>@",;:()[\]]+)\s*$/.test(text);

const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: isRequestUri,
  email: isEmail,
  hostname: (text) => HOSTNAME.test(text) && text.length <= 255 && text.split('.').every((part) => part.length <= 63),
  ipv4: isIpv4Sloppy,
  ipv6: (text) => isIpv6(text),
  cidr: isCidr,
  mac: (text) =>
    /^([0-9a-f]{2}([:-])[0-9a-f]{2}(\2[0-9a-f]{2}){4}((\2[0-9a-f]{2}){2}|(\2[0-9a-f]{2}){14})?|[0-9a-f]{4}(\.[0-9a-f]{4}){2,3})$/i.test(
      text,
    ),
  uuid: (text) => UUID('[0-9a-f]{4}-?[0-9a-f]{4}').test(text),
  uuid3: (text) => UUID('3[0-9a-f]{3}-?[0-9a-f]{4}').test(text),
  uuid4: (text) => UUID('4[0-9a-f]{3}-?[89ab][0-9a-f]{3}').test(text),
  uuid5: (text) => UUID('5[0-9a-f]{3}-?[89ab][0-9a-f]{3}').test(text),
  isbn: (text) => isIsbn(text, 10) || isIsbn(text, 13),
  isbn10: (text) => isIsbn(text, 10),
  isbn13: (text) => isIsbn(text, 13),
  creditcard: isCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => RGB.test(text),
  byte: (text) => BASE64.test(text),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
};

/**
 * The check of a format that the server knows (`date-time`), or undefined: unknown formats are ignored, and so are those
 * that came with 1.34 itself (k8s-short-name), because a server takes into new objects only what the version before it had.
 */
export function formatCheck(format: string): ((text: string) => boolean) | undefined {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
}
