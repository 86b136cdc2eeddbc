import { isControlledBy } from './claims.ts';
import {
  availableOf,
  DESIRED,
  isComplete,
  MOST,
  maxSurge,
  maxUnavailable,
  revisionOf,
  sizeAnnotations,
  sizeOf,
  sum,
  wantedOf,
} from './deployment-facts.ts';
import { DeploymentRevisions, REPLICA_SETS } from './deployment-revisions.ts';
import { proportions } from './deployment-scale.ts';
import { deploymentStatus, lateAt, rolloutStatus } from './deployment-status.ts';
import { byCreation, isFinished } from './pod-facts.ts';
import type { DeploymentStatus, Pod, ReplicaSet } from './shapes.ts';
import { sortedText } from './template-hash.ts';

/** One look at one Deployment: its ReplicaSets brought nearer to what it says. */
export class Rollout extends DeploymentRevisions {
  async statusOnly(): Promise<void> {
    await this.syncRevision(false);
    await this.#write(deploymentStatus(this.deployment, this.all, this.fresh, this.context.clock.now()));
  }

  /** Paused, or just scaled: sizes change, no new template rolls out. */
  async scaleOnly(): Promise<void> {
    await this.syncRevision(false);
    for (const [set, size] of proportions(this.deployment, this.fresh, this.old)) await this.#resize(set, size);
    if (this.deployment.spec.paused === true) await this.#cleanUp();
    await this.#write(deploymentStatus(this.deployment, this.all, this.fresh, this.context.clock.now()));
  }

  async roll(): Promise<number | undefined> {
    await this.syncRevision(true);
    if (!(await this.#grow()) && !(await this.#shrink()) && isComplete(this.deployment, this.deployment.status))
      await this.#cleanUp();
    return this.#finish();
  }

  async recreate(pods: readonly Pod[]): Promise<number | undefined> {
    await this.syncRevision(false);
    const active = this.old.filter((set) => sizeOf(set) > 0);
    for (const set of active) await this.#resize(set, 0);
    if (active.length > 0) return this.#finish();
    const running = pods.some(
      (pod) => !isFinished(pod) && (this.fresh === undefined || !isControlledBy(pod, this.fresh)),
    );
    if (running || sum(this.old, ({ status }) => status?.replicas ?? 0) > 0) return this.#finish();
    if (this.fresh === undefined) await this.syncRevision(true);
    if (this.fresh !== undefined) await this.#resize(this.fresh, wantedOf(this.deployment));
    if (isComplete(this.deployment, this.deployment.status)) await this.#cleanUp();
    return this.#finish();
  }

  async #grow(): Promise<boolean> {
    const { fresh } = this;
    const wanted = wantedOf(this.deployment);
    if (fresh === undefined || sizeOf(fresh) === wanted) return false;
    const room = Math.max(wanted + maxSurge(this.deployment) - sum(this.all, sizeOf), 0);
    const size = sizeOf(fresh) > wanted ? wanted : Math.min(sizeOf(fresh) + room, wanted);
    return this.#resize(fresh, size);
  }

  async #shrink(): Promise<boolean> {
    const { fresh } = this;
    const active = this.old.filter((set) => sizeOf(set) > 0).sort(byCreation);
    if (fresh === undefined || active.length === 0) return false;
    const least = wantedOf(this.deployment) - maxUnavailable(this.deployment);
    let spare = sum(this.all, sizeOf) - least - (sizeOf(fresh) - availableOf(fresh));
    if (spare <= 0) return false;
    let shrunk = 0;
    const after: ReplicaSet[] = [];
    // Pods that do not serve go first, whatever set they are of.
    for (const set of active) {
      const idle = Math.max(Math.min(spare, sizeOf(set) - availableOf(set)), 0);
      if (idle > 0) await this.#resize(set, sizeOf(set) - idle);
      spare -= idle;
      shrunk += idle;
      after.push(idle > 0 ? { ...set, spec: { ...set.spec, replicas: sizeOf(set) - idle } } : set);
    }
    let serving = sum([...after, fresh], availableOf) - least;
    for (const set of after) {
      const less = Math.min(sizeOf(set), serving);
      if (less <= 0) continue;
      await this.#resize(set, sizeOf(set) - less);
      serving -= less;
      shrunk += less;
    }
    return shrunk > 0;
  }

  async #resize(set: ReplicaSet, size: number): Promise<boolean> {
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(this.deployment) };
    const told = set.metadata.annotations ?? {};
    if (sizeOf(set) === size && told[DESIRED] === annotations[DESIRED] && told[MOST] === annotations[MOST])
      return false;
    const latest = (this.context.api.byUid(set.metadata.uid ?? '') ?? set) as ReplicaSet;
    await this.hands.update(REPLICA_SETS, {
      ...latest,
      metadata: {
        ...latest.metadata,
        annotations: { ...latest.metadata.annotations, ...sizeAnnotations(this.deployment) },
      },
      spec: { ...latest.spec, replicas: size },
    });
    const before = sizeOf(set);
    if (before === size) return false;
    const which = `Scaled ${before < size ? 'up' : 'down'} replica set ${set.metadata.name}`;
    await this.events.normal(this.deployment, 'ScalingReplicaSet', `${which} from ${before} to ${size}`);
    return true;
  }

  async #cleanUp(): Promise<void> {
    const { revisionHistoryLimit: limit } = this.deployment.spec;
    if (limit === undefined || limit === 2_147_483_647) return;
    const alive = this.old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const oldest = [...alive].sort((a, b) => revisionOf(a) - revisionOf(b) || byCreation(a, b));
    for (const set of oldest.slice(0, Math.max(alive.length - limit, 0))) {
      const { generation = 0 } = set.metadata;
      const idle = (set.status?.replicas ?? 0) === 0 && sizeOf(set) === 0;
      if (idle && generation <= (set.status?.observedGeneration ?? 0)) await this.hands.remove(REPLICA_SETS, set);
    }
  }

  async #finish(): Promise<number | undefined> {
    await this.#write(rolloutStatus(this.deployment, this.all, this.fresh, this.context.clock.now()));
    return lateAt(this.deployment, this.deployment.status ?? {});
  }

  async #write(status: DeploymentStatus): Promise<void> {
    if (sortedText(status) !== sortedText(this.deployment.status ?? {})) await this.writeStatus(status);
  }
}
