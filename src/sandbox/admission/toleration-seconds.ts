import { isCore, podOf } from './attempts.ts';
import type { AdmissionPlugin } from './plugin.ts';
import type { TolerationShape } from './shapes.ts';

const SECONDS = 300;
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Pods stay for five minutes on a node that is gone, unless they say otherwise. */
export const DEFAULT_TOLERATION_SECONDS: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate(attempt) {
    if (attempt.operation === 'DELETE' || !isCore(attempt, 'pods')) return;
    const pod = podOf(attempt.object);
    if (pod === undefined) return;
    const given = pod.spec.tolerations ?? [];
    const added = TAINTS.filter((key) => !given.some((one) => tolerates(one, key))).map((key) => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: SECONDS,
    }));
    if (added.length > 0) pod.spec.tolerations = [...given, ...added];
  },
};

const tolerates = ({ key = '', effect = '' }: TolerationShape, taint: string): boolean =>
  (key === '' || key === taint) && (effect === '' || effect === 'NoExecute');
