import { clusterFault } from '../../src/cluster/codes.ts';
import type {
  Answer,
  Cluster,
  CollectionAddress,
  ListOptions,
  ListOutcome,
  ObjectAddress,
  Patch,
  RawItem,
  Rejection,
  ServedResource,
  WriteOptions,
} from '../../src/cluster/port.ts';
import type { Json, JsonObject, KubeObject, ManagedFieldsEntry } from '../../src/objects/json.ts';
import { groupOf, type KeyText, keyTextOf, resourceName, type Uid } from '../../src/objects/key.ts';
import { applyMergePatch } from '../../src/objects/merge-patch.ts';
import { accepted, BUILT_IN, entryOf, kind, rejection } from './scripted-answers.ts';

export interface Write {
  readonly number: number;
  readonly verb: 'create' | 'patch' | 'status' | 'delete';
  readonly key: KeyText;
  readonly body: JsonObject;
}
/** What the script does with a write: let it through, refuse it, or lose the connection before or after it is done. */
export type Fate = 'through' | 'lost before' | 'lost after' | Rejection;

/** A small API server in memory: UIDs, 409, preconditions, managed fields, status, definitions, and a garbage collector that acts at once. */
export class ScriptedCluster implements Cluster {
  readonly name = 'scripted';
  readonly objects = new Map<KeyText, KubeObject>();
  readonly writes: Write[] = [];
  readonly collected: KeyText[] = [];
  kinds: ServedResource[] = [...BUILT_IN];
  /** Decides about each write before it is carried out. */
  script: (write: Write) => Fate | Promise<Fate> = () => 'through';
  /** Whether the status of workloads follows their spec. */
  controllers = true;
  /** Questions that are denied. */
  denied: (question: {
    verb: string;
    group: string;
    resource: string;
    namespace?: string;
    subresource?: string;
  }) => boolean = () => false;
  /** Looks at a new definition until it is Established. */
  establishAfter = 0;
  /** Answers a patch of managed fields with 200 and forgets them. */
  dropsFields = false;
  fingerprintUid = 'feed0000-0000-4000-8000-000000000001' as Uid;
  questions = 0;
  #serial = 0;
  #pinned: Uid | undefined;
  #looks = new Map<KeyText, number>();

