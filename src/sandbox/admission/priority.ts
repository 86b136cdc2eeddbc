import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { forbidden } from '../status/refusal.ts';
import { createdPod, forbiddenAttempt, isCore, podOf } from './attempts.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';

const CLASSES = 'priorityclasses.scheduling.k8s.io' as ResourceName;
type PriorityClass = KubeObject & { value?: number; globalDefault?: boolean; preemptionPolicy?: string };

/** The class that counts when a Pod names none: of several the lowest. */
function defaultClass(attempt: Attempt): PriorityClass | undefined {
  let found: PriorityClass | undefined;
  for (const one of attempt.context.store.list(CLASSES) as Iterable<PriorityClass>)
    if (one.globalDefault === true && (found === undefined || (found.value ?? 0) > (one.value ?? 0))) found = one;
  return found;
}

/** Writes the number and the preemption policy of a Pod's priority class into it. */
export const PRIORITY: AdmissionPlugin = {
  name: 'Priority',
  mutate(attempt) {
    if (attempt.operation === 'DELETE' && attempt.resource === CLASSES && attempt.name.startsWith('system-')) {
      const subject = { group: attempt.group, resource: attempt.plural };
      throw forbidden(subject, attempt.name, 'this is a system priority class and cannot be deleted');
    }
    if (attempt.operation === 'UPDATE' && isCore(attempt, 'pods')) return keep(attempt);
    const pod = createdPod(attempt);
    if (pod === undefined) return;
    const { spec } = pod;
    const named = spec.priorityClassName ?? '';
    const found =
      named === ''
        ? defaultClass(attempt)
        : (attempt.context.store.get(CLASSES, undefined, named) as PriorityClass | undefined);
    if (found === undefined && named !== '')
      throw forbiddenAttempt(attempt, `no PriorityClass with name ${named} was found`);
    if (named === '' && found !== undefined) spec.priorityClassName = found.metadata.name ?? '';
    const priority = found?.value ?? 0;
    const policy = found === undefined ? 'PreemptLowerPriority' : found.preemptionPolicy;
    if (spec.priority !== undefined && spec.priority !== priority)
      throw forbiddenAttempt(
        attempt,
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`,
      );
    spec.priority = priority;
    if (policy === undefined) return;
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
      throw forbiddenAttempt(
        attempt,
        `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    spec.preemptionPolicy = policy;
  },
  validate(attempt) {
    if (attempt.resource !== CLASSES || attempt.operation === 'DELETE') return;
    const object = attempt.object as (PriorityClass & { metadata: { name?: string } }) | undefined;
    if (object?.globalDefault !== true) return;
    const other = defaultClass(attempt);
    if (other === undefined) return;
    if (attempt.operation === 'CREATE' || other.metadata.name !== object.metadata.name)
      throw forbiddenAttempt(
        attempt,
        `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
      );
  },
};

function keep(attempt: Attempt): void {
  const [pod, before] = [podOf(attempt.object), podOf(attempt.before)];
  if (pod === undefined || before === undefined) return;
  if (before.spec.priority !== undefined) pod.spec.priority ??= before.spec.priority;
  if (before.spec.preemptionPolicy !== undefined) pod.spec.preemptionPolicy ??= before.spec.preemptionPolicy;
}
