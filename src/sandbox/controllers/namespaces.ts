import type { KubeObject } from '../../objects/json.ts';
import { compareText, type ResourceName, splitResourceName } from '../../objects/key.ts';
import { timestamp } from '../clock.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, refusedAs, resource, WriteRefused } from './hands.ts';
import { isFinished } from './pod-facts.ts';
import { NotYet, queuedController } from './queued-controller.ts';
import type { Condition, Pod } from './shapes.ts';
import { WorkQueue } from './work-queue.ts';

const NAMESPACES = resource('namespaces');
const PODS = resource('pods');
const FINALIZER = 'kubernetes';
/** The real one waits so long after an estimate of what still has to go. */
const FINALIZER_ESTIMATE_S = 15;
/** Grace before every look after a change: the API servers' caches are to learn of the deletion first. */
const GRACE_MS = 5000;
const LONGEST_RETRY_MS = 60_000;

interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

const FINE: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
];

/** Empties namespaces that are being deleted, Pods first, and lets them go through /finalize. */
export const namespaceController: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock, LONGEST_RETRY_MS);
  const hands = handsOf(context, 'namespace-controller');
  /** By namespace: the resources that have had objects there, with how many there are. */
  const content = new Map<string, Map<ResourceName, number>>();

  function count(of: ResourceName, namespace: string, change: 1 | -1): void {
    const counts = content.get(namespace) ?? new Map<ResourceName, number>();
    content.set(namespace, counts);
    counts.set(of, (counts.get(of) ?? 0) + change);
  }

  /** Deletes what is there of one resource; what then remains, and for how many seconds it may. */
  async function empty(namespace: string, of: ResourceName, deletedAt: number) {
    const objects = [...api.list(of, namespace)];
    const grace = of === PODS ? graceOf(objects as Pod[]) : 0;
    const estimate = clock.now() - deletedAt >= grace * 1000 ? 0 : grace;
    const errors: string[] = [];
    for (const object of objects) {
      try {
        await hands.remove(of, object, { propagation: 'Background' });
      } catch (error) {
        if (!(error instanceof WriteRefused)) throw error;
        errors.push(error.message);
      }
    }
    const remaining = [...api.list(of, namespace)];
    const finalizers = remaining.flatMap(({ metadata }) => metadata.finalizers ?? []);
    if (remaining.length > 0 && estimate === 0 && finalizers.length === 0 && errors.length === 0) {
      const { group, resource: plural } = splitResourceName(of);
      errors.push(
        `unexpected items still remain in namespace: ${namespace} for gvr: ${group}/${remaining[0]?.apiVersion.split('/').at(-1)}, Resource=${plural}`,
      );
    }
    const seconds = finalizers.length > 0 && estimate === 0 ? FINALIZER_ESTIMATE_S : estimate;
    return { left: remaining.length, finalizers, errors, seconds: remaining.length === 0 ? 0 : seconds };
  }

  async function emptyAll(namespace: Namespace): Promise<number> {
    const { name = '', deletionTimestamp = '' } = namespace.metadata;
    const deletedAt = Date.parse(deletionTimestamp);
    const left = new Map<ResourceName, number>();
    const finalizers = new Map<string, number>();
    const errors: string[] = [];
    let estimate = 0;
    const take = async (of: ResourceName): Promise<void> => {
      const done = await empty(name, of, deletedAt);
      estimate = Math.max(estimate, done.seconds);
      errors.push(...done.errors);
      if (done.left > 0) left.set(of, done.left);
      for (const finalizer of done.finalizers) finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    };
    await take(PODS);
    const podsRemain = left.size > 0;
    if (!podsRemain) {
      const others = [...(content.get(name) ?? [])].filter(([of, count]) => of !== PODS && count > 0 && api.serves(of));
      for (const [of] of others.sort(([a], [b]) => compareText(a, b))) await take(of);
    }
    const latest = api.byUid(namespace.metadata.uid ?? '') as Namespace | undefined;
    if (latest === undefined) return 0;
    // While Pods remain the real one does not say yet what else does.
    const told = podsRemain ? [] : [remains(left), finalizersRemain(finalizers)];
    const conditions = withConditions(latest, [failure(errors), ...told], timestamp(clock.now()));
    if (conditions !== latest.status?.conditions)
      await hands.updateStatus(NAMESPACES, { ...latest, status: { ...latest.status, conditions } });
    if (errors.length > 0) throw new NotYet(errors.join(', '));
    return estimate;
  }

  async function reconcile(name: string): Promise<void> {
    let namespace = api.get(NAMESPACES, undefined, name) as Namespace | undefined;
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    if (namespace.status?.phase !== 'Terminating')
      namespace = (await hands.updateStatus(NAMESPACES, {
        ...namespace,
        status: { ...namespace.status, phase: 'Terminating' },
      })) as Namespace;
    if ((namespace.spec?.finalizers ?? []).length === 0) return;
    const estimate = await emptyAll(namespace);
    if (estimate > 0) {
      // As the real one: half the estimate and a second more.
      queue.addAfter(name, (Math.floor(estimate / 2) + 1) * 1000);
      return;
    }
    const latest = api.get(NAMESPACES, undefined, name) as Namespace | undefined;
    if (latest?.metadata.uid !== namespace.metadata.uid || latest === undefined) return;
    const finalizers = (latest.spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER).sort(compareText);
    try {
      await hands.put(NAMESPACES, { ...latest, spec: { ...latest.spec, finalizers } }, 'finalize');
    } catch (error) {
      if (!refusedAs(error, 'NotFound')) throw error;
    }
  }

  return queuedController({
    name: 'namespace-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      const { namespace } = object.metadata;
      if (of === NAMESPACES && change.kind !== 'deleted' && object.metadata.deletionTimestamp !== undefined) {
        queue.addAfter(object.metadata.name ?? '', GRACE_MS);
      }
      if (of === NAMESPACES && change.kind === 'deleted') content.delete(object.metadata.name ?? '');
      if (namespace === undefined || change.kind === 'modified') return;
      count(of, namespace, change.kind === 'added' ? 1 : -1);
    },
    reconcile,
  });
};

