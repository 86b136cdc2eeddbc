import type { KubeObject } from '../../objects/json.ts';
import { compareText } from '../../objects/key.ts';
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

const ENDPOINTS = resource('endpoints');
const SERVICES = resource('services');
const PODS = resource('pods');
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const US = 'endpoint-controller';

interface Address {
  readonly ip: string;
  readonly [field: string]: unknown;
}
interface Subset {
  readonly addresses?: readonly Address[];
  readonly notReadyAddresses?: readonly Address[];
  readonly ports?: readonly EndpointPort[];
}

/** The old Endpoints object of each Service that selects Pods; it goes with the Service. */
export const endpointsController: ControllerMaker = (context) => {
  const { api } = context;
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, 'endpoint-controller');
  const services = new ServicesOfPods(api, (key) => queue.add(key));

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const service = api.get(SERVICES, namespace, name) as Service | undefined;
    const found = api.get(ENDPOINTS, namespace, name) as
      | (KubeObject & { readonly subsets?: readonly Subset[] })
      | undefined;
    if (service === undefined) {
      if (found !== undefined) await hands.remove(ENDPOINTS, found);
      return;
    }
    if (!hasEndpoints(service)) return;
    const pods = ([...api.list(PODS, namespace)] as Pod[]).filter((pod) => selectsPod(service, pod));
    const serving = pods.filter((pod) => mayServe(pod, service.spec.publishNotReadyAddresses === true));
    // The real one names an empty node, which the server refuses: nothing is written until every Pod has one.
    if (serving.some(({ spec }) => spec.nodeName === undefined)) throw new NotYet(`Pods of ${key} have no node`);
    const subsets = subsetsOf(service, pods);
    const { [HEADLESS]: _headless, ...own } = service.metadata.labels ?? {};
    const labels = { ...own, ...(isHeadless(service) ? { [HEADLESS]: '' } : {}), [MANAGED_BY]: US };
    const same = sortedText(found?.subsets ?? []) === sortedText(subsets);
    if (found !== undefined && same && sortedText(found.metadata.labels) === sortedText(labels)) return;
    const annotations = { ...found?.metadata.annotations, [TRIGGERED_AT]: lastTrigger(service, pods) };
    const metadata = { ...found?.metadata, name: name ?? '', labels, annotations };
    const body = { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length === 0 ? {} : { subsets }) };
    try {
      if (found !== undefined) await hands.update(ENDPOINTS, body);
      else await hands.create(ENDPOINTS, namespace, body);
    } catch (error) {
      if (!namespaceTerminates(error)) throw error;
    }
  }

  return queuedController({
    name: 'endpoints-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === SERVICES || of === ENDPOINTS) queue.add(keyOf(object));
      services.note(change);
    },
    async reconcile(key) {
      // Endpoints without a Service of their name are somebody's own, unless they bear our label.
      const [namespace, name] = splitKey(key);
      const found = api.get(ENDPOINTS, namespace, name);
      const orphan = found !== undefined && found.metadata.labels?.[MANAGED_BY] === undefined;
      if (api.get(SERVICES, namespace, name) === undefined && orphan) return;
      await reconcile(key);
    },
  });
};

/** One subset for each set of ports, addresses in order. */
function subsetsOf(service: Service, pods: readonly Pod[]): readonly Subset[] {
  const [family = 'IPv4'] = service.spec.ipFamilies ?? [];
  const publish = service.spec.publishNotReadyAddresses === true;
  const groups = new Map<string, { ports: readonly EndpointPort[]; ready: Address[]; unready: Address[] }>();
  for (const pod of pods) {
    const ip = addressesOf(pod, family)[0];
    if (ip === undefined || !mayServe(pod, publish)) continue;
    const ports = portsOn(service, pod);
    if (ports.length === 0 && !isHeadless(service)) continue;
    const group = groups.get(sortedText(ports)) ?? { ports, ready: [], unready: [] };
    groups.set(sortedText(ports), group);
    const hostname = hostnameOf(pod, service);
    const { nodeName } = pod.spec;
    const address = {
      ip,
      ...(hostname === undefined ? {} : { hostname }),
      ...(nodeName === undefined ? {} : { nodeName }),
      targetRef: targetOf(pod),
    };
    (publish || isReady(pod) ? group.ready : group.unready).push(address);
  }
  const inOrder = (list: readonly Address[]): readonly Address[] => [...list].sort((a, b) => compareText(a.ip, b.ip));
  return [...groups.values()].map(({ ports, ready, unready }) => ({
    ...(ready.length === 0 ? {} : { addresses: inOrder(ready) }),
    ...(unready.length === 0 ? {} : { notReadyAddresses: inOrder(unready) }),
    ...(ports.length === 0
      ? {}
      : { ports: ports.map(({ name, ...port }) => (name === '' ? port : { name, ...port })) as EndpointPort[] }),
  }));
}
