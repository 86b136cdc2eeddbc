import { duplicate, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import { invalid, type Problem } from '../../status/problem.ts';
import { type Body, child, entries, text, texts } from '../values.ts';
import { isIP } from './cidr.ts';
import { isHeadless, isIPv6, specOf, typeOf } from './traits.ts';

const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

/** Fills ipFamilyPolicy and ipFamilies as a cluster with IPv4 alone does, or refuses. */
export function initFamilies(service: Body, before?: unknown): void {
  if (typeOf(service) === 'ExternalName') return;
  const spec = specOf(service);
  const selectorless = spec.clusterIP === 'None' && entries(spec, 'selector').length === 0;
  if (text(spec, 'ipFamilyPolicy') === '') {
    const old = text(specOf(before), 'ipFamilyPolicy');
    spec.ipFamilyPolicy = old !== '' ? old : selectorless ? 'RequireDualStack' : 'SingleStack';
  }
  refuse(service, validateFamilies(service));
  const found: Problem[] = [];
  const policy = text(spec, 'ipFamilyPolicy');
  const [ips, families] = [texts(spec, 'clusterIPs'), [...texts(spec, 'ipFamilies')]];
  if (policy === 'SingleStack') {
    const said = (what: string): string =>
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    if (ips.length === 2) found.push(invalidValue('spec.ipFamilyPolicy', policy, said('cluster IPs')));
    if (families.length === 2) found.push(invalidValue('spec.ipFamilyPolicy', policy, said('IP families')));
  }
  for (const [at, ip] of ips.entries()) {
    if (ip === 'None') break;
    if (at < families.length) continue;
    if (isIPv6(ip)) found.push(invalidValue(`spec.clusterIPs[${at}]`, ips, 'IPv6 is not configured on this cluster'));
    else families.push('IPv4');
  }
  refuse(service, found);
  spec.ipFamilies = families;
  if (selectorless) {
    if (families.length === 0) families.push('IPv4');
    if (families.length < 2 && policy !== 'SingleStack') families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
    return;
  }
  if (policy === 'RequireDualStack') {
    found.push(invalidValue('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services'));
  }
  families.forEach((family, at) => {
    if (family !== 'IPv4') found.push(invalidValue(`spec.ipFamilies[${at}]`, family, 'not configured on this cluster'));
  });
  refuse(service, found);
  if (families.length === 0) families.push('IPv4');
}
function refuse(service: Body, found: readonly Problem[]): void {
  if (found.length > 0) throw invalid('', 'Service', text(child(service, 'metadata'), 'name'), found);
}

/** The fields about cluster IPs and families against each other. */
export function validateFamilies(service: unknown): Problem[] {
  if (typeOf(service) === 'ExternalName') return [];
  const spec = specOf(service);
  const found: Problem[] = [];
  const [ip, ips, families] = [text(spec, 'clusterIP'), texts(spec, 'clusterIPs'), texts(spec, 'ipFamilies')];
  const field = 'spec.clusterIPs';
  if (ip !== '') {
    if (ips.length === 0) found.push(required(field));
    else if (ips[0] !== ip) found.push(invalidValue(field, ips, 'first value must match `clusterIP`'));
  } else if (ips.length > 0) found.push(invalidValue(field, ips, 'must be empty when `clusterIP` is not specified'));
  const seen = new Set<string>();
  families.forEach((family, at) => {
    const place = `spec.ipFamilies[${at}]`;
    if (family !== 'IPv4' && family !== 'IPv6') found.push(notSupported(place, family, ['IPv4', 'IPv6']));
    if (seen.has(family)) found.push(duplicate(place, family));
    seen.add(family);
  });
  const policy = text(spec, 'ipFamilyPolicy');
  if (policy !== '' && !POLICIES.includes(policy)) found.push(notSupported('spec.ipFamilyPolicy', policy, POLICIES));
  let bad = false;
  ips.forEach((it, at) => {
    if (at === 0 && it === 'None') {
      if (ips.length > 1) found.push(invalidValue(field, ips, "'None' must be the first and only value"));
      bad ||= ips.length > 1;
      return;
    }
    if (isIP(it)) return;
    bad = true;
    found.push(invalidValue(`${field}[${at}]`, it, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
  });
  if (ips.length > 2) found.push(invalidValue(field, ips, 'may only hold up to 2 values'));
  if (bad) return found;
  if (ips.length > 1 && ips.every(isIPv6) === ips.some(isIPv6)) {
    found.push(invalidValue(field, ips, 'may specify no more than one IP for each IP family'));
  }
  if (isHeadless(service)) return found;
  ips.forEach((it, at) => {
    const family = families[at];
    if (family !== undefined && isIPv6(it) !== (family === 'IPv6')) {
      found.push(
        invalidValue(`${field}[${at}]`, it, `expected an ${family} value as indicated by \`ipFamilies[${at}]\``),
      );
    }
  });
  return found;
}