function graceOf(pods: readonly Pod[]): number {
  const living = pods.filter((pod) => !isFinished(pod));
  return Math.max(0, ...living.map(({ spec }) => spec.terminationGracePeriodSeconds ?? 0));
}

type Trouble = readonly [type: string, reason: string, message: string] | undefined;

function failure(errors: readonly string[]): Trouble {
  if (errors.length === 0) return undefined;
  const list = [...errors].sort(compareText).join(', ');
  const message = `Failed to delete all resource types, ${errors.length} remaining: ${list}`;
  return ['NamespaceDeletionContentFailure', 'ContentDeletionFailed', message];
}

function remains(left: ReadonlyMap<ResourceName, number>): Trouble {
  if (left.size === 0) return undefined;
  const parts = [...left].map(([of, count]) => {
    const { group, resource: plural } = splitResourceName(of);
    return `${plural}.${group} has ${count} resource instances`;
  });
  const message = `Some resources are remaining: ${parts.sort(compareText).join(', ')}`;
  return ['NamespaceContentRemaining', 'SomeResourcesRemain', message];
}

function finalizersRemain(finalizers: ReadonlyMap<string, number>): Trouble {
  if (finalizers.size === 0) return undefined;
  const parts = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`);
  const message = `Some content in the namespace has finalizers remaining: ${parts.sort(compareText).join(', ')}`;
  return ['NamespaceFinalizersRemaining', 'SomeFinalizersRemain', message];
}

/** The five conditions, each fine or in trouble; the given list itself when nothing changes. */
function withConditions(
  namespace: Namespace,
  troubles: readonly Trouble[],
  now: string,
): readonly Condition[] | undefined {
  const old = namespace.status?.conditions ?? [];
  const next = [...old];
  let changed = false;
  for (const [type, okReason, okMessage] of FINE) {
    const trouble = troubles.find((one) => one?.[0] === type);
    const status = trouble === undefined ? 'False' : 'True';
    const [reason, message] = trouble === undefined ? [okReason, okMessage] : [trouble[1], trouble[2]];
    const at = next.findIndex((condition) => condition.type === type);
    const before = next[at];
    if (before?.status === status && before.reason === reason && before.message === message) continue;
    const since = before?.status === status ? (before.lastTransitionTime ?? now) : now;
    const condition = { type, status, lastTransitionTime: since, reason, message };
    if (at < 0) next.push(condition);
    else next[at] = condition;
    changed = true;
  }
  return changed ? next : namespace.status?.conditions;
}
