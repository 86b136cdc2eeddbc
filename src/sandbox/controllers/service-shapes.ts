import type { KubeObject } from '../../objects/json.ts';
import { isFinished } from './pod-facts.ts';
import { selectsPairs } from './selectors.ts';
import type { Pod } from './shapes.ts';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
}
export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
    readonly ipFamilies?: readonly string[];
    readonly publishNotReadyAddresses?: boolean;
  };
}
export interface EndpointPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

export const TRIGGERED_AT = 'endpoints.kubernetes.io/last-change-trigger-time';
export const HEADLESS = 'service.kubernetes.io/headless';
export const isHeadless = ({ spec }: Service): boolean => (spec.clusterIP ?? '') === '' || spec.clusterIP === 'None';
/** Services without selector and those that name an outside host have no endpoints of ours. */
export const hasEndpoints = ({ spec }: Service): boolean => spec.type !== 'ExternalName' && spec.selector !== undefined;
export const selectsPod = ({ spec }: Service, pod: Pod): boolean =>
  Object.keys(spec.selector ?? {}).length === 0 || selectsPairs(spec.selector)(pod.metadata.labels);

/** Whether it has an address and is not finished; Pods on their way out only where unready ones are published. */
export function mayServe(pod: Pod, withTerminating: boolean): boolean {
  if (isFinished(pod) || pod.status?.podIP === undefined || pod.status.podIP === '') return false;
  return withTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** The ports of the Service on this Pod; those that it does not name are left out. */
export function portsOn({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  return (spec.ports ?? []).flatMap((port) => {
    const { name = '', protocol = 'TCP', targetPort = port.port, appProtocol } = port;
    const number = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort, protocol);
    if (number === undefined) return [];
    return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function namedPort({ spec }: Pod, wanted: string, protocol: string): number | undefined {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const { ports = [] } of [...spec.containers, ...sidecars])
    for (const port of ports)
      if (port.name === wanted && (port.protocol ?? 'TCP') === protocol) return port.containerPort;
  return undefined;
}

export const hostnameOf = (pod: Pod, service: Service): string | undefined =>
  pod.spec.subdomain === service.metadata.name && pod.metadata.namespace === service.metadata.namespace
    ? pod.spec.hostname
    : undefined;

export function addressesOf(pod: Pod, family: string): readonly string[] {
  const listed = (pod.status?.podIPs ?? []) as readonly { readonly ip: string }[];
  const all = listed.length > 0 ? listed.map(({ ip }) => ip) : [pod.status?.podIP ?? ''];
  return all.filter((ip) => ip !== '' && ip.includes(':') === (family === 'IPv6'));
}

export const targetOf = ({ metadata }: Pod) => ({
  kind: 'Pod',
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
});

/** When the endpoints had reason to change: the last of the Service's creation and the Pods' turns to (un)ready. */
export function lastTrigger(service: Service, pods: readonly Pod[]): string {
  const times = pods.flatMap(({ status }) => {
    const at = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
    return at === undefined ? [] : [at];
  });
  return [service.metadata.creationTimestamp ?? '', ...times].sort().at(-1) ?? '';
}
