import type { KubeObject } from '../../objects/json.ts';
import type { ObjectApi } from '../api/api.ts';
import type { StoreChange } from '../storage/store.ts';
import { resource } from './hands.ts';
import { isReady } from './pod-facts.ts';
import { type Service, selectsPod } from './service-shapes.ts';
import type { Pod } from './shapes.ts';

const PODS = resource('pods');
const SERVICES = resource('services');

/** Tells which Services' endpoints a change of a Pod may concern. */
export class ServicesOfPods {
  readonly #api: ObjectApi;
  readonly #tell: (key: string) => void;

  constructor(api: ObjectApi, tell: (key: string) => void) {
    this.#api = api;
    this.#tell = tell;
  }

  note(change: StoreChange): void {
    if (change.now.resource !== PODS) return;
    const now = change.now.object as Pod;
    const before = change.kind === 'added' ? undefined : (change.before.object as Pod);
    if (change.kind === 'modified' && before !== undefined && sameEndpoint(before, now)) return;
    if (now.status?.podIP === undefined && before?.status?.podIP === undefined) return;
    for (const service of this.#api.list(SERVICES, now.metadata.namespace) as Iterable<Service & KubeObject>) {
      if (service.spec.selector === undefined) continue;
      if (selectsPod(service, now) || (before !== undefined && selectsPod(service, before)))
        this.#tell(`${service.metadata.namespace}/${service.metadata.name}`);
    }
  }
}

function sameEndpoint(a: Pod, b: Pod): boolean {
  return (
    a.status?.podIP === b.status?.podIP &&
    a.status?.phase === b.status?.phase &&
    isReady(a) === isReady(b) &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    a.spec.nodeName === b.spec.nodeName &&
    JSON.stringify(a.metadata.labels) === JSON.stringify(b.metadata.labels)
  );
}
