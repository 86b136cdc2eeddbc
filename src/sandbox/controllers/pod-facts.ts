import type { KubeObject } from '../../objects/json.ts';
import { compareText } from '../../objects/key.ts';
import { controllerReference } from './claims.ts';
import type { Condition, Pod, PodTemplate } from './shapes.ts';

export const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

/** Neither finished nor being deleted. */
export const isActive = (pod: Pod): boolean => !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
export const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
export const isReady = ({ status }: Pod): boolean => conditionOf(status?.conditions, 'Ready')?.status === 'True';

/** When it is available: ready for `minReadySeconds`; ms of the clock, undefined while it is not ready. */
export function availableAt(pod: Pod, minReadySeconds: number): number | undefined {
  const ready = conditionOf(pod.status?.conditions, 'Ready');
  if (ready?.status !== 'True') return undefined;
  if (minReadySeconds === 0) return 0;
  return Date.parse(ready.lastTransitionTime ?? '') + minReadySeconds * 1000;
}

/** The Pod that a controller makes from its template, owned by it. */
export function podFromTemplate(template: PodTemplate, owner: KubeObject): KubeObject {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const name = owner.metadata.name ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name}-`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [controllerReference(owner.apiVersion, owner.kind, owner)],
    },
    spec: template.spec,
    status: {},
  };
}

/** Oldest first, then by name. */
export function byCreation(a: KubeObject, b: KubeObject): number {
  return (
    compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compareText(a.metadata.name ?? '', b.metadata.name ?? '')
  );
}

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const restartsOf = ({ status }: Pod): number =>
  (status?.containerStatuses ?? []).reduce((most, { restartCount = 0 }) => Math.max(most, restartCount), 0);
const costOf = ({ metadata }: Pod): number =>
  Number(metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0;
const readySince = ({ status }: Pod): string => conditionOf(status?.conditions, 'Ready')?.lastTransitionTime ?? '';

/** Which of a set's Pods goes first when there are too many: those that serve least and are youngest. */
export function deletionOrder(a: Pod, b: Pod): number {
  const assigned = Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined);
  if (assigned !== 0) return assigned;
  const phase = (PHASES[a.status?.phase ?? 'Pending'] ?? 0) - (PHASES[b.status?.phase ?? 'Pending'] ?? 0);
  if (phase !== 0) return phase;
  const ready = Number(isReady(a)) - Number(isReady(b));
  if (ready !== 0) return ready;
  const cost = costOf(a) - costOf(b);
  if (cost !== 0) return cost;
  if (isReady(a) && isReady(b)) {
    const since = compareText(readySince(b), readySince(a));
    if (since !== 0) return since;
  }
  const restarts = restartsOf(b) - restartsOf(a);
  if (restarts !== 0) return restarts;
  return compareText(b.metadata.creationTimestamp ?? '', a.metadata.creationTimestamp ?? '');
}
