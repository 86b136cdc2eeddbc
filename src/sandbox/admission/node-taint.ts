import { isCore } from './attempts.ts';
import type { AdmissionPlugin } from './plugin.ts';

const KEY = 'node.kubernetes.io/not-ready';
interface Taint {
  readonly key: string;
  readonly effect: string;
}

/** A new Node is not ready until somebody says so. */
export const TAINT_NODES: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  mutate(attempt) {
    if (attempt.operation !== 'CREATE' || !isCore(attempt, 'nodes') || attempt.object === undefined) return;
    const node = attempt.object as unknown as { spec?: { taints?: Taint[] } };
    node.spec ??= {};
    const taints = node.spec.taints ?? [];
    if (taints.some(({ key, effect }) => key === KEY && effect === 'NoSchedule')) return;
    node.spec.taints = [...taints, { key: KEY, effect: 'NoSchedule' }];
  },
};
