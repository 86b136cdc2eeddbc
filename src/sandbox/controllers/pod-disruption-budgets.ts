import type { KubeObject } from '../../objects/json.ts';
import { controllerOf } from '../../objects/owners.ts';
import type { SelectorShape } from '../../objects/selector-shape.ts';
import { timestamp } from '../clock.ts';
import type { ControllerMaker } from './controller.ts';
import { scaled } from './deployment-facts.ts';
import { eventsOf } from './events.ts';
import { handsOf, resource } from './hands.ts';
import { kindPlace } from './kind-mapping.ts';
import { conditionOf, isReady } from './pod-facts.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { selects } from './selectors.ts';
import type { Condition, IntOrPercent, Pod } from './shapes.ts';
import { sortedText } from './template-hash.ts';
import { WorkQueue } from './work-queue.ts';

const BUDGETS = resource('poddisruptionbudgets.policy');
const PODS = resource('pods');
/** An eviction that was granted counts for so long, even if the Pod does not go. */
const GRANTED_MS = 120_000;

interface Budget extends KubeObject {
  readonly spec: {
    readonly selector?: SelectorShape;
    readonly minAvailable?: IntOrPercent;
    readonly maxUnavailable?: IntOrPercent;
  };
  readonly status?: {
    readonly disruptedPods?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
    readonly [field: string]: unknown;
  };
}

/** How many Pods of each budget may be evicted now. */
export const podDisruptionBudgetController: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'disruption-controller');
  const events = eventsOf(context, 'disruption-controller', { component: 'controllermanager' });

  /** How many Pods the owners of these want together. */
  function expectedScale(pods: readonly Pod[]): number {
    const owners = new Map<string, KubeObject>();
    for (const pod of pods) {
      let owner = ownerOf(pod);
      if (owner?.kind === 'ReplicaSet') owner = ownerOf(owner) ?? owner;
      if (owner !== undefined) owners.set(owner.metadata.uid ?? '', owner);
    }
    const sizeOf = ({ spec }: KubeObject): number =>
      (spec as { readonly replicas?: number } | undefined)?.replicas ?? 0;
    return [...owners.values()].reduce((total, owner) => total + sizeOf(owner), 0);
  }
  function ownerOf(object: KubeObject): KubeObject | undefined {
    const reference = controllerOf(object);
    const place = reference === undefined ? undefined : kindPlace(api, reference.apiVersion, reference.kind);
    const found =
      place === undefined ? undefined : api.get(place.resource, object.metadata.namespace, reference?.name ?? '');
    return found?.metadata.uid === reference?.uid ? found : undefined;
  }

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const budget = api.get(BUDGETS, namespace, name) as Budget | undefined;
    if (budget === undefined) return;
    const selected = selects(budget.spec.selector);
    const pods = ([...api.list(PODS, namespace)] as Pod[]).filter(({ metadata }) => selected(metadata.labels));
    if (pods.length === 0) await events.normal(budget, 'NoPods', 'No matching pods found');
    const { minAvailable, maxUnavailable } = budget.spec;
    const counted = maxUnavailable === undefined && typeof minAvailable !== 'string';
    const expected = counted ? pods.length : expectedScale(pods);
    const desired =
      maxUnavailable === undefined
        ? scaled(minAvailable, expected, true)
        : Math.max(expected - scaled(maxUnavailable, expected, true), 0);
    const now = clock.now();
    const granted = Object.entries(budget.status?.disruptedPods ?? {}).filter(([pod, at]) => {
      const found = pods.find(({ metadata }) => metadata.name === pod);
      return (
        found?.metadata.deletionTimestamp === undefined && found !== undefined && Date.parse(at) + GRANTED_MS > now
      );
    });
    for (const [, at] of granted) queue.addAt(key, Date.parse(at) + GRANTED_MS);
    const leaving = new Set(granted.map(([pod]) => pod));
    const healthy = pods.filter(
      (pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod) && !leaving.has(pod.metadata.name ?? ''),
    ).length;
    const allowed = expected <= 0 ? 0 : Math.max(healthy - desired, 0);
    const status = {
      observedGeneration: budget.metadata.generation,
      ...(granted.length === 0 ? {} : { disruptedPods: Object.fromEntries(granted) }),
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions: conditionsOf(budget, allowed > 0, timestamp(now)),
    };
    if (sortedText(status) !== sortedText(budget.status ?? {}))
      await hands.updateStatus(BUDGETS, { ...budget, status });
  }

  return queuedController({
    name: 'disruption-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === BUDGETS) queue.add(keyOf(object));
      if (of !== PODS) return;
      for (const budget of api.list(BUDGETS, object.metadata.namespace) as Iterable<Budget>) {
        const selected = selects(budget.spec.selector);
        const before = change.kind === 'modified' ? change.before.object.metadata.labels : undefined;
        if (selected(object.metadata.labels) || (before !== undefined && selected(before))) queue.add(keyOf(budget));
      }
    },
    reconcile,
  });
};

function conditionsOf(budget: Budget, allowed: boolean, now: string): readonly Condition[] {
  const type = 'DisruptionAllowed';
  const status = allowed ? 'True' : 'False';
  const old = budget.status?.conditions ?? [];
  const before = conditionOf(old, type);
  const condition = {
    type,
    status,
    ...(budget.metadata.generation === undefined ? {} : { observedGeneration: budget.metadata.generation }),
    lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? now) : now,
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  };
  return before === undefined ? [...old, condition] : old.map((one) => (one === before ? condition : one));
}
