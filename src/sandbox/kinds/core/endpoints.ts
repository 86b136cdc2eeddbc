import type { KubeObject } from '../../../objects/json.ts';
import { dnsLabel, dnsSubdomain, portNumber, qualifiedName } from '../../schema/metadata/names.ts';
import { each, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { rulesOf } from '../plain-rules.ts';
import { isIP } from '../services/cidr.ts';
import { IP_SENTENCE, validateEndpointIP } from '../services/validate.ts';
import { type Body, count, fillEmpty, has, items, text } from '../values.ts';

/** Two checks look at an address: one of its form, one of what it stands for. */
function validateAddress(address: Body, place: string): Problem[] {
  const [ip, field] = [text(address, 'ip'), `${place}.ip`];
  const found: Problem[] = isIP(ip) ? [] : [invalidValue(field, ip, IP_SENTENCE)];
  const hostname = text(address, 'hostname');
  if (hostname !== '') found.push(...each(`${place}.hostname`, hostname, dnsLabel(hostname)));
  const node = text(address, 'nodeName');
  if (has(address, 'nodeName')) found.push(...each(`${place}.nodeName`, node, dnsSubdomain(node)));
  return [...found, ...validateEndpointIP(ip, field)];
}

function validatePort(port: Body, named: boolean, field: string): Problem[] {
  const found: Problem[] = [];
  const name = text(port, 'name');
  if (named && name === '') found.push(required(`${field}.name`));
  else if (name !== '') found.push(...each(`${field}.name`, name, dnsLabel(name)));
  found.push(...each(`${field}.port`, count(port, 'port'), portNumber(count(port, 'port'))));
  const protocols = ['SCTP', 'TCP', 'UDP'];
  const protocol = text(port, 'protocol');
  if (protocol === '') found.push(required(`${field}.protocol`));
  else if (!protocols.includes(protocol)) found.push(notSupported(`${field}.protocol`, protocol, protocols));
  const app = text(port, 'appProtocol');
  if (has(port, 'appProtocol')) found.push(...each(`${field}.appProtocol`, app, qualifiedName(app)));
  return found;
}

function validateEndpoints(endpoints: KubeObject): Problem[] {
  const found: Problem[] = [];
  items(endpoints, 'subsets').forEach((subset, at) => {
    const place = `subsets[${at}]`;
    if (items(subset, 'addresses').length + items(subset, 'notReadyAddresses').length === 0) {
      found.push(required(place, 'must specify `addresses` or `notReadyAddresses`'));
    }
    for (const key of ['addresses', 'notReadyAddresses']) {
      items(subset, key).forEach((address, index) => {
        found.push(...validateAddress(address, `${place}.${key}[${index}]`));
      });
    }
    const ports = items(subset, 'ports');
    ports.forEach((port, index) => {
      found.push(...validatePort(port, ports.length > 1, `${place}.ports[${index}]`));
    });
  });
  return found;
}

export const ENDPOINTS = rulesOf('endpoints', {
  createOnUpdate: true,
  defaults(endpoints) {
    for (const subset of items(endpoints, 'subsets')) {
      for (const port of items(subset, 'ports')) fillEmpty(port, 'protocol', 'TCP');
    }
  },
  validateCreate: validateEndpoints,
  validateUpdate: validateEndpoints,
});
