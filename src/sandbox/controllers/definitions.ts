import type { KubeObject } from '../../objects/json.ts';
import { resourceName } from '../../objects/key.ts';
import { LOOPBACK } from '../access/user.ts';
import {
  CLEANUP_FINALIZER,
  DEFINITIONS,
  type NewCondition,
  withCondition,
} from '../kinds/custom-resource-definitions.ts';
import { approvalOf } from '../schema/structural/approval.ts';
import { conditionIsTrue, specOf } from '../schema/structural/definition.ts';
import type { Controller, ControllerMaker } from './controller.ts';
import { acceptNames, holds, withStatus } from './definition-names.ts';
import { copyOf, type Hands, handsOf, refusedAs } from './hands.ts';
import { queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const POLL_MS = 5000;
const PATIENCE_MS = 60_000;
const APPROVAL = {
  approved: ['True', 'ApprovedAnnotation'],
  bypassed: ['False', 'UnapprovedAnnotation'],
  missing: ['False', 'MissingAnnotation'],
  invalid: ['False', 'InvalidAnnotation'],
} as const;

/**
 * What the API server itself does with definitions: accepts their names, establishes them, says whether community
 * groups were approved, and when one is deleted deletes its instances first.
 */
export const definitions: ControllerMaker = (context): Controller => {
  const { api, clock } = context;
  const hands = handsOf(context, LOOPBACK, 'kube-apiserver');
  const queue = new WorkQueue(clock);
  /** Since when a deleted definition waits for its instances. */
  const waiting = new Map<string, number>();

  const reconcile = async (name: string): Promise<void> => {
    const definition = api.get(DEFINITIONS, undefined, name);
    if (definition === undefined) {
      waiting.delete(name);
      return;
    }
    try {
      if (definition.metadata.deletionTimestamp !== undefined) await cleanUp(definition);
      else await settle(definition);
    } catch (error) {
      // Changed or deleted meanwhile: that change queued it again.
      if (!refusedAs(error, 'NotFound', 'Conflict')) throw error;
    }
  };

  const settle = async (definition: KubeObject): Promise<void> => {
    const approval = approvalOf(definition);
    if (approval !== undefined) {
      const [status, reason] = APPROVAL[approval.state];
      const condition: NewCondition = {
        type: 'KubernetesAPIApprovalPolicyConformant',
        status,
        reason,
        message: approval.message,
      };
      if (!holds(definition, condition)) {
        await hands.updateStatus(
          DEFINITIONS,
          withStatus(definition, withCondition(definition, condition, clock.now())),
        );
        return;
      }
    }
    const named = acceptNames(definition, [...api.list(DEFINITIONS)], clock.now());
    if (named !== undefined) {
      await hands.updateStatus(DEFINITIONS, named);
      requeueGroup(definition);
      return;
    }
    if (!conditionIsTrue(definition, 'NamesAccepted') || conditionIsTrue(definition, 'Established')) return;
    const established: NewCondition = {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    };
    await hands.updateStatus(DEFINITIONS, withStatus(definition, withCondition(definition, established, clock.now())));
  };

  const cleanUp = async (definition: KubeObject): Promise<void> => {
    const name = definition.metadata.name ?? '';
    if (definition.metadata.finalizers?.includes(CLEANUP_FINALIZER) !== true) return;
    const { group, names } = specOf(definition);
    const terminating = (status: 'True' | 'False', reason: string, message: string): NewCondition => ({
      type: 'Terminating',
      status,
      reason,
      message,
    });
    const progress = terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
    const since = waiting.get(name);
    if (since === undefined) {
      waiting.set(name, clock.now());
      if (!holds(definition, progress)) {
        await hands.updateStatus(DEFINITIONS, withStatus(definition, withCondition(definition, progress, clock.now())));
        queue.add(name);
        return;
      }
    }
    let done = terminating('False', 'NeverEstablished', 'resource was never established');
    if (conditionIsTrue(definition, 'Established')) {
      const resource = resourceName(group, names.plural ?? '');
      for (const instance of [...api.list(resource)])
        if (instance.metadata.deletionTimestamp === undefined) await removeInstance(hands, resource, instance);
      if ([...api.list(resource)].length > 0) {
        await waitForInstances(definition, name, since ?? clock.now());
        return;
      }
      done = terminating('False', 'InstanceDeletionCompleted', 'removed all instances');
    }
    waiting.delete(name);
    const marked = await hands.updateStatus(
      DEFINITIONS,
      withStatus(definition, withCondition(definition, done, clock.now())),
    );
    const finalizers = (marked.metadata.finalizers ?? []).filter((each) => each !== CLEANUP_FINALIZER);
    await hands.update(DEFINITIONS, { ...copyOf(marked), metadata: { ...copyOf(marked.metadata), finalizers } });
  };

  const waitForInstances = async (definition: KubeObject, name: string, since: number): Promise<void> => {
    queue.addAfter(name, POLL_MS);
    if (clock.now() - since < PATIENCE_MS) return;
    waiting.set(name, clock.now());
    const late: NewCondition = {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionCheck',
      message: 'could not confirm zero CustomResources remaining: context deadline exceeded',
    };
    if (holds(definition, late)) return;
    await hands.updateStatus(DEFINITIONS, withStatus(definition, withCondition(definition, late, clock.now())));
  };

  const requeueGroup = (definition: KubeObject): void => {
    const { group } = specOf(definition);
    for (const other of api.list(DEFINITIONS))
      if (specOf(other).group === group && other.metadata.name !== definition.metadata.name)
        queue.add(other.metadata.name ?? '');
  };

  return queuedController({
    name: 'crd-controllers',
    queue,
    context,
    noted({ kind, now }) {
      if (now.resource === DEFINITIONS) {
        if (kind === 'deleted') requeueGroup(now.object);
        else queue.add(now.object.metadata.name ?? '');
      } else if (kind === 'deleted' && waiting.size > 0 && waiting.has(now.resource))
        queue.addAfter(now.resource, POLL_MS);
    },
    reconcile,
  });
};

async function removeInstance(
  hands: Hands,
  resource: ReturnType<typeof resourceName>,
  instance: KubeObject,
): Promise<void> {
  const { name, namespace } = instance.metadata;
  await hands.remove(resource, {
    metadata: { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) },
  });
}
