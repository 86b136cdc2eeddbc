import type { KubeObject } from '../../../objects/json.ts';
import { dnsLabel, dnsSubdomain, portNumber, qualifiedName } from '../../schema/metadata/names.ts';
import { validateLabels } from '../../schema/metadata/object-meta.ts';
import {
  duplicate,
  each,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { validatePort } from '../pods/probes.ts';
import { type Body, child, count, has, text, texts } from '../values.ts';
import { isCIDR, isIP } from './cidr.ts';
import { validateFamilies } from './families.ts';
import { isHeadless, isReachable, needsHealthPort, portsOf, specOf, typeOf } from './traits.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(service: KubeObject): Problem[] {
  const spec = specOf(service);
  const type = typeOf(service);
  const ports = portsOf(service);
  const found: Problem[] = [];
  if (ports.length === 0 && !isHeadless(service) && type !== 'ExternalName') found.push(required('spec.ports'));
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(service)) {
    found.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`));
  }
  if (type === 'ExternalName') found.push(...externalName(spec));
  found.push(...portFindings(ports));
  found.push(...validateLabels(child(spec, 'selector') as Record<string, string> | undefined, 'spec.selector'));
  const affinity = text(spec, 'sessionAffinity');
  if (affinity === 'ClientIP') {
    const seconds = count(child(child(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds');
    if (seconds <= 0 || seconds > 86_400) {
      const said = 'must be greater than 0 and less than 86400';
      found.push(invalidValue('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, said));
    }
  } else if (affinity !== 'None') found.push(notSupported('spec.sessionAffinity', affinity, ['ClientIP', 'None']));
  found.push(...validateFamilies(service));
  texts(spec, 'externalIPs').forEach((ip, at) => {
    if (!isIP(ip)) found.push(invalidValue(`spec.externalIPs[${at}]`, ip, IP_SENTENCE));
    else found.push(...validateEndpointIP(ip, `spec.externalIPs[${at}]`));
  });
  if (!TYPES.includes(type)) found.push(notSupported('spec.type', type, TYPES));
  found.push(...numbers(type, ports), ...balancer(spec, type), ...traffic(service, spec, type));
  return found;
}
const NEAR = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
export const IP_SENTENCE = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** Addresses that no endpoint may have. */
export function validateEndpointIP(ip: string, field: string): Problem[] {
  if (!isIP(ip)) return [invalidValue(field, ip, 'must be a valid IP address')];
  if (ip === '0.0.0.0' || ip === '::') return [invalidValue(field, ip, `may not be unspecified (${ip})`)];
  if (/^127\./.test(ip) || ip === '::1') {
    return [invalidValue(field, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')];
  }
  if (/^169\.254\./.test(ip) || /^fe[89ab]/i.test(ip)) {
    return [invalidValue(field, ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')];
  }
  if (/^224\.0\.0\./.test(ip)) {
    return [invalidValue(field, ip, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')];
  }
  return [];
}

function externalName(spec: Body): Problem[] {
  const said = 'may not be set for ExternalName services';
  const found: Problem[] = [];
  if (texts(spec, 'clusterIPs').length > 0) found.push(forbiddenField('spec.clusterIPs', said));
  if (texts(spec, 'ipFamilies').length > 0) found.push(forbiddenField('spec.ipFamilies', said));
  if (has(spec, 'ipFamilyPolicy')) found.push(forbiddenField('spec.ipFamilyPolicy', said));
  const name = text(spec, 'externalName').replace(/\.$/, '');
  if (name === '') return [...found, required('spec.externalName')];
  return [...found, ...each('spec.externalName', name, dnsSubdomain(name))];
}

function portFindings(ports: readonly Body[]): Problem[] {
  const found: Problem[] = [];
  const names = new Set<string>();
  ports.forEach((port, at) => {
    const place = `spec.ports[${at}]`;
    const name = text(port, 'name');
    if (ports.length > 1 && name === '') found.push(required(`${place}.name`));
    else if (name !== '') {
      found.push(...each(`${place}.name`, name, dnsLabel(name)));
      if (names.has(name)) found.push(duplicate(`${place}.name`, name));
      names.add(name);
    }
    found.push(...each(`${place}.port`, count(port, 'port'), portNumber(count(port, 'port'))));
    const protocol = text(port, 'protocol');
    if (!['SCTP', 'TCP', 'UDP'].includes(protocol))
      found.push(notSupported(`${place}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']));
    found.push(...validatePort(port.targetPort, `${place}.targetPort`));
    const app = text(port, 'appProtocol');
    if (has(port, 'appProtocol')) found.push(...each(`${place}.appProtocol`, app, qualifiedName(app)));
  });
  return found;
}

