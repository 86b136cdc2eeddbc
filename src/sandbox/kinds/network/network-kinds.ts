import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { dnsSubdomain, portName, portNumber } from '../../schema/metadata/names.ts';
import {
  each,
  forbiddenField,
  IMMUTABLE,
  invalidValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { counted, keepStatus, rulesOf, withStatus } from '../plain-rules.ts';
import { validateSelector } from '../selectors.ts';
import { isCIDR, isIP, isStrictlyInside } from '../services/cidr.ts';
import { type Body, child, count, deep, fill, has, items, made, text, texts } from '../values.ts';
import { validateIngressStatus } from './balancer-status.ts';
import { ENDPOINT_SLICES } from './endpoint-slices.ts';
import { validateIngress, validateIngressCreate } from './ingress-spec.ts';

const GROUP = 'networking.k8s.io';

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
  const protocols = ['TCP', 'UDP', 'SCTP'];
  const protocol = text(port, 'protocol');
  const found: Problem[] = protocols.includes(protocol) ? [] : [notSupported(`${field}.protocol`, protocol, protocols)];
  if (typeof port.port === 'number') found.push(...each(`${field}.port`, port.port, portNumber(port.port)));
  if (typeof port.port === 'string') found.push(...each(`${field}.port`, port.port, portName(port.port)));
  if (!has(port, 'endPort')) return found;
  const last = count(port, 'endPort');
  if (!has(port, 'port')) return [...found, required(`${field}.port`, 'must be specified when `endPort` is specified')];
  if (typeof port.port !== 'number')
    return [...found, invalidValue(`${field}.endPort`, last, 'may not be specified when `port` is non-numeric')];
  if (last < port.port)
    found.push(invalidValue(`${field}.endPort`, port.port, 'must be greater than or equal to `port`'));
  return [...found, ...each(`${field}.endPort`, last, portNumber(last))];
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
    } else
      texts(block, 'except').forEach((except, at) => {
        const place = `${field}.ipBlock.except[${at}]`;
        if (!isCIDR(except))
          found.push(invalidValue(place, except, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
        else if (!isStrictlyInside(except, cidr))
          found.push(invalidValue(place, except, 'must be a strict subset of `cidr`'));
      });
    if (others.length > 0) found.push(forbiddenField(field, 'may not specify both ipBlock and another peer'));
  }
  if (block === undefined && others.length === 0) found.push(required(field, 'must specify a peer'));
  return found;
}

const DOMAIN_PATH = 'must be a domain-prefixed path (such as "acme.io/foo")';

function validateClass(it: KubeObject): Problem[] {
  const controller = text(it.spec, 'controller');
  const found: Problem[] = [];
  const slash = controller.indexOf('/');
  if (controller === '') found.push(required('spec.controller'));
  else if (slash <= 0 || slash === controller.length - 1)
    found.push(invalidValue('spec.controller', controller, DOMAIN_PATH));
  else found.push(...each('spec.controller', controller.slice(0, slash), dnsSubdomain(controller.slice(0, slash))));
  const parameters = child(it.spec, 'parameters');
  if (parameters === undefined) return found;
  for (const key of ['kind', 'name']) if (text(parameters, key) === '') found.push(required(`spec.parameters.${key}`));
  const [scope, scopes] = [text(parameters, 'scope'), ['Cluster', 'Namespace']];
  if (!scopes.includes(scope)) found.push(notSupported('spec.parameters.scope', scope, scopes));
  else if (scope === 'Namespace' && text(parameters, 'namespace') === '')
    found.push(required('spec.parameters.namespace', "`parameters.scope` is set to 'Namespace'"));
  else if (scope === 'Cluster' && has(parameters, 'namespace'))
    found.push(forbiddenField('spec.parameters.namespace', "`parameters.scope` is set to 'Cluster'"));
  return found;
}

export const NETWORK_KINDS = [
  withStatus(`${GROUP}/ingresses`, {
    prepareCreate(ingress) {
      ingress.status = { loadBalancer: {} };
    },
    validateCreate: validateIngressCreate,
    validateUpdate: validateIngress,
    validateStatus: validateIngressStatus,
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
    validateCreate: validateClass,
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
    // Once as a whole object and once as an update: causes come twice.
    validateUpdate: (next) => [...validatePolicy(next), ...validatePolicy(next)],
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
    statusKeeps: 'metadata',
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
  ENDPOINT_SLICES,
];
