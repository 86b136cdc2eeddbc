import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import type { Problem } from '../../status/problem.ts';
import { dnsSubdomain, portName, portNumber, wildcardSubdomain } from '../names.ts';
import { counted, keepStatus, rulesOf, withStatus } from '../plain-rules.ts';
import { each, forbiddenField, IMMUTABLE, invalidValue, notSupported, required } from '../problems.ts';
import { validateSelector } from '../selectors.ts';
import { isCIDR, isIP } from '../services/cidr.ts';
import { type Body, child, count, deep, fill, fillEmpty, has, items, made, text, texts } from '../values.ts';

const GROUP = 'networking.k8s.io';

function backend(it: Body | undefined, field: string): Problem[] {
  if (it === undefined) return [];
  const service = child(it, 'service');
  const resource = child(it, 'resource');
  if (service !== undefined && resource !== undefined) {
    return [invalidValue(field, '', 'cannot set both resource and service backends')];
  }
  if (resource !== undefined) return text(resource, 'name') === '' ? [required(`${field}.resource.name`)] : [];
  if (service === undefined) return [invalidValue(field, '', 'resource or service backend is required')];
  const found: Problem[] = [];
  const name = text(service, 'name');
  if (name === '') found.push(required(`${field}.service.name`));
  const port = child(service, 'port');
  const [number, named] = [count(port, 'number'), text(port, 'name')];
  if (number !== 0 && named !== '') found.push(invalidValue(field, '', 'cannot set both port name & port number'));
  else if (named !== '') found.push(...each(`${field}.service.port.name`, named, portName(named)));
  else if (number !== 0) found.push(...each(`${field}.service.port.number`, number, portNumber(number)));
  else found.push(required(field, 'port name or number is required'));
  return found;
}

function validateIngress(ingress: KubeObject): Problem[] {
  const spec = child(ingress, 'spec') ?? {};
  const found: Problem[] = [];
  const rules = items(spec, 'rules');
  if (rules.length === 0 && !has(spec, 'defaultBackend')) {
    found.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  }
  found.push(...backend(child(spec, 'defaultBackend'), 'spec.defaultBackend'));
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
  const name = text(spec, 'ingressClassName');
  if (has(spec, 'ingressClassName')) found.push(...each('spec.ingressClassName', name, dnsSubdomain(name)));
  return found;
}
function pathFindings(path: Body, field: string): Problem[] {
  const found: Problem[] = [];
  const [type, value] = [text(path, 'pathType'), text(path, 'path')];
  const types = ['Exact', 'ImplementationSpecific', 'Prefix'];
  if (type === '') found.push(required(`${field}.pathType`, 'pathType must be specified'));
  else if (!types.includes(type)) found.push(notSupported(`${field}.pathType`, type, types));
  else if (type !== 'ImplementationSpecific' || value !== '') {
    if (!value.startsWith('/')) found.push(invalidValue(`${field}.path`, value, 'must be an absolute path'));
  }
  return [...found, ...backend(child(path, 'backend'), `${field}.backend`)];
}

