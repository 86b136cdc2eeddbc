import type { KubeObject } from '../../objects/json.ts';
import { controllerOf } from '../../objects/owners.ts';
import { isEmptySelector } from '../../objects/selector-shape.ts';
import { claim } from './claims.ts';
import type { ControllerMaker } from './controller.ts';
import { DESIRED, deadlineOf, deploymentCondition, sizeOf, wantedOf, withCondition } from './deployment-facts.ts';
import { Rollout } from './deployment-rollout.ts';
import { eventsOf } from './events.ts';
import { handsOf, resource } from './hands.ts';
import { OwnedObjects } from './owned-objects.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { selects } from './selectors.ts';
import type { Deployment, Pod, ReplicaSet } from './shapes.ts';
import { WorkQueue } from './work-queue.ts';

const DEPLOYMENTS = resource('deployments.apps');
const REPLICA_SETS = resource('replicasets.apps');
const PODS = resource('pods');

/** Deployments: a ReplicaSet per template, rollouts, scaling, history, conditions. */
export const deploymentController: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, 'deployment-controller');
  const events = eventsOf(context, 'deployment-controller', { component: 'deployment-controller' });
  const sets = new OwnedObjects<ReplicaSet>(REPLICA_SETS);
  const pods = new OwnedObjects<Pod>(PODS);

  const noteSet = (set: KubeObject): void => {
    const owner = controllerOf(set);
    if (owner?.kind === 'Deployment') queue.add(`${set.metadata.namespace}/${owner.name}`);
    if (owner !== undefined) return;
    for (const deployment of api.list(DEPLOYMENTS, set.metadata.namespace) as Iterable<Deployment>)
      if (selects(deployment.spec.selector)(set.metadata.labels)) queue.add(keyOf(deployment));
  };
  /** A Deployment that re-creates waits for the last of its old Pods. */
  const notePodGone = (pod: KubeObject): void => {
    const owner = controllerOf(pod);
    const set = owner === undefined ? undefined : api.get(REPLICA_SETS, pod.metadata.namespace, owner.name);
    if (set !== undefined) noteSet(set);
  };

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const deployment = api.get(DEPLOYMENTS, namespace, name) as Deployment | undefined;
    if (deployment === undefined) return;
    const rollout = new Rollout(context, hands, events, deployment);
    const { spec, metadata, status } = deployment;
    if (isEmptySelector(spec.selector)) {
      const all = 'This deployment is selecting all pods. A non-empty selector is required.';
      await events.warning(deployment, 'SelectingAll', all);
      if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0))
        await rollout.writeStatus({ ...status, observedGeneration: metadata.generation ?? 0 });
      return;
    }
    const mayAdopt = (): boolean => {
      const now = api.byUid(metadata.uid ?? '');
      return now !== undefined && now.metadata.deletionTimestamp === undefined;
    };
    const claimant = { apiVersion: 'apps/v1', kind: 'Deployment', object: deployment, mayAdopt };
    rollout.sets = await claim(hands, REPLICA_SETS, claimant, selects(spec.selector), sets);
    if (metadata.deletionTimestamp !== undefined) return rollout.statusOnly();
    await pauseOrResume(rollout);
    if (spec.paused === true) return rollout.scaleOnly();
    if (await isScaling(rollout)) return rollout.scaleOnly();
    const oldPods = [...rollout.sets].flatMap((set) => [...pods.ownedBy(set.metadata.uid)]);
    const due = spec.strategy?.type === 'Recreate' ? await rollout.recreate(oldPods) : await rollout.roll();
    if (due !== undefined) queue.addAt(key, due);
  }

  async function pauseOrResume(rollout: Rollout): Promise<void> {
    const { spec, status } = rollout.deployment;
    const current = status?.conditions?.find(({ type }) => type === 'Progressing');
    if (deadlineOf(rollout.deployment) === undefined || current?.reason === 'ProgressDeadlineExceeded') return;
    const paused = current?.reason === 'DeploymentPaused';
    if ((spec.paused === true) === paused) return;
    const [reason, message] = paused
      ? ['DeploymentResumed', 'Deployment is resumed']
      : ['DeploymentPaused', 'Deployment is paused'];
    const condition = deploymentCondition(clock.now(), 'Progressing', 'Unknown', reason ?? '', message ?? '');
    await rollout.writeStatus({ ...status, conditions: withCondition(status?.conditions ?? [], condition) });
  }

  async function isScaling(rollout: Rollout): Promise<boolean> {
    await rollout.syncRevision(false);
    return rollout.all.some((set) => {
      const desired = set.metadata.annotations?.[DESIRED];
      return sizeOf(set) > 0 && desired !== undefined && Number(desired) !== wantedOf(rollout.deployment);
    });
  }

  return queuedController({
    name: 'deployment-controller',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === DEPLOYMENTS) queue.add(keyOf(object));
      if (of === REPLICA_SETS) {
        sets.note(change);
        if (change.kind === 'modified' && controllerOf(change.before.object)?.uid !== controllerOf(object)?.uid)
          noteSet(change.before.object);
        noteSet(object);
      }
      if (of === PODS) {
        pods.note(change);
        if (change.kind === 'deleted') notePodGone(object);
      }
    },
    reconcile,
  });
};
