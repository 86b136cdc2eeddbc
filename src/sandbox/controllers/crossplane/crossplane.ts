import type { ObjectApi } from '../../api/api.ts';
import type { Actor, Cloud } from '../../cloud/cloud.ts';
import type { ControllerContext, ControllerMaker } from '../controller.ts';
import { resource } from '../hands.ts';
import { type Reconciler, turnsOf } from '../turns.ts';
import { claims } from './claims.ts';
import { cloudThings } from './cloud-things.ts';
import { clusterObjects } from './cluster-objects.ts';
import { composites } from './composites.ts';
import { definitions } from './definitions.ts';
import { KnownKinds } from './kinds.ts';
import { managedResources } from './managed.ts';
import type { Flavour } from './names.ts';
import { revisions } from './revisions.ts';
import { writerOf } from './writer.ts';

export interface CrossplaneOptions extends Partial<Flavour> {
  /** Default 10 s. */
  readonly pollMs?: number;
}

/** Crossplane itself: definitions, revisions, claims, composites. Managed resources belong to providers. */
export function crossplane({ version = '1.20.11', pollMs = 10_000 }: CrossplaneOptions = {}): ControllerMaker {
  return (context) => {
    const kinds = new KnownKinds();
    const writer = writerOf(context, 'crossplane');
    return noting(kinds, 'crossplane', context, [
      definitions(context, writer),
      revisions(context, writer),
      claims(context, kinds, writer),
      composites(context, kinds, writer, { version, pollMs }),
    ]);
  };
}

const OBJECTS = resource('objects.kubernetes.crossplane.io');

export interface ProviderOptions {
  readonly pollMs?: number;
  readonly graceMs?: number;
}

/** A provider of cloud things: every managed kind but provider-kubernetes' Objects. */
export function cloudProvider(
  cloud: Cloud,
  { pollMs = 10_000, graceMs = 30_000 }: ProviderOptions = {},
): ControllerMaker {
  return (context) => {
    const kinds = new KnownKinds();
    const actor = (): Actor => ({ cluster: fingerprintOf(context.api), now: context.clock.now() });
    return noting(kinds, 'provider-cloud', context, [
      managedResources(context, kinds, writerOf(context, 'provider-cloud'), cloudThings(cloud, actor), {
        serves: (name) => name !== OBJECTS && kinds.managed.has(name),
        pollMs,
        graceMs,
      }),
    ]);
  };
}

/** provider-kubernetes: Objects kept in a target cluster, by default in its own. */
export function kubernetesProvider(
  target?: () => ObjectApi,
  { pollMs = 10_000, graceMs = 30_000 }: ProviderOptions = {},
): ControllerMaker {
  return (context) => {
    const kinds = new KnownKinds();
    return noting(kinds, 'provider-kubernetes', context, [
      managedResources(
        context,
        kinds,
        writerOf(context, 'provider-kubernetes'),
        clusterObjects(target ?? (() => context.api)),
        { serves: (name) => name === OBJECTS, pollMs, graceMs },
      ),
    ]);
  };
}

/** UID of kube-system. */
const fingerprintOf = (api: ObjectApi): string =>
  api.get(resource('namespaces'), undefined, 'kube-system')?.metadata.uid ?? '';

function noting(kinds: KnownKinds, name: string, context: ControllerContext, reconcilers: readonly Reconciler[]) {
  const controller = turnsOf(name, context, reconcilers, { firstMs: 1_000, lastMs: 60_000 });
  return {
    ...controller,
    onChange(change: Parameters<typeof controller.onChange>[0]) {
      kinds.note(change);
      controller.onChange(change);
    },
  };
}
