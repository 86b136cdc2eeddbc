import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { dnsLabel, dnsSubdomain, qualifiedName } from '../../schema/metadata/names.ts';
import {
  duplicate,
  each,
  IMMUTABLE,
  invalidValue,
  notSupported,
  required,
  tooMany,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { counted } from '../plain-rules.ts';
import { isIP } from '../services/cidr.ts';
import { IP_SENTENCE, validateEndpointIP } from '../services/validate.ts';
import { type Body, count, fill, fillEmpty, has, items, text, texts } from '../values.ts';

const MOST = { endpoints: 1000, addresses: 100, ports: 20_000 };

function addressType(slice: KubeObject): Problem[] {
  const type = text(slice, 'addressType');
  const types = ['FQDN', 'IPv4', 'IPv6'];
  if (type === '') return [required('addressType')];
  return types.includes(type) ? [] : [notSupported('addressType', type, types)];
}

function portProblems(ports: readonly Body[]): Problem[] {
  if (ports.length > MOST.ports) return [tooMany('ports', ports.length, MOST.ports)];
  const names = new Set<string>();
  return ports.flatMap((port, at) => {
    const [place, name, protocol, app] = [
      `ports[${at}]`,
      text(port, 'name'),
      text(port, 'protocol'),
      text(port, 'appProtocol'),
    ];
    const found: Problem[] = name === '' ? [] : each(`${place}.name`, name, dnsLabel(name));
    if (names.has(name)) found.push(duplicate(`${place}.name`, name));
    names.add(name);
    const protocols = ['SCTP', 'TCP', 'UDP'];
    if (!protocols.includes(protocol)) found.push(notSupported(`${place}.protocol`, protocol, protocols));
    if (has(port, 'appProtocol')) found.push(...each(`${place}.appProtocol`, app, qualifiedName(app)));
    return found;
  });
}

function addressProblems(address: string, type: string, list: string, at: number): Problem[] {
  const field = `${list}[${at}]`;
  if (type === 'FQDN') {
    const said = dnsSubdomain(address.replace(/\.$/, ''));
    if (said.length > 0) return [invalidValue(field, address, said.join(','))];
    return address.split('.').length < 2
      ? [invalidValue(field, address, 'should be a domain with at least two segments separated by dots')]
      : [];
  }
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  if (!isIP(address)) return [invalidValue(field, address, IP_SENTENCE)];
  const other = address.includes(':') !== (type === 'IPv6');
  return [
    ...(other ? [invalidValue(list, address, `must be an ${type} address`)] : []),
    ...validateEndpointIP(address, field),
  ];
}

function endpointProblems(endpoints: readonly Body[], type: string): Problem[] {
  if (endpoints.length > MOST.endpoints) return [tooMany('endpoints', endpoints.length, MOST.endpoints)];
  return endpoints.flatMap((endpoint, index) => {
    const place = `endpoints[${index}]`;
    const list = `${place}.addresses`;
    const addresses = texts(endpoint, 'addresses');
    const found: Problem[] = [];
    if (addresses.length === 0) found.push(required(list, 'must contain at least 1 address'));
    else if (addresses.length > MOST.addresses) found.push(tooMany(list, addresses.length, MOST.addresses));
    addresses.forEach((address, at) => {
      found.push(...addressProblems(address, type, list, at));
    });
    const [node, hostname] = [text(endpoint, 'nodeName'), text(endpoint, 'hostname')];
    if (has(endpoint, 'nodeName')) found.push(...each(`${place}.nodeName`, node, dnsSubdomain(node)));
    if (has(endpoint, 'hostname')) found.push(...each(`${place}.hostname`, hostname, dnsLabel(hostname)));
    return found;
  });
}

/** Endpoints that were there before are not looked at again. */
function validate(slice: KubeObject, before?: KubeObject): Problem[] {
  const endpoints = items(slice, 'endpoints');
  const kept = before !== undefined && sameJson((before.endpoints ?? null) as Json, (slice.endpoints ?? null) as Json);
  return [
    ...addressType(slice),
    ...portProblems(items(slice, 'ports')),
    ...(kept ? [] : endpointProblems(endpoints, text(slice, 'addressType'))),
  ];
}

export const ENDPOINT_SLICES = counted('discovery.k8s.io/endpointslices', ['endpoints', 'ports', 'addressType'], {
  defaults(slice) {
    for (const port of items(slice, 'ports')) {
      fill(port, 'name', '');
      fillEmpty(port, 'protocol', 'TCP');
      if (count(port, 'port') === 0 && port.port === null) delete port.port;
    }
  },
  validateCreate: (slice) => validate(slice),
  validateUpdate: (next, before) => [
    ...validate(next, before),
    ...(text(next, 'addressType') === text(before, 'addressType')
      ? []
      : [invalidValue('addressType', next.addressType, IMMUTABLE)]),
  ],
});
