import type { Answer } from '../../src/cluster/port.ts';
import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import { groupOf, type ResourceName } from '../../src/objects/key.ts';
import type { User } from '../../src/sandbox/access/user.ts';
import type { ControllerMaker } from '../../src/sandbox/controllers/controller.ts';
import { garbageCollector } from '../../src/sandbox/controllers/garbage-collector.ts';
import { copyOf } from '../../src/sandbox/controllers/hands.ts';
import { namespaceController } from '../../src/sandbox/controllers/namespaces.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';

/** After everything that was captured. */
const NOW = Date.UTC(2026, 10, 21, 12);
const PEOPLE = { user: { name: 'admin', groups: ['system:masters', 'system:authenticated'] }, manager: 'restore' };

/** How owner references are written at a restore. */
export type Owners = 'stripped' | 'relinked' | 'stale';
export interface Restoring {
  readonly owners: Owners;
  /** Changes the body before it is sent. */
  edit?(object: Editable): void;
  /** Controllers act between two writes; default true. */
  readonly actBetween?: boolean;
}
/** A body that may be changed in place. */
export interface Editable {
  kind: string;
  metadata: {
    name: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface Refused {
  readonly object: string;
  readonly status: number;
  readonly message: string;
}

/** A fresh cluster into which captured objects are restored, and what was seen meanwhile. */
export class Scene {
  readonly sandbox: Sandbox;
  readonly log: string[];
  /** Messages of conditions and phases' reasons, as they appeared in any object. */
  readonly messages = new Set<string>();
  readonly refused: Refused[] = [];
  /** What was restored, by captured UID. */
  readonly restored = new Map<string, KubeObject>();
  readonly #followers: Sandbox[] = [];

  private constructor(sandbox: Sandbox, log: string[]) {
    this.sandbox = sandbox;
    this.log = log;
    sandbox.tap(({ now }) => {
      const { conditions, phaseReason } = (now.object.status ?? {}) as {
        conditions?: readonly { message?: string }[];
        phaseReason?: string;
      };
      for (const { message } of Array.isArray(conditions) ? conditions : []) if (message) this.messages.add(message);
      if (phaseReason) this.messages.add(phaseReason);
    });
  }

  /** `running`: who acts from the beginning. */
  static async open(
    running: readonly ControllerMaker[],
    tokens: Readonly<Record<string, User>> = {},
    seed = 7,
  ): Promise<Scene> {
    const log: string[] = [];
    const sandbox = await startSandbox({
      clock: { start: NOW },
      seed,
      controllers: running,
      tokens,
      log: (line) => log.push(line),
    });
    return new Scene(sandbox, log);
  }

  /** Another cluster whose clock goes with this one's. */
  async follower(running: readonly ControllerMaker[] = [namespaceController, garbageCollector]): Promise<Sandbox> {
    const follower = await startSandbox({ clock: { start: this.sandbox.clock.now() }, seed: 11, controllers: running });
    this.#followers.push(follower);
    return follower;
  }

  async start(...makers: readonly ControllerMaker[]): Promise<void> {
    for (const maker of makers) this.sandbox.controllers.start(maker);
    await this.settle();
  }
  stop(...makers: readonly ControllerMaker[]): void {
    for (const maker of makers) this.sandbox.controllers.stop(maker);
  }

  async settle(): Promise<void> {
    await this.sandbox.settle();
    for (const follower of this.#followers) await follower.settle();
  }

  /** Both clusters live on, half a second at a time. */
  async wait(seconds: number): Promise<void> {
    for (let half = 0; half < seconds * 2; half++) {
      await this.sandbox.advance(500);
      for (const follower of this.#followers) await follower.advance(500);
    }
    await this.settle();
  }

  /** POST of each object in the order given, without status, UID and the like. */
  async restore(objects: readonly KubeObject[], how: Restoring): Promise<void> {
    for (const object of objects) {
      const body = this.#body(object, how);
      how.edit?.(body);
      await this.post(body, object.metadata.uid);
      if (how.actBetween !== false) await this.settle();
    }
  }

  /** Creates one object; a refusal is noted. `captured`: the UID that it had. */
  async post(body: object, captured?: string): Promise<Answer> {
    const object = body as unknown as KubeObject;
    const resource = this.resourceOf(object);
    const { namespace, name = '' } = object.metadata;
    const answer = await this.sandbox.api.create(
      {
        resource,
        version: object.apiVersion.slice(object.apiVersion.indexOf('/') + 1),
        ...(namespace === undefined ? {} : { namespace }),
      },
      body as JsonObject,
      PEOPLE,
    );
    if (answer.kind === 'rejected')
      this.refused.push({ object: `${object.kind} ${name}`, status: answer.status, message: answer.message });
    else if (captured !== undefined) this.restored.set(captured, answer.object);
    return answer;
  }

  async patch(resource: string, namespace: string | undefined, name: string, body: JsonObject): Promise<Answer> {
    const at = { resource: resource as ResourceName, name, ...(namespace === undefined ? {} : { namespace }) };
    const answer = await this.sandbox.api.patch(at, { kind: 'merge', body }, PEOPLE);
    await this.settle();
    return answer;
  }

  async remove(
    resource: string,
    namespace: string | undefined,
    name: string,
    propagation?: 'Background' | 'Foreground' | 'Orphan',
  ): Promise<Answer> {
    const at = { resource: resource as ResourceName, name, ...(namespace === undefined ? {} : { namespace }) };
    const answer = await this.sandbox.api.delete(at, {
      ...PEOPLE,
      ...(propagation === undefined ? {} : { propagation }),
    });
    await this.settle();
    return answer;
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.sandbox.api.get(resource as ResourceName, namespace, name);
  }
  list(resource: string, namespace?: string): KubeObject[] {
    return [...this.sandbox.api.list(resource as ResourceName, namespace)];
  }
  /** What was restored of a captured object as it is now. */
  now(captured: KubeObject): KubeObject | undefined {
    return this.sandbox.api.get(this.resourceOf(captured), captured.metadata.namespace, captured.metadata.name ?? '');
  }
  /** A world that could not be set up proves nothing. */
  nothingRefused(): void {
    const [first] = this.refused;
    if (first !== undefined)
      throw new Error(
        `${this.refused.length} objects were refused: ${first.object}: ${first.status} ${first.message.slice(0, 2000)}`,
      );
  }
  said(part: string): boolean {
    return this.log.some((line) => line.includes(part)) || [...this.messages].some((message) => message.includes(part));
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    for (const follower of this.#followers) await follower.close();
  }

  resourceOf({ apiVersion, kind }: KubeObject): ResourceName {
    const group = groupOf(apiVersion);
    for (const crd of this.list('customresourcedefinitions.apiextensions.k8s.io')) {
      const { spec } = crd as unknown as { spec: { group: string; names: { kind: string; plural: string } } };
      if (spec.group === group && spec.names.kind === kind) return `${spec.names.plural}.${group}` as ResourceName;
    }
    const lower = kind.toLowerCase();
    const plural = /(s|x|ch)$/.test(lower)
      ? `${lower}es`
      : lower.endsWith('y')
        ? `${lower.slice(0, -1)}ies`
        : `${lower}s`;
    return (group === '' ? plural : `${plural}.${group}`) as ResourceName;
  }

  #body(object: KubeObject, { owners }: Restoring): Editable {
    const body = copyOf(object) as unknown as Editable & { status?: unknown };
    delete body.status;
    const { metadata } = body;
    for (const field of ['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'managedFields', 'selfLink'])
      delete metadata[field];
    const references = object.metadata.ownerReferences ?? [];
    if (owners === 'stripped') delete metadata.ownerReferences;
    else if (owners === 'relinked')
      metadata.ownerReferences = references.flatMap((owner) => {
        const now = this.restored.get(owner.uid);
        return now === undefined ? [] : [{ ...owner, uid: now.metadata.uid }];
      });
    return body;
  }
}
