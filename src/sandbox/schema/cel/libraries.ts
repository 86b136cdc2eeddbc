import type { Environment } from '@marcbachmann/cel-js';
import { isRequestUri } from '../structural/formats.ts';
import { CelFailure, must } from './format-string.ts';
import { CelCidr, CelIp } from './network.ts';
import { CelQuantity } from './quantity.ts';
import { CelSemver } from './semver.ts';
import { addLists, addStrings } from './text-and-lists.ts';

class IpNamespace {}

/** Adds to an environment the functions that Kubernetes 1.34 has beside those of the language. */
export function addLibraries(env: Environment): Environment {
  addQuantities(env);
  addNetworks(env);
  addUrls(env);
  addStrings(env);
  addLists(env);
  addSemver(env);
  return env;
}

function addQuantities(env: Environment): void {
  const parse = (text: string): CelQuantity =>
    must(
      CelQuantity.parse(text),
      text === ''
        ? "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  env
    .registerType('kubernetes.Quantity', { ctor: CelQuantity, fields: {} } as never)
    .registerFunction('quantity(string): kubernetes.Quantity', parse)
    .registerFunction('isQuantity(string): bool', (text: string) => CelQuantity.parse(text) !== undefined)
    .registerFunction('kubernetes.Quantity.isInteger(): bool', (a: CelQuantity) => a.whole)
    .registerFunction('kubernetes.Quantity.asInteger(): int', (a: CelQuantity) => {
      if (!a.whole) throw new CelFailure('cannot convert value to integer');
      return a.integer;
    })
    .registerFunction('kubernetes.Quantity.asApproximateFloat(): double', (a: CelQuantity) => a.approximate)
    .registerFunction('kubernetes.Quantity.sign(): int', (a: CelQuantity) => a.compare(new CelQuantity(0n)))
    .registerFunction('kubernetes.Quantity.compareTo(kubernetes.Quantity): int', (a: CelQuantity, b: CelQuantity) =>
      a.compare(b),
    )
    .registerFunction(
      'kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => a.nanos < b.nanos,
    )
    .registerFunction(
      'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => a.nanos > b.nanos,
    )
    .registerOperator(
      'kubernetes.Quantity == kubernetes.Quantity',
      (a: CelQuantity, b: CelQuantity) => a.nanos === b.nanos,
    );
  for (const [name, sign] of [
    ['add', 1n],
    ['sub', -1n],
  ] as const) {
    env
      .registerFunction(
        `kubernetes.Quantity.${name}(kubernetes.Quantity): kubernetes.Quantity`,
        (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.nanos + sign * b.nanos),
      )
      .registerFunction(
        `kubernetes.Quantity.${name}(int): kubernetes.Quantity`,
        (a: CelQuantity, b: bigint) => new CelQuantity(a.nanos + sign * b * 1_000_000_000n),
      );
  }
}

function addNetworks(env: Environment): void {
  const ip = (text: string): CelIp =>
    must(
      CelIp.parse(text),
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    );
  const cidr = (text: string): CelCidr =>
    must(
      CelCidr.parse(text),
      `network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`,
    );
  env
    .registerType('net.IP', { ctor: CelIp, fields: {} } as never)
    .registerType('net.CIDR', { ctor: CelCidr, fields: {} } as never)
    .registerType('IpNamespace', IpNamespace as never)
    .registerConstant('ip', 'IpNamespace', new IpNamespace())
    .registerFunction('IpNamespace.isCanonical(string): bool', (_: unknown, text: string) => String(ip(text)) === text)
    .registerFunction('ip(string): net.IP', ip)
    .registerFunction('isIP(string): bool', (text: string) => CelIp.parse(text) !== undefined)
    .registerFunction('string(net.IP): string', (a: CelIp) => String(a))
    .registerFunction('net.IP.family(): int', (a: CelIp) => BigInt(a.family))
    .registerFunction('net.IP.isUnspecified(): bool', (a: CelIp) => a.unspecified)
    .registerFunction('net.IP.isLoopback(): bool', (a: CelIp) => a.loopback)
    .registerFunction('net.IP.isLinkLocalMulticast(): bool', (a: CelIp) => a.linkLocalMulticast)
    .registerFunction('net.IP.isLinkLocalUnicast(): bool', (a: CelIp) => a.linkLocalUnicast)
    .registerFunction('net.IP.isGlobalUnicast(): bool', (a: CelIp) => a.globalUnicast)
    .registerOperator('net.IP == net.IP', (a: CelIp, b: CelIp) => a.family === b.family && a.bits === b.bits)
    .registerFunction('cidr(string): net.CIDR', cidr)
    .registerFunction('isCIDR(string): bool', (text: string) => CelCidr.parse(text) !== undefined)
    .registerFunction('string(net.CIDR): string', (a: CelCidr) => String(a))
    .registerFunction('net.CIDR.ip(): net.IP', (a: CelCidr) => a.ip)
    .registerFunction('net.CIDR.masked(): net.CIDR', (a: CelCidr) => a.masked)
    .registerFunction('net.CIDR.prefixLength(): int', (a: CelCidr) => BigInt(a.length))
    .registerFunction('net.CIDR.containsIP(net.IP): bool', (a: CelCidr, b: CelIp) => a.contains(b))
    .registerFunction('net.CIDR.containsIP(string): bool', (a: CelCidr, b: string) => a.contains(ip(b)))
    .registerFunction(
      'net.CIDR.containsCIDR(net.CIDR): bool',
      (a: CelCidr, b: CelCidr) => b.length >= a.length && a.contains(b.ip),
    )
    .registerFunction('net.CIDR.containsCIDR(string): bool', (a: CelCidr, text: string) => {
      const b = cidr(text);
      return b.length >= a.length && a.contains(b.ip);
    })
    .registerOperator('net.CIDR == net.CIDR', (a: CelCidr, b: CelCidr) => String(a) === String(b));
}

/** An address in parts. */
class CelUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(text: string) {
    const [, scheme = '', authority = '', path = '', query = ''] =
      /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/.exec(text) ?? [];
    this.scheme = scheme.toLowerCase();
    this.host = authority.slice(authority.lastIndexOf('@') + 1);
    this.path = path;
    this.query = query;
  }
  get port(): string {
    return /:(\d*)$/.exec(this.host)?.[1] ?? '';
  }
  get hostname(): string {
    return this.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  }
}

