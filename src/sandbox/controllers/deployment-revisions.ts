import type { KubeObject } from '../../objects/json.ts';
import { controllerReference, isControlledBy } from './claims.ts';
import type { ControllerContext } from './controller.ts';
import {
  annotationsFor,
  deadlineOf,
  deploymentCondition,
  HASH_LABEL,
  isRolling,
  maxSurge,
  REVISION,
  revisionOf,
  sameTemplate,
  sizeOf,
  sum,
  wantedOf,
  withCondition,
} from './deployment-facts.ts';
import type { EventRecorder } from './events.ts';
import { type Hands, namespaceTerminates, refusedAs, resource, WriteRefused } from './hands.ts';
import { byCreation } from './pod-facts.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from './shapes.ts';
import { templateHash } from './template-hash.ts';

const DEPLOYMENTS = resource('deployments.apps');
export const REPLICA_SETS = resource('replicasets.apps');

/** A Deployment with its ReplicaSets: the fresh one of the present template, found or made, and the old ones. */
export class DeploymentRevisions {
  deployment: Deployment;
  sets: readonly ReplicaSet[] = [];
  fresh: ReplicaSet | undefined;
  old: readonly ReplicaSet[] = [];
  protected readonly context: ControllerContext;
  protected readonly hands: Hands;
  protected readonly events: EventRecorder;

  constructor(context: ControllerContext, hands: Hands, events: EventRecorder, deployment: Deployment) {
    this.context = context;
    this.hands = hands;
    this.events = events;
    this.deployment = deployment;
  }

  get all(): readonly ReplicaSet[] {
    return this.fresh === undefined ? this.old : [...this.old, this.fresh];
  }

  async writeStatus(status: DeploymentStatus, revision?: string): Promise<void> {
    const latest = this.context.api.byUid(this.deployment.metadata.uid ?? '') as Deployment | undefined;
    if (latest === undefined) return;
    const annotations =
      revision === undefined ? latest.metadata.annotations : { ...latest.metadata.annotations, [REVISION]: revision };
    const metadata = annotations === undefined ? latest.metadata : { ...latest.metadata, annotations };
    this.deployment = (await this.hands.updateStatus(DEPLOYMENTS, { ...latest, metadata, status })) as Deployment;
  }

  /** Finds, corrects and, where wanted, creates the ReplicaSet of the present template. */
  async syncRevision(create: boolean): Promise<void> {
    const sorted = [...this.sets].sort(byCreation);
    const { template, minReadySeconds } = this.deployment.spec;
    const found = sorted.find((set) => sameTemplate(set.spec.template, template));
    this.old = sorted.filter((set) => set !== found);
    const revision = Math.max(0, ...this.old.map(revisionOf)) + 1;
    if (found !== undefined) {
      this.fresh = await this.#corrected(found, revision, minReadySeconds);
      this.sets = [...this.old, this.fresh];
    } else if (create) {
      this.fresh = await this.#created(revision);
      this.sets = this.all;
    }
  }

  async #corrected(found: ReplicaSet, revision: number, minReadySeconds: number | undefined): Promise<ReplicaSet> {
    const old = found.metadata.annotations ?? {};
    const annotations = annotationsFor(this.deployment, old, revision, true);
    if (annotations !== old || (found.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
      const { minReadySeconds: _old, ...spec } = found.spec;
      const next = { ...spec, ...(minReadySeconds === undefined ? {} : { minReadySeconds }) };
      const body = { ...found, metadata: { ...found.metadata, annotations }, spec: next };
      return (await this.hands.update(REPLICA_SETS, body)) as ReplicaSet;
    }
    const noted = found.metadata.annotations?.[REVISION] ?? '';
    const conditions = this.deployment.status?.conditions ?? [];
    const unknown = deadlineOf(this.deployment) !== undefined && !conditions.some(({ type }) => type === 'Progressing');
    if (this.deployment.metadata.annotations?.[REVISION] !== noted || unknown) {
      const message = `Found new replica set "${found.metadata.name}"`;
      const next = unknown
        ? withCondition(conditions, this.#condition('Progressing', 'True', 'FoundNewReplicaSet', message))
        : conditions;
      await this.writeStatus({ ...this.deployment.status, conditions: next }, noted);
    }
    return found;
  }

  async #created(revision: number): Promise<ReplicaSet> {
    const { deployment } = this;
    const { name = '', namespace } = deployment.metadata;
    const { template, selector, minReadySeconds } = deployment.spec;
    const hash = templateHash(template, deployment.status?.collisionCount);
    const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
    const replicas = isRolling(deployment)
      ? Math.min(Math.max(wantedOf(deployment) + maxSurge(deployment) - sum(this.old, sizeOf), 0), wantedOf(deployment))
      : wantedOf(deployment);
    const body = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name.slice(0, 253 - 1 - hash.length)}-${hash}`,
        namespace,
        ownerReferences: [controllerReference('apps/v1', 'Deployment', deployment)],
        labels,
        annotations: annotationsFor(deployment, {}, revision, false),
      },
      spec: {
        replicas,
        minReadySeconds,
        selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH_LABEL]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
      status: { replicas: 0 },
    };
    let made: KubeObject;
    try {
      made = await this.hands.create(REPLICA_SETS, namespace, body);
      const scaled = `Scaled up replica set ${made.metadata.name} from 0 to ${replicas}`;
      if (replicas > 0) await this.events.normal(deployment, 'ScalingReplicaSet', scaled);
    } catch (error) {
      made = await this.#standing(error, body.metadata.name);
    }
    const conditions = this.deployment.status?.conditions ?? [];
    const message = `Created new replica set "${made.metadata.name}"`;
    const next =
      deadlineOf(deployment) === undefined
        ? conditions
        : withCondition(conditions, this.#condition('Progressing', 'True', 'NewReplicaSetCreated', message));
    if (next !== conditions || deployment.metadata.annotations?.[REVISION] !== String(revision))
      await this.writeStatus({ ...this.deployment.status, conditions: next }, String(revision));
    return made as ReplicaSet;
  }

  /** The ReplicaSet that is there already, if it is ours; else the name collides and the next hash is another. */
  async #standing(error: unknown, name: string): Promise<KubeObject> {
    if (!(error instanceof WriteRefused)) throw error;
    const { status } = this.deployment;
    if (refusedAs(error, 'AlreadyExists')) {
      const set = this.context.api.get(REPLICA_SETS, this.deployment.metadata.namespace, name) as
        | ReplicaSet
        | undefined;
      if (
        set !== undefined &&
        isControlledBy(set, this.deployment) &&
        sameTemplate(set.spec.template, this.deployment.spec.template)
      )
        return set;
      await this.writeStatus({ ...status, collisionCount: (status?.collisionCount ?? 0) + 1 });
    } else if (!namespaceTerminates(error)) {
      await this.#failed(`Failed to create new replica set "${name}": ${error.message}`);
    }
    throw error;
  }

  async #failed(message: string): Promise<void> {
    const { deployment } = this;
    const reason = 'ReplicaSetCreateError';
    if (deadlineOf(deployment) !== undefined) {
      const { status } = deployment;
      const condition = this.#condition('Progressing', 'False', reason, message);
      await this.writeStatus({ ...status, conditions: withCondition(status?.conditions ?? [], condition) });
    }
    await this.events.warning(deployment, reason, message);
  }

  #condition(type: string, status: string, reason: string, message: string) {
    return deploymentCondition(this.context.clock.now(), type, status, reason, message);
  }
}
