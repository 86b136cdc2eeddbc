import { type Body, child, count, items, text, texts } from '../values.ts';

/** Questions about a Service that several rules ask. */
export const specOf = (service: unknown): Body => child(service, 'spec') ?? {};
export const typeOf = (service: unknown): string => text(specOf(service), 'type');
export const needsClusterIP = (service: unknown): boolean =>
  ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(typeOf(service));
export const needsNodePort = (service: unknown): boolean =>
  typeOf(service) === 'NodePort' || typeOf(service) === 'LoadBalancer';
export const needsHealthPort = (service: unknown): boolean =>
  typeOf(service) === 'LoadBalancer' && text(specOf(service), 'externalTrafficPolicy') === 'Local';
export const isHeadless = (service: unknown): boolean => texts(specOf(service), 'clusterIPs')[0] === 'None';
export const isReachable = (service: unknown): boolean =>
  ['NodePort', 'LoadBalancer'].includes(typeOf(service)) ||
  (typeOf(service) === 'ClusterIP' && texts(specOf(service), 'externalIPs').length > 0);
export const portsOf = (service: unknown): readonly Body[] => items(specOf(service), 'ports');
export const nodePortsOf = (service: unknown): readonly number[] =>
  portsOf(service)
    .map((port) => count(port, 'nodePort'))
    .filter((port) => port !== 0);
export const isIPv6 = (ip: string): boolean => ip.includes(':');