function addUrls(env: Environment): void {
  env
    .registerType('kubernetes.URL', { ctor: CelUrl, fields: {} } as never)
    .registerFunction('url(string): kubernetes.URL', (text: string) => {
      if (!isRequestUri(text))
        throw new CelFailure(
          `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
        );
      return new CelUrl(text);
    })
    .registerFunction('isURL(string): bool', isRequestUri)
    .registerFunction('kubernetes.URL.getScheme(): string', (a: CelUrl) => a.scheme)
    .registerFunction('kubernetes.URL.getHost(): string', (a: CelUrl) => a.host)
    .registerFunction('kubernetes.URL.getHostname(): string', (a: CelUrl) => a.hostname)
    .registerFunction('kubernetes.URL.getPort(): string', (a: CelUrl) => a.port)
    .registerFunction('kubernetes.URL.getEscapedPath(): string', (a: CelUrl) => a.path)
    .registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', (a: CelUrl) => {
      const query: Record<string, string[]> = {};
      for (const [key, value] of new URLSearchParams(a.query)) {
        query[key] ??= [];
        query[key].push(value);
      }
      return query;
    });
}

function addSemver(env: Environment): void {
  const parse = (text: string, normalize = false): CelSemver =>
    must(CelSemver.parse(text, normalize), `No Major.Minor.Patch elements found`);
  env
    .registerType('kubernetes.Semver', { ctor: CelSemver, fields: {} } as never)
    .registerFunction('semver(string): kubernetes.Semver', (text: string) => parse(text))
    .registerFunction('semver(string, bool): kubernetes.Semver', (text: string, normalize: boolean) =>
      parse(text, normalize),
    )
    .registerFunction('isSemver(string): bool', (text: string) => CelSemver.parse(text) !== undefined)
    .registerFunction(
      'isSemver(string, bool): bool',
      (text: string, normalize: boolean) => CelSemver.parse(text, normalize) !== undefined,
    )
    .registerFunction('kubernetes.Semver.compareTo(kubernetes.Semver): int', (a: CelSemver, b: CelSemver) =>
      a.compare(b),
    )
    .registerFunction(
      'kubernetes.Semver.isLessThan(kubernetes.Semver): bool',
      (a: CelSemver, b: CelSemver) => a.compare(b) < 0n,
    )
    .registerFunction(
      'kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool',
      (a: CelSemver, b: CelSemver) => a.compare(b) > 0n,
    )
    .registerFunction('kubernetes.Semver.major(): int', (a: CelSemver) => a.numbers[0])
    .registerFunction('kubernetes.Semver.minor(): int', (a: CelSemver) => a.numbers[1])
    .registerFunction('kubernetes.Semver.patch(): int', (a: CelSemver) => a.numbers[2])
    .registerOperator('kubernetes.Semver == kubernetes.Semver', (a: CelSemver, b: CelSemver) => a.compare(b) === 0n);
}
