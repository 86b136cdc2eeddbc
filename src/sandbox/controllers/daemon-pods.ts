import type { KubeObject } from '../../objects/json.ts';
import { podFromTemplate } from './pod-facts.ts';
import type { DaemonSet, Pod, Toleration } from './shapes.ts';
import { REVISION_LABEL } from './stateful-pods.ts';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}
const GENERATION = 'deprecated.daemonset.template.generation';
const tolerates = (name: string, effect: string): Toleration => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect,
});
/** What the daemon controller adds, in its order: daemons stay on nodes that are in trouble. */
const ALWAYS: readonly Toleration[] = [
  tolerates('not-ready', 'NoExecute'),
  tolerates('unreachable', 'NoExecute'),
  tolerates('disk-pressure', 'NoSchedule'),
  tolerates('memory-pressure', 'NoSchedule'),
  tolerates('pid-pressure', 'NoSchedule'),
  tolerates('unschedulable', 'NoSchedule'),
];

/** The Pod of a DaemonSet for one node, bound to it by affinity. */
export function daemonPod(set: DaemonSet, node: string, hash: string): KubeObject {
  const made = podFromTemplate(set.spec.template, set) as Pod;
  const network = made.spec.hostNetwork === true ? [tolerates('network-unavailable', 'NoSchedule')] : [];
  const added = [...ALWAYS, ...network];
  const own = made.spec.tolerations ?? [];
  const missing = added.filter(({ key, effect }) => !own.some((one) => one.key === key && one.effect === effect));
  const generation = set.metadata.annotations?.[GENERATION];
  const labels = {
    ...made.metadata.labels,
    ...(generation === undefined ? {} : { 'pod-template-generation': generation }),
    [REVISION_LABEL]: hash,
  };
  const byName = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  const { nodeAffinity = {} } = (made.spec.affinity ?? {}) as { nodeAffinity?: object };
  const affinity = {
    ...made.spec.affinity,
    nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [byName] } },
  };
  return {
    ...made,
    metadata: { ...made.metadata, labels },
    spec: { ...made.spec, affinity, tolerations: [...own, ...missing] },
  };
}

/** Whether a daemon belongs on a node: its selector fits and its taints are tolerated. */
export function shouldRun(set: DaemonSet, node: KubeObject): boolean {
  const { spec } = set.spec.template;
  const labels = node.metadata.labels ?? {};
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const { taints = [] } = (node.spec ?? {}) as { readonly taints?: readonly Taint[] };
  return tolerated(taints, [...(spec.tolerations ?? []), ...ALWAYS]);
}

/** Whether no taint keeps Pods with these tolerations away. */
export function tolerated(taints: readonly Taint[], tolerations: readonly Toleration[]): boolean {
  return taints
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .every((taint) =>
      tolerations.some(
        ({ key, operator = 'Equal', value = '', effect }) =>
          (effect === undefined || effect === taint.effect) &&
          (key === undefined || key === taint.key) &&
          (operator === 'Exists' || value === (taint.value ?? '')),
      ),
    );
}
