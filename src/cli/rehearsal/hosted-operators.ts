import type { System } from '../../knowledge/language.ts';
import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { getAt } from '../../objects/pointer.ts';
import { isPicked } from '../../recover/living-systems.ts';
import type { Cloud } from '../../sandbox/cloud/cloud.ts';
import type { ControllerMaker } from '../../sandbox/controllers/controller.ts';
import { OPERATOR_MODELS, type OperatorPart } from '../../sandbox/controllers/operator-models.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

interface Hosted {
  readonly system: string;
  readonly part: OperatorPart;
  /** Workloads with a ready Pod that run it, by their key. */
  readonly hosts: Set<string>;
  maker: ControllerMaker | undefined;
  ran: boolean;
}

/**
 * Operators' models, each acting exactly while a workload that knowledge takes for its own has a ready Pod: held at 0 replicas it
 * is silent, released it begins anew.
 */
export class HostedOperators {
  readonly #sandbox: Sandbox;
  readonly #cloud: Cloud;
  readonly #systems: readonly System[];
  readonly #hosted: readonly Hosted[] = OPERATOR_MODELS.flatMap(({ system, parts }) =>
    parts.map((part) => ({ system, part, hosts: new Set<string>(), maker: undefined, ran: false })),
  );

  constructor(sandbox: Sandbox, cloud: Cloud, systems: readonly System[]) {
    this.#sandbox = sandbox;
    this.#cloud = cloud;
    this.#systems = systems;
    for (const resource of this.#resources())
      for (const object of sandbox.api.list(resource)) this.note(resource, object, true);
  }

  /** A workload is as it now is, or is gone. */
  note(resource: ResourceName, object: KubeObject, there: boolean): void {
    for (const { system, hosted } of this.#runBy(resource, object)) {
      const { namespace = '', name = '' } = object.metadata;
      const acts = there && Number(getAt(object, '/status/readyReplicas') ?? 0) > 0;
      for (const one of hosted) {
        if (one.system !== system) continue;
        if (acts) one.hosts.add(`${resource} ${namespace}/${name}`);
        else one.hosts.delete(`${resource} ${namespace}/${name}`);
        this.#startOrStop(one, object);
      }
    }
  }

  /** Whether a part of the system that acts on such objects has run; undefined: it has no model. */
  acts(system: string, resource: ResourceName, categories: readonly string[]): boolean | undefined {
    const own = this.#hosted.filter((one) => one.system === system);
    if (own.length === 0) return undefined;
    return own.some(({ part, ran }) => ran && part.actsOn({ resource, categories }));
  }

  #startOrStop(one: Hosted, workload: KubeObject): void {
    const { controllers } = this.#sandbox;
    if (one.hosts.size > 0 && one.maker === undefined) {
      one.maker = one.part.make(this.#cloud, workload);
      one.ran = true;
      controllers.start(one.maker);
    } else if (one.hosts.size === 0 && one.maker !== undefined) {
      controllers.stop(one.maker);
      one.maker = undefined;
    }
  }

  #runBy(resource: ResourceName, object: KubeObject): { system: string; hosted: Hosted[] }[] {
    return this.#systems.flatMap(({ id, control }) => {
      const picks = (control?.workloads ?? []).filter((pick) => pick.resource === resource);
      if (!picks.some((pick) => isPicked(pick, object))) return [];
      const hosted = this.#hosted.filter((one) => one.system === id && one.part.runsIn(object));
      return hosted.length === 0 ? [] : [{ system: id, hosted }];
    });
  }

  #resources(): Set<ResourceName> {
    return new Set(this.#systems.flatMap(({ control }) => (control?.workloads ?? []).map(({ resource }) => resource)));
  }
}