function validatePolicy(policy: KubeObject): Problem[] {
  const spec = child(policy, 'spec') ?? {};
  const found = validateSelector(child(spec, 'podSelector'), 'spec.podSelector');
  for (const [key, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    items(spec, key).forEach((rule, at) => {
      const place = `spec.${key}[${at}]`;
      items(rule, 'ports').forEach((port, index) => {
        found.push(...policyPort(port, `${place}.ports[${index}]`));
      });
      items(rule, peers).forEach((peer, index) => {
        found.push(...policyPeer(peer, `${place}.${peers}[${index}]`));
      });
    });
  }
  texts(spec, 'policyTypes').forEach((type, at) => {
    if (type !== 'Ingress' && type !== 'Egress')
      found.push(notSupported(`spec.policyTypes[${at}]`, type, ['Ingress', 'Egress']));
  });
  return found;
}
function policyPort(port: Body, field: string): Problem[] {
  const protocols = ['SCTP', 'TCP', 'UDP'];
  const protocol = text(port, 'protocol');
  const found = protocols.includes(protocol) ? [] : [notSupported(`${field}.protocol`, protocol, protocols)];
  if (typeof port.port === 'number') found.push(...each(`${field}.port`, port.port, portNumber(port.port)));
  if (typeof port.port === 'string') found.push(...each(`${field}.port`, port.port, portName(port.port)));
  return found;
}
function policyPeer(peer: Body, field: string): Problem[] {
  const found: Problem[] = [];
  const block = child(peer, 'ipBlock');
  const others = ['podSelector', 'namespaceSelector'].filter((key) => has(peer, key));
  for (const key of others) found.push(...validateSelector(child(peer, key), `${field}.${key}`));
  if (block !== undefined) {
    const cidr = text(block, 'cidr');
    if (cidr === '') found.push(required(`${field}.ipBlock.cidr`));
    else if (!isCIDR(cidr)) {
      found.push(
        invalidValue(`${field}.ipBlock.cidr`, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'),
      );
    }
    if (others.length > 0) found.push(forbiddenField(field, 'may not specify both ipBlock and another peer'));
  }
  if (block === undefined && others.length === 0) found.push(required(field, 'must specify a peer'));
  return found;
}

export const NETWORK_KINDS = [
  withStatus(`${GROUP}/ingresses`, {
    prepareCreate(ingress) {
      ingress.status = { loadBalancer: {} };
    },
    validateCreate: validateIngress,
    validateUpdate: validateIngress,
  }),
  counted(`${GROUP}/ingressclasses`, ['spec'], {
    defaults(it) {
      const parameters = deep(it, 'spec', 'parameters');
      if (parameters !== undefined) fill(parameters, 'scope', 'Cluster');
    },
    validateUpdate: (next, before) =>
      text(next.spec, 'controller') === text(before.spec, 'controller')
        ? []
        : [invalidValue('spec.controller', text(next.spec, 'controller'), IMMUTABLE)],
    validateCreate: (it) => (text(it.spec, 'controller') === '' ? [required('spec.controller')] : []),
  }),
  counted(`${GROUP}/networkpolicies`, ['spec'], {
    defaults(policy) {
      const spec = made(policy, 'spec');
      if (texts(spec, 'policyTypes').length === 0) {
        spec.policyTypes = items(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
      }
      for (const key of ['ingress', 'egress']) {
        for (const rule of items(spec, key)) for (const port of items(rule, 'ports')) fill(port, 'protocol', 'TCP');
      }
    },
    validateCreate: validatePolicy,
    validateUpdate: validatePolicy,
  }),
  rulesOf(`${GROUP}/ipaddresses`, {
    validateCreate(it) {
      const name = it.metadata.name ?? '';
      const found = isIP(name)
        ? []
        : [invalidValue('metadata.name', name, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
      const parent = deep(it, 'spec', 'parentRef');
      if (parent === undefined) return [...found, required('spec.parentRef')];
      for (const key of ['resource', 'name'])
        if (text(parent, key) === '') found.push(required(`spec.parentRef.${key}`));
      return found;
    },
    validateUpdate: (next, before) =>
      sameJson((next.spec ?? null) as Json, (before.spec ?? null) as Json)
        ? []
        : [invalidValue('spec', next.spec, IMMUTABLE)],
    selectable: (it) => ({
      'metadata.name': it.metadata.name ?? '',
      'spec.parentRef.name': text(deep(it, 'spec', 'parentRef'), 'name'),
    }),
  }),
  rulesOf(`${GROUP}/servicecidrs`, {
    prepareCreate: (it) => {
      delete it.status;
    },
    prepareUpdate: keepStatus,
    validateCreate: (it) =>
      texts(it.spec, 'cidrs').length === 0 ? [required('spec.cidrs', 'at least one CIDR required')] : [],
    validateUpdate: (next, before) =>
      sameJson((next.spec ?? null) as Json, (before.spec ?? null) as Json)
        ? []
        : [invalidValue('spec.cidrs', texts(next.spec, 'cidrs'), IMMUTABLE)],
  }),
  counted('discovery.k8s.io/endpointslices', ['endpoints', 'ports', 'addressType'], {
    defaults(slice) {
      for (const port of items(slice, 'ports')) {
        fill(port, 'name', '');
        fillEmpty(port, 'protocol', 'TCP');
      }
    },
    validateCreate(slice) {
      const type = text(slice, 'addressType');
      const types = ['FQDN', 'IPv4', 'IPv6'];
      return type === ''
        ? [required('addressType')]
        : types.includes(type)
          ? []
          : [notSupported('addressType', type, types)];
    },
    validateUpdate: (next, before) =>
      text(next, 'addressType') === text(before, 'addressType')
        ? []
        : [invalidValue('addressType', next.addressType, IMMUTABLE)],
  }),
];
