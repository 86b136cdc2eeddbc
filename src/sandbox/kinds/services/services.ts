import type { Json, KubeObject, MutableJson } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { forbiddenField, invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import type { WriteContext } from '../kind-rules.ts';
import { validateServiceStatus } from '../network/balancer-status.ts';
import { keepStatus, resourceOf, rulesOf } from '../plain-rules.ts';
import { type Body, child, count, fill, fillEmpty, made, text, texts } from '../values.ts';
import { allocateClusterIPs, allocateNodePorts } from './allocate.ts';
import { initFamilies } from './families.ts';
import {
  isHeadless,
  isReachable,
  needsClusterIP,
  needsHealthPort,
  needsNodePort,
  nodePortsOf,
  portsOf,
  specOf,
  typeOf,
} from './traits.ts';
import { validateService } from './validate.ts';

const ADDRESSES = resourceOf('networking.k8s.io/ipaddresses');

function defaults(service: Body): void {
  const spec = made(service, 'spec');
  fillEmpty(spec, 'sessionAffinity', 'None');
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP') {
    fill(made(made(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', 10_800);
  }
  fillEmpty(spec, 'type', 'ClusterIP');
  for (const port of portsOf(service)) {
    fillEmpty(port, 'protocol', 'TCP');
    fillEmpty(port, 'targetPort', port.port ?? 0);
  }
  if (isReachable(service)) fillEmpty(spec, 'externalTrafficPolicy', 'Cluster');
  if (needsClusterIP(service)) fill(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec.type === 'LoadBalancer') {
    fill(spec, 'allocateLoadBalancerNodePorts', true);
    for (const ingress of (child(child(service, 'status'), 'loadBalancer')?.ingress ?? []) as Body[]) {
      if (text(ingress, 'ip') !== '') fill(ingress, 'ipMode', 'VIP');
    }
  }
}

function prepareUpdate(next: Body, before: KubeObject, context: WriteContext): void {
  const [spec, was] = [made(next, 'spec'), specOf(before)];
  keepAllocated(next, before);
  const [ips, old] = [texts(spec, 'clusterIPs'), texts(was, 'clusterIPs')];
  const same = sameJson(ips as Json, old as Json);
  const [ip, oldIp] = [text(spec, 'clusterIP'), text(was, 'clusterIP')];
  if (old.length > 0 && ips.length === 0 && ip === oldIp) spec.clusterIPs = [...old];
  if (ip !== oldIp && same) {
    if (oldIp !== '' && ip === '') delete spec.clusterIPs;
    else spec.clusterIPs = [ip];
  }
  initFamilies(next, before);
  const keeps = needsClusterIP(next) && needsClusterIP(before);
  const set = keeps && !sameJson(texts(spec, 'clusterIPs') as Json, old as Json) && old.length > 0;
  if (!set) allocateClusterIPs(next, context, keeps ? old : []);
  allocateNodePorts(next, context, nodePortsOf(before), count(was, 'healthCheckNodePort'));
  keepStatus(next, before);
  dropUnneeded(next, before);
}

/** What a client may leave out of an update because the server gave it. */
function keepAllocated(next: Body, before: KubeObject): void {
  const [spec, was] = [made(next, 'spec'), specOf(before)];
  if (needsClusterIP(before) && needsClusterIP(next)) {
    fillEmpty(spec, 'clusterIP', text(was, 'clusterIP'));
    if (texts(spec, 'clusterIPs').length === 0 && texts(was, 'clusterIPs').length > 0)
      spec.clusterIPs = [...texts(was, 'clusterIPs')];
  }
  if (needsNodePort(before) && needsNodePort(next)) {
    const now = new Set(nodePortsOf(next));
    const used = new Set(nodePortsOf(before).filter((port) => now.has(port)));
    const byName = new Map(portsOf(before).map((port) => [text(port, 'name'), count(port, 'nodePort')]));
    for (const port of portsOf(next)) {
      const old = byName.get(text(port, 'name')) ?? 0;
      if (count(port, 'nodePort') === 0 && old !== 0 && !used.has(old)) port.nodePort = old;
    }
  }
  if (needsHealthPort(before) && needsHealthPort(next))
    fillEmpty(spec, 'healthCheckNodePort', count(was, 'healthCheckNodePort'));
}

/** A change of type takes away what the new type has no use for, unless the client changed it too. */
function dropUnneeded(next: Body, before: KubeObject): void {
  const [spec, was] = [made(next, 'spec'), specOf(before)];
  const same = (key: string): boolean => sameJson((spec[key] ?? null) as Json, (was[key] ?? null) as Json);
  if (needsClusterIP(before) && !needsClusterIP(next)) {
    if (same('clusterIPs')) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    for (const key of ['ipFamilies', 'ipFamilyPolicy']) if (same(key)) delete spec[key];
  }
  const sortedPorts = (of: unknown): MutableJson => [...nodePortsOf(of)].sort();
  if (
    needsNodePort(before) &&
    !needsNodePort(next) &&
    sameJson(sortedPorts(next) as Json, sortedPorts(before) as Json)
  ) {
    for (const port of portsOf(next)) delete port.nodePort;
  }
  if (needsHealthPort(before) && !needsHealthPort(next) && same('healthCheckNodePort')) delete spec.healthCheckNodePort;
  if (typeOf(before) === 'LoadBalancer' && typeOf(next) !== 'LoadBalancer') {
    for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass']) if (same(key)) delete spec[key];
  }
  if (isReachable(before) && !isReachable(next) && same('externalTrafficPolicy')) delete spec.externalTrafficPolicy;
  if (typeOf(next) === 'ExternalName' && same('internalTrafficPolicy')) delete spec.internalTrafficPolicy;
  if (typeOf(next) !== 'LoadBalancer' && child(next, 'status') !== undefined) made(next, 'status').loadBalancer = {};
}

function validateUpdate(next: KubeObject, before: KubeObject): Problem[] {
  const found: Problem[] = [];
  const [ips, old] = [texts(specOf(next), 'clusterIPs'), texts(specOf(before), 'clusterIPs')];
  if (needsClusterIP(next) && needsClusterIP(before) && !(isHeadless(next) && isHeadless(before))) {
    if (old.length > 0 && ips.length === 0)
      found.push(invalidValue('spec.clusterIPs[0]', ips, 'primary clusterIP can not be unset'));
    else if (old.length > 0 && ips[0] !== old[0])
      found.push(invalidValue('spec.clusterIPs[0]', ips, 'may not change once set'));
  }
  if (typeOf(before) === 'LoadBalancer' && typeOf(next) === 'LoadBalancer') {
    const [name, had] = [specOf(next).loadBalancerClass ?? null, specOf(before).loadBalancerClass ?? null];
    if (name !== had) found.push(invalidValue('spec.loadBalancerClass', name, 'may not change once set'));
  }
  if (needsHealthPort(before) && needsHealthPort(next)) {
    const [port, was] = [count(specOf(next), 'healthCheckNodePort'), count(specOf(before), 'healthCheckNodePort')];
    if (port !== was) found.push(forbiddenField('spec.healthCheckNodePort', 'field is immutable'));
  }
  return [...found, ...validateService(next)];
}

function writeAddresses(service: KubeObject, context: WriteContext): void {
  const { name = '', namespace = '' } = service.metadata;
  for (const ip of addressesOf(service)) {
    context.side?.create(ADDRESSES, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IPAddress',
      metadata: {
        name: ip,
        labels: {
          'ipaddress.kubernetes.io/ip-family': ip.includes(':') ? 'IPv6' : 'IPv4',
          'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
        },
      },
      spec: { parentRef: { resource: 'services', namespace, name } },
    });
  }
}
const addressesOf = (service: unknown): readonly string[] =>
  needsClusterIP(service) ? texts(specOf(service), 'clusterIPs').filter((ip) => ip !== 'None') : [];

export const SERVICES = rulesOf('services', {
  defaults,
  createOnUpdate: true,
  prepareCreate(service, context) {
    const spec = made(service, 'spec');
    if (text(spec, 'clusterIP') !== '' && texts(spec, 'clusterIPs').length === 0)
      spec.clusterIPs = [text(spec, 'clusterIP')];
    initFamilies(service);
    allocateClusterIPs(service, context);
    allocateNodePorts(service, context);
    service.status = { loadBalancer: {} };
  },
  prepareUpdate,
  validateCreate: validateService,
  validateUpdate,
  validateStatus: validateServiceStatus,
  afterCreate: writeAddresses,
  afterUpdate(next, before, context) {
    const now = addressesOf(next);
    for (const ip of addressesOf(before)) if (!now.includes(ip)) context.side?.remove(ADDRESSES, undefined, ip);
    writeAddresses(next, context);
  },
  afterDelete(service, context) {
    for (const ip of addressesOf(service)) context.side?.remove(ADDRESSES, undefined, ip);
    const { name = '', namespace = '' } = service.metadata;
    context.side?.remove(resourceOf('endpoints'), namespace, name);
  },
  selectable: (service) => ({ 'spec.clusterIP': text(service.spec, 'clusterIP'), 'spec.type': typeOf(service) }),
});