function numbers(type: string, ports: readonly Body[]): Problem[] {
  const found: Problem[] = [];
  const nodePorts = new Set<string>();
  const seen = new Set<string>();
  if (type === 'ClusterIP') {
    ports.forEach((port, at) => {
      if (count(port, 'nodePort') === 0) return;
      found.push(forbiddenField(`spec.ports[${at}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    });
  }
  ports.forEach((port, at) => {
    const nodePort = count(port, 'nodePort');
    const key = `${text(port, 'protocol')} ${nodePort}`;
    if (nodePort === 0) return;
    if (nodePorts.has(key)) found.push(duplicate(`spec.ports[${at}].nodePort`, nodePort));
    nodePorts.add(key);
  });
  ports.forEach((port, at) => {
    const [protocol, number] = [text(port, 'protocol'), count(port, 'port')];
    const key = `${protocol} ${number}`;
    const told = { Name: '', Protocol: protocol, AppProtocol: null, Port: number, TargetPort: 0, NodePort: 0 };
    if (seen.has(key)) found.push(duplicate(`spec.ports[${at}]`, told));
    seen.add(key);
  });
  return found;
}

function balancer(spec: Body, type: string): Problem[] {
  const found: Problem[] = [];
  const ranges = texts(spec, 'loadBalancerSourceRanges');
  const only = "may only be used when `type` is 'LoadBalancer'";
  if (ranges.length > 0 && type !== 'LoadBalancer') found.push(forbiddenField('spec.LoadBalancerSourceRanges', only));
  ranges.forEach((range, at) => {
    if (isCIDR(range.trim())) return;
    const said = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
    found.push(invalidValue(`spec.LoadBalancerSourceRanges[${at}]`, range.trim(), said));
  });
  if (has(spec, 'allocateLoadBalancerNodePorts') && type !== 'LoadBalancer') {
    found.push(forbiddenField('spec.allocateLoadBalancerNodePorts', only));
  }
  const name = text(spec, 'loadBalancerClass');
  if (!has(spec, 'loadBalancerClass')) return found;
  if (type !== 'LoadBalancer') found.push(forbiddenField('spec.loadBalancerClass', only));
  else found.push(...each('spec.loadBalancerClass', name, qualifiedName(name)));
  return found;
}

function traffic(service: KubeObject, spec: Body, type: string): Problem[] {
  const found: Problem[] = [];
  const external = text(spec, 'externalTrafficPolicy');
  if (!isReachable(service)) {
    if (external !== '') {
      found.push(
        invalidValue('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'),
      );
    }
  } else if (external !== 'Cluster' && external !== 'Local') {
    found.push(notSupported('spec.externalTrafficPolicy', external, ['Cluster', 'Local']));
  }
  const health = count(spec, 'healthCheckNodePort');
  if (!needsHealthPort(service) && health !== 0) {
    const said = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    found.push(invalidValue('spec.healthCheckNodePort', health, said));
  }
  const internal = text(spec, 'internalTrafficPolicy');
  if (has(spec, 'internalTrafficPolicy') && internal !== 'Cluster' && internal !== 'Local') {
    found.push(notSupported('spec.internalTrafficPolicy', internal, ['Cluster', 'Local']));
  } else if (!has(spec, 'internalTrafficPolicy') && TYPES.includes(type) && type !== 'ExternalName') {
    found.push(required('spec.internalTrafficPolicy'));
  }
  const near = text(spec, 'trafficDistribution');
  if (has(spec, 'trafficDistribution') && !NEAR.includes(near)) {
    found.push(notSupported('spec.trafficDistribution', near, NEAR));
  }
  return found;
}