  constructor() {
    for (const name of ['default', 'kube-system'])
      this.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  /** Puts an object there as some other client would have. */
  seed(object: {
    apiVersion: string;
    kind: string;
    metadata: KubeObject['metadata'];
    [field: string]: unknown;
  }): KubeObject {
    const served = this.kinds.find((one) => one.kind === object.kind && one.group === groupOf(object.apiVersion));
    if (served === undefined) throw new Error(`no kind ${object.kind}`);
    const metadata = { uid: this.#uid(), resourceVersion: this.#revision(), generation: 1, ...object.metadata };
    const whole = { ...object, metadata } as KubeObject;
    this.objects.set(this.#key(served, metadata.namespace, metadata.name ?? ''), whole);
    return whole;
  }

  at(key: string): KubeObject {
    const object = this.objects.get(key as KeyText);
    if (object === undefined) throw new Error(`${key} is not there`);
    return object;
  }
  uid(key: string): Uid {
    return this.at(key).metadata.uid as Uid;
  }

  async version() {
    return { gitVersion: 'v1.34.4', major: '1', minor: '34' };
  }
  async fingerprint() {
    return this.fingerprintUid;
  }
  pin(fingerprint: Uid): void {
    this.#pinned = fingerprint;
  }
  async discovery() {
    const resources = this.kinds;
    const preferred: Record<string, string[]> = {};
    for (const one of resources) {
      preferred[one.group] ??= [];
      const list = preferred[one.group] as string[];
      if (!list.includes(one.version)) list.push(one.version);
    }
    return { resources, preferred, dead: [] };
  }

  async list(
    at: CollectionAddress,
    onItem: (item: RawItem) => void | Promise<void>,
    options: ListOptions = {},
  ): Promise<ListOutcome> {
    const served = this.#served(at);
    if (served === undefined) return rejection(404, 'NotFound', 'the server could not find the requested resource');
    const labels = (options.labelSelector ?? '').split(',').filter((part) => part !== '');
    let items = 0;
    for (const [key, object] of [...this.objects]) {
      if (!key.startsWith(`${resourceName(at.group, at.resource)}/`)) continue;
      const { metadata } = object;
      if (at.namespace !== undefined && metadata.namespace !== at.namespace) continue;
      if (!labels.every((part) => metadata.labels?.[part.split('=')[0] ?? ''] === part.split('=')[1])) continue;
      items++;
      const given = options.shape === 'metadata' ? { metadata } : object;
      await onItem({
        bytes: Buffer.from(JSON.stringify(given)),
        name: metadata.name ?? '',
        namespace: metadata.namespace,
        uid: metadata.uid ?? '',
        resourceVersion: metadata.resourceVersion ?? '',
      });
    }
    return { kind: 'complete', end: { revision: '1', items, bytes: 0, apiVersion: 'v1', kind: `${served.kind}List` } };
  }

  async get(at: ObjectAddress): Promise<Answer> {
    const served = this.#served(at);
    const key = served === undefined ? undefined : this.#key(served, at.namespace, at.name);
    const object = key === undefined ? undefined : this.objects.get(key);
    if (object === undefined || key === undefined)
      return rejection(404, 'NotFound', `${at.resource} "${at.name}" not found`);
    if (served?.resource === 'customresourcedefinitions') this.#look(key, object);
    return accepted(200, this.objects.get(key) ?? object);
  }

  async create(at: CollectionAddress, body: Json | Uint8Array, options: WriteOptions = {}): Promise<Answer> {
    const object = JSON.parse(JSON.stringify(body)) as KubeObject;
    const served = this.#served(at);
    const key = keyTextOf(resourceName(at.group, at.resource), at.namespace, object.metadata.name ?? '');
    return await this.#write('create', key, object as never, options, (): Answer => {
      if (served === undefined) return rejection(404, 'NotFound', 'the server could not find the requested resource');
      const home = at.namespace === undefined ? undefined : this.objects.get(`namespaces/${at.namespace}` as KeyText);
      if (at.namespace !== undefined && home === undefined)
        return rejection(404, 'NotFound', `namespaces "${at.namespace}" not found`);
      if (home?.metadata.deletionTimestamp !== undefined)
        return rejection(
          403,
          'Forbidden',
          `unable to create new content in namespace ${at.namespace} because it is being terminated`,
        );
      if (this.objects.has(key)) return rejection(409, 'AlreadyExists', `${key} already exists`);
      const managedFields = [entryOf(options, 'v1')];
      const metadata = {
        ...object.metadata,
        uid: this.#uid(),
        resourceVersion: this.#revision(),
        generation: 1,
        managedFields,
      };
      const stored = { ...object, metadata } as KubeObject;
      if (options.dryRun === true) return accepted(201, stored);
      if (served.subresources.includes('status')) delete (stored as Record<string, unknown>).status;
      if (served.kind === 'Namespace') Object.assign(stored, { status: { phase: 'Active' } });
      this.objects.set(key, stored);
      return accepted(201, stored);
    });
  }

  async patch(
    at: ObjectAddress,
    patch: Patch,
    preconditions: { uid: Uid },
    options: WriteOptions = {},
  ): Promise<Answer> {
    const key = keyTextOf(resourceName(at.group, at.resource), at.namespace, at.name);
    const verb = options.subresource === 'status' ? 'status' : 'patch';
    return await this.#write(verb, key, patch.body as JsonObject, options, (): Answer => {
      const object = this.objects.get(key);
      if (object === undefined) return rejection(404, 'NotFound', `${key} not found`);
      if (object.metadata.uid !== preconditions.uid)
        return rejection(409, 'Conflict', `Precondition failed: UID in precondition: ${preconditions.uid}`);
      const body = patch.body as JsonObject;
      const used = verb === 'status' ? { status: body.status ?? null } : body;
      const merged = applyMergePatch(object as never, used) as unknown as KubeObject;
      const given = (body.metadata as { managedFields?: ManagedFieldsEntry[] } | undefined)?.managedFields;
      const own = (object.metadata.managedFields ?? []).filter((entry) => entry.manager !== options.fieldManager);
      const managedFields = given === undefined ? [...own, entryOf(options, 'v1')] : this.dropsFields ? [] : given;
      const metadata = { ...merged.metadata, managedFields, resourceVersion: this.#revision() };
      this.objects.set(key, { ...merged, metadata } as KubeObject);
      this.#follow(key);
      return accepted(200, this.at(key));
    });
  }

