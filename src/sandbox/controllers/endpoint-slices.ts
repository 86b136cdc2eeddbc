import type { KubeObject } from '../../objects/json.ts';
import { controllerReference } from './claims.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, namespaceTerminates, resource } from './hands.ts';
import { isReady } from './pod-facts.ts';
import { keyOf, NotYet, queuedController, splitKey } from './queued-controller.ts';
import {
  addressesOf,
  type EndpointPort,
  HEADLESS,
  hasEndpoints,
  hostnameOf,
  isHeadless,
  lastTrigger,
  mayServe,
  portsOn,
  type Service,
  selectsPod,
  TRIGGERED_AT,
  targetOf,
} from './service-shapes.ts';
import { ServicesOfPods } from './services-of-pods.ts';
import type { Pod } from './shapes.ts';
import { sortedText } from './template-hash.ts';
import { WorkQueue } from './work-queue.ts';

const SLICES = resource('endpointslices.discovery.k8s.io');
const SERVICES = resource('services');
const PODS = resource('pods');
const NODES = resource('nodes');
const OF_SERVICE = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const US = 'endpointslice-controller.k8s.io';
const MOST = 100;

interface Endpoint {
  readonly addresses: readonly string[];
  readonly [field: string]: unknown;
}
interface Slice extends KubeObject {
  readonly addressType: string;
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?: readonly EndpointPort[] | null;
}

/** EndpointSlices of the Services that select Pods: at most 100 endpoints each, one set for each set of ports. */
export const endpointSliceController: ControllerMaker = (context) => {
  const { api } = context;
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, 'endpointslice-controller');
  const services = new ServicesOfPods(api, (key) => queue.add(key));
  /** Names of our slices by Service. */
  const slices = new Map<string, Set<string>>();

  function noteSlice(slice: KubeObject, gone: boolean): void {
    const service = slice.metadata.labels?.[OF_SERVICE];
    if (service === undefined || slice.metadata.labels?.[MANAGED_BY] !== US) return;
    const key = `${slice.metadata.namespace}/${service}`;
    const names = slices.get(key) ?? new Set<string>();
    slices.set(key, names);
    if (gone) names.delete(slice.metadata.name ?? '');
    else names.add(slice.metadata.name ?? '');
    queue.add(key);
  }

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const service = api.get(SERVICES, namespace, name) as Service | undefined;
    if (service === undefined) slices.delete(key);
    if (service === undefined || !hasEndpoints(service)) return;
    const known = [...(slices.get(key) ?? [])]
      .map((slice) => api.get(SLICES, namespace, slice) as Slice | undefined)
      .filter((slice) => slice !== undefined);
    const pods = ([...api.list(PODS, namespace)] as Pod[]).filter((pod) => selectsPod(service, pod));
    for (const family of service.spec.ipFamilies ?? ['IPv4'])
      await bring(
        service,
        family,
        pods,
        known.filter(({ addressType }) => addressType === family),
      );
  }

  async function bring(service: Service, family: string, pods: readonly Pod[], known: readonly Slice[]): Promise<void> {
    let nodeless = false;
    const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
    for (const pod of pods) {
      const addresses = addressesOf(pod, family);
      if (!mayServe(pod, true) || addresses.length === 0) continue;
      // As the real one: a Pod without a node that exists is left out, and looked at again.
      if (api.get(NODES, undefined, pod.spec.nodeName ?? '') === undefined) {
        nodeless = true;
        continue;
      }
      const ports = portsOn(service, pod);
      const text = sortedText(ports);
      const group = groups.get(text) ?? { ports, endpoints: [] };
      groups.set(text, group);
      group.endpoints.push(endpointOf(service, pod, addresses));
    }
    const wanted = [...groups.values()].flatMap(({ ports, endpoints }) =>
      chunks(endpoints).map((part) => ({ ports, endpoints: part })),
    );
    if (wanted.length === 0) wanted.push({ ports: [], endpoints: [] });
    const free = [...known];
    const trigger = lastTrigger(service, pods);
    const labels = labelsOf(service);
    const matched = wanted.map(({ ports }) => {
      const same = free.findIndex((slice) => sortedText(slice.ports ?? []) === sortedText(ports));
      return same < 0 ? undefined : free.splice(same, 1)[0];
    });
    for (const [index, { ports, endpoints }] of wanted.entries()) {
      const same = matched[index];
      if (same !== undefined && !differs(same, endpoints, labels)) continue;
      // What would be deleted is written anew under its name instead.
      const old = same ?? free.shift();
      if (old === undefined) await create(service, family, ports, endpoints, labels, trigger);
      else
        await hands.update(SLICES, {
          ...old,
          metadata: {
            ...old.metadata,
            labels,
            annotations: { ...old.metadata.annotations, [TRIGGERED_AT]: trigger },
          },
          endpoints: endpoints.length === 0 ? null : endpoints,
          ports: ports.length === 0 ? null : ports,
        });
    }
    for (const slice of free) await hands.remove(SLICES, slice);
    if (nodeless) throw new NotYet(`Pods of ${service.metadata.name} have no node`);
  }

  async function create(
    service: Service,
    addressType: string,
    ports: readonly EndpointPort[],
    endpoints: readonly Endpoint[],
    labels: Readonly<Record<string, string>>,
    trigger: string,
  ): Promise<void> {
    const { name, namespace } = service.metadata;
    const body = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels,
        annotations: { [TRIGGERED_AT]: trigger },
        ownerReferences: [controllerReference('v1', 'Service', service)],
      },
      addressType,
      // Empty lists become null on their way through protobuf.
      endpoints: endpoints.length === 0 ? null : endpoints,
      ports: ports.length === 0 ? null : ports,
    };
    try {
      await hands.create(SLICES, namespace, body);
    } catch (error) {
      if (!namespaceTerminates(error)) throw error;
    }
  }

  return queuedController({
    name: 'endpointslice-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === SERVICES) queue.add(keyOf(object));
      if (of === SLICES) noteSlice(object, change.kind === 'deleted');
      services.note(change);
    },
    reconcile,
  });
};

function endpointOf(service: Service, pod: Pod, addresses: readonly string[]): Endpoint {
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const hostname = hostnameOf(pod, service);
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: targetOf(pod),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
  };
}

function chunks(endpoints: readonly Endpoint[]): Endpoint[][] {
  const parts: Endpoint[][] = [];
  for (let at = 0; at < endpoints.length; at += MOST) parts.push(endpoints.slice(at, at + MOST));
  return parts;
}

function labelsOf(service: Service): Readonly<Record<string, string>> {
  const {
    [OF_SERVICE]: _service,
    [MANAGED_BY]: _manager,
    [HEADLESS]: _headless,
    ...own
  } = service.metadata.labels ?? {};
  return {
    ...own,
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
    [OF_SERVICE]: service.metadata.name ?? '',
    [MANAGED_BY]: US,
  };
}

/** Whether the endpoints, whatever their order, or the labels are others. */
function differs(slice: Slice, endpoints: readonly Endpoint[], labels: Readonly<Record<string, string>>): boolean {
  const texts = (list: readonly Endpoint[]): string => list.map(sortedText).sort().join('\n');
  return sortedText(slice.metadata.labels) !== sortedText(labels) || texts(slice.endpoints ?? []) !== texts(endpoints);
}
