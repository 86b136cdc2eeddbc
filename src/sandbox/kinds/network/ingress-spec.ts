import type { KubeObject } from '../../../objects/json.ts';
import {
  dns1035Label,
  dnsSubdomain,
  pathSegment,
  portName,
  portNumber,
  wildcardSubdomain,
} from '../../schema/metadata/names.ts';
import { each, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { isIP } from '../services/cidr.ts';
import { type Body, child, count, has, items, text, texts } from '../values.ts';

function backend(it: Body | undefined, field: string): Problem[] {
  const service = child(it, 'service');
  const resource = child(it, 'resource');
  if (service !== undefined && resource !== undefined) {
    return [invalidValue(field, '', 'cannot set both resource and service backends')];
  }
  if (resource !== undefined)
    return ['kind', 'name'].flatMap((key) => {
      const value = text(resource, key);
      const place = `${field}.resource.${key}`;
      return value === '' ? [required(place)] : each(place, value, pathSegment(value));
    });
  if (service === undefined) return [invalidValue(field, '', 'resource or service backend is required')];
  const found: Problem[] = [];
  const name = text(service, 'name');
  if (name === '') found.push(required(`${field}.service.name`));
  else found.push(...each(`${field}.service.name`, name, dns1035Label(name)));
  const port = child(service, 'port');
  const [number, named] = [count(port, 'number'), text(port, 'name')];
  if (number !== 0 && named !== '') found.push(invalidValue(field, '', 'cannot set both port name & port number'));
  else if (named !== '') found.push(...each(`${field}.service.port.name`, named, portName(named)));
  else if (number !== 0) found.push(...each(`${field}.service.port.number`, number, portNumber(number)));
  else found.push(required(field, 'port name or number is required'));
  return found;
}

/** An Ingress, as creates and updates check it. */
export function validateIngress(ingress: KubeObject): Problem[] {
  const spec = child(ingress, 'spec') ?? {};
  const found: Problem[] = [];
  const rules = items(spec, 'rules');
  if (rules.length === 0 && !has(spec, 'defaultBackend')) {
    found.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (has(spec, 'defaultBackend')) found.push(...backend(child(spec, 'defaultBackend'), 'spec.defaultBackend'));
  rules.forEach((rule, at) => {
    const host = text(rule, 'host');
    const place = `spec.rules[${at}]`;
    if (host !== '') {
      if (isIP(host)) found.push(invalidValue(`${place}.host`, host, 'must be a DNS name, not an IP address'));
      const check = host.includes('*') ? wildcardSubdomain : dnsSubdomain;
      found.push(...each(`${place}.host`, host, check(host)));
    }
    const http = child(rule, 'http');
    if (http === undefined) return;
    const paths = items(http, 'paths');
    if (paths.length === 0) found.push(required(`${place}.http.paths`));
    paths.forEach((path, index) => {
      found.push(...pathFindings(path, `${place}.http.paths[${index}]`));
    });
  });
  items(spec, 'tls').forEach((tls, at) => {
    texts(tls, 'hosts').forEach((host, index) => {
      const check = host.includes('*') ? wildcardSubdomain : dnsSubdomain;
      found.push(...each(`spec.tls[${at}].hosts[${index}]`, host, check(host)));
    });
    const secret = text(tls, 'secretName');
    if (secret !== '') found.push(...each(`spec.tls[${at}].secretName`, secret, dnsSubdomain(secret)));
  });
  const name = text(spec, 'ingressClassName');
  if (has(spec, 'ingressClassName')) found.push(...each('spec.ingressClassName', name, dnsSubdomain(name)));
  return found;
}
function pathFindings(path: Body, field: string): Problem[] {
  const found: Problem[] = [];
  const [type, value] = [text(path, 'pathType'), text(path, 'path')];
  const types = ['Exact', 'ImplementationSpecific', 'Prefix'];
  if (!has(path, 'pathType')) return [required(`${field}.pathType`, 'pathType must be specified')];
  if (!types.includes(type)) found.push(notSupported(`${field}.pathType`, type, types));
  else if (type !== 'ImplementationSpecific' || value !== '') {
    const wrong = (said: string): void => {
      found.push(invalidValue(`${field}.path`, value, said));
    };
    if (!value.startsWith('/')) wrong('must be an absolute path');
    if (type !== 'ImplementationSpecific') {
      for (const part of ['//', '/./', '/../', '%2f', '%2F'])
        if (value.includes(part)) wrong(`must not contain '${part}'`);
      for (const end of ['/..', '/.']) if (value.endsWith(end)) wrong(`cannot end with '${end}'`);
    }
  }
  return [...found, ...backend(child(path, 'backend'), `${field}.backend`)];
}

const CLASS = 'kubernetes.io/ingress.class';

/** A new one may not name two classes. */
export function validateIngressCreate(ingress: KubeObject): Problem[] {
  const found = validateIngress(ingress);
  const old = ingress.metadata.annotations?.[CLASS];
  if (old === undefined || !has(ingress.spec, 'ingressClassName')) return found;
  return old === text(ingress.spec, 'ingressClassName')
    ? found
    : [...found, invalidValue(`annotations.${CLASS}`, old, 'must match `ingressClassName` when both are specified')];
}