  async replace(): Promise<Answer> {
    throw new Error('a recovery never replaces');
  }

  async delete(at: ObjectAddress, preconditions: { uid: Uid }, options: WriteOptions = {}): Promise<Answer> {
    const key = keyTextOf(resourceName(at.group, at.resource), at.namespace, at.name);
    return await this.#write('delete', key, {}, options, (): Answer => {
      const object = this.objects.get(key);
      if (object === undefined) return rejection(404, 'NotFound', `${key} not found`);
      if (object.metadata.uid !== preconditions.uid) return rejection(409, 'Conflict', 'Precondition failed');
      this.objects.delete(key);
      return accepted(200, object);
    });
  }

  watch(): AsyncIterable<never> {
    throw new Error('a recovery polls');
  }
  async mayI(question: { verb: string; group: string; resource: string; namespace?: string; subresource?: string }) {
    this.questions++;
    return { allowed: !this.denied(question), reason: '' };
  }
  async close(): Promise<void> {}

  async #write(
    verb: Write['verb'],
    key: KeyText,
    body: JsonObject,
    options: WriteOptions,
    act: () => Answer,
  ): Promise<Answer> {
    if (this.#pinned !== undefined && this.#pinned !== this.fingerprintUid)
      throw clusterFault('WRONG-CLUSTER', 'another cluster');
    const write: Write = { number: this.writes.length, verb, key, body };
    if (options.dryRun !== true) this.writes.push(write);
    const fate = await this.script(write);
    await new Promise((resolve) => setImmediate(resolve));
    if (options.signal?.aborted === true) throw clusterFault('ABORTED', 'aborted');
    if (fate === 'lost before') throw clusterFault('CONNECTION-LOST', 'lost', { details: { sent: 'maybe' } });
    if (typeof fate === 'object') return fate;
    const answer = act();
    this.collect();
    if (fate === 'lost after') throw clusterFault('CONNECTION-LOST', 'lost', { details: { sent: 'maybe' } });
    return answer;
  }

  /** Deletes what only has owners that do not exist, as the garbage collector does within a second (lab 2). */
  collect(): void {
    const uids = new Set([...this.objects.values()].map((object) => object.metadata.uid));
    for (const [key, object] of this.objects) {
      const owners = object.metadata.ownerReferences ?? [];
      if (owners.length === 0 || owners.some((owner) => uids.has(owner.uid))) continue;
      this.objects.delete(key);
      this.collected.push(key);
    }
  }

  /** A controller manager that scales at once. */
  #follow(key: KeyText): void {
    const object = this.at(key);
    if (!this.controllers || object.kind !== 'Deployment') return;
    const replicas = (object.spec as JsonObject | undefined)?.replicas ?? 1;
    this.objects.set(key, { ...object, status: { replicas, observedGeneration: object.metadata.generation } });
  }

  #look(key: KeyText, object: KubeObject): void {
    const looks = (this.#looks.get(key) ?? 0) + 1;
    this.#looks.set(key, looks);
    if (looks <= this.establishAfter || object.status !== undefined) return;
    this.objects.set(key, { ...object, status: { conditions: [{ type: 'Established', status: 'True' }] } });
    const spec = object.spec as {
      group: string;
      scope: string;
      names: { plural: string; kind: string };
      versions: { name: string; subresources?: object }[];
    };
    for (const version of spec.versions)
      this.kinds.push(
        kind(
          spec.group,
          version.name,
          spec.names.plural,
          spec.names.kind,
          spec.scope === 'Namespaced',
          version.subresources !== undefined,
        ),
      );
  }

  #served(at: CollectionAddress): ServedResource | undefined {
    return this.kinds.find(
      (one) => one.group === at.group && one.version === at.version && one.resource === at.resource,
    );
  }
  #key(served: ServedResource, namespace: string | undefined, name: string): KeyText {
    return keyTextOf(resourceName(served.group, served.resource), served.namespaced ? namespace : undefined, name);
  }
  #uid(): Uid {
    return `aaaaaaaa-0000-4000-8000-${(++this.#serial).toString(16).padStart(12, '0')}` as Uid;
  }
  #revision(): string {
    return String(++this.#serial);
  }
}
