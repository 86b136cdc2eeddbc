import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { amounts, amountsJson, sameAmounts } from './amounts.ts';
import { createdPod, forbiddenAttempt } from './attempts.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';
import type { PodShape, Quantities, TolerationShape } from './shapes.ts';

const CLASSES = 'runtimeclasses.node.k8s.io' as ResourceName;
type RuntimeClass = KubeObject & {
  overhead?: { podFixed?: Quantities };
  scheduling?: { nodeSelector?: Record<string, string>; tolerations?: TolerationShape[] };
};

/** A Pod's overhead, node selector and tolerations as its RuntimeClass has them. */
export const RUNTIME_CLASS: AdmissionPlugin = {
  name: 'RuntimeClass',
  mutate(attempt) {
    const pod = createdPod(attempt);
    const found = pod === undefined ? undefined : classOf(attempt, pod);
    if (pod === undefined || found === undefined) return;
    setOverhead(attempt, pod, found);
    setScheduling(attempt, pod, found);
  },
  validate(attempt) {
    const pod = createdPod(attempt);
    if (pod === undefined) return;
    const fixed = classOf(attempt, pod)?.overhead?.podFixed;
    if (fixed === undefined && pod.spec.overhead !== undefined)
      throw forbiddenAttempt(
        attempt,
        'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
      );
    if (fixed !== undefined && !sameAmounts(amounts(fixed), amounts(pod.spec.overhead))) throw mismatch(attempt);
  },
};

const mismatch = (attempt: Attempt): Error =>
  forbiddenAttempt(attempt, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");

function classOf(attempt: Attempt, pod: PodShape): RuntimeClass | undefined {
  const name = pod.spec.runtimeClassName;
  if (name === undefined || name === null) return undefined;
  const found = attempt.context.store.get(CLASSES, undefined, name);
  if (found === undefined)
    throw forbiddenAttempt(attempt, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return found as RuntimeClass;
}

function setOverhead(attempt: Attempt, pod: PodShape, { overhead }: RuntimeClass): void {
  if (overhead?.podFixed === undefined) return;
  const fixed = amounts(overhead.podFixed);
  const given = amounts(pod.spec.overhead);
  if (given.size > 0 && !sameAmounts(fixed, given)) throw mismatch(attempt);
  pod.spec.overhead = amountsJson(fixed);
}

function setScheduling(attempt: Attempt, pod: PodShape, { scheduling }: RuntimeClass): void {
  if (scheduling === undefined) return;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = pod.spec.nodeSelector?.[key];
    if (own !== undefined && own !== value)
      throw forbiddenAttempt(
        attempt,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
    pod.spec.nodeSelector = { ...pod.spec.nodeSelector, [key]: value };
  }
  const merged = [...(pod.spec.tolerations ?? []), ...(scheduling.tolerations ?? [])];
  if (merged.length > 0) pod.spec.tolerations = withoutCovered(merged);
}

/** Each toleration once: one that another covers is left out. */
function withoutCovered(all: readonly TolerationShape[]): TolerationShape[] {
  return all.filter(
    (one, index) => !all.some((other, at) => at !== index && covers(other, one) && (at > index || !covers(one, other))),
  );
}

function covers(wide: TolerationShape, narrow: TolerationShape): boolean {
  const [exists, other] = [wide.operator === 'Exists', narrow.operator === 'Exists'];
  if ((wide.key ?? '') === '' ? !exists : wide.key !== narrow.key) return false;
  if ((wide.effect ?? '') !== '' && wide.effect !== narrow.effect) return false;
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || wide.tolerationSeconds < narrow.tolerationSeconds) return false;
  }
  return exists || (!other && (wide.value ?? '') === (narrow.value ?? ''));
}
