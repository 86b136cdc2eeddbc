import { collect } from './collector.ts';
import { control } from './controllers.ts';
import { at, type Body, copyOf, listOf, textOf } from './places.ts';
import { groupIn, type Kind, keyFor, resourceOf, versionIn } from './world.ts';

/** Something that a real server refuses, or that its controllers do by themselves. */
export interface Happening {
  readonly kind:
    | 'no-namespace'
    | 'no-kind'
    | 'already-exists'
    | 'terminating-namespace'
    | 'terminating-object'
    | 'not-found'
    | 'wrong-uid'
    | 'collected'
    | 'owner-lost'
    | 'owner-invalid'
    | 'volume-lost'
    | 'volume-released'
    | 'token-deleted'
    | 'job-ran'
    | 'judged-early';
  readonly key: string;
  readonly sentence: string;
}

export interface Stored {
  readonly key: string;
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly body: Body;
  /** Written by the plan, and not there before it nor made by the server itself. */
  readonly written: boolean;
}

export type Answer =
  | { readonly kind: 'done'; readonly uid: string }
  | { readonly kind: 'refused'; readonly happening: Happening };

const MINTED = [
  { resource: 'serviceaccounts', kind: 'ServiceAccount', name: 'default' },
  { resource: 'configmaps', kind: 'ConfigMap', name: 'kube-root-ca.crt' },
];

/**
 * A Kubernetes API server, its garbage collector and the few controllers that punish a wrong recovery, in a few hundred lines.
 * After every write the controllers run until nothing moves.
 */
export class Store {
  readonly kinds = new Map<string, Kind>();
  readonly objects = new Map<string, Stored>();
  readonly happenings: Happening[] = [];
  #minted = 0;

  serve(kind: Kind): void {
    this.kinds.set(resourceOf(kind), kind);
  }

  /** Puts an object that was there before: no admission, no controllers. */
  place(resource: string, body: Body): Stored {
    const kind = this.kinds.get(resource);
    if (kind === undefined) throw new Error(`the store does not serve ${resource}`);
    return this.#keep(kind, body, false);
  }

  create(resource: string, sent: Body): Answer {
    const kind = this.kinds.get(resource);
    const namespace = textOf(at(sent, 'metadata', 'namespace')) || undefined;
    const name = textOf(at(sent, 'metadata', 'name'));
    const key = keyFor(resource, namespace, name);
    if (kind === undefined || !kind.versions.includes(versionIn(textOf(sent.apiVersion))))
      return this.#refuse('no-kind', key, `the server has no ${textOf(sent.apiVersion)} ${resource}`);
    if (kind.namespaced !== (namespace !== undefined))
      return this.#refuse('no-kind', key, `${resource} is ${kind.namespaced ? '' : 'not '}namespaced`);
    if (namespace !== undefined) {
      const home = this.objects.get(keyFor('namespaces', undefined, namespace));
      if (home === undefined) return this.#refuse('no-namespace', key, `namespaces "${namespace}" not found`);
      if (isTerminating(home))
        return this.#refuse('terminating-namespace', key, `namespace ${namespace} is being terminated`);
    }
    const there = this.objects.get(key);
    if (there !== undefined) {
      if (isTerminating(there)) return this.#refuse('terminating-object', key, `object is being deleted: ${key}`);
      return this.#refuse('already-exists', key, `${key} already exists`);
    }
    const body = copyOf(sent);
    const metadata = body.metadata as Body;
    for (const field of ['uid', 'resourceVersion', 'deletionTimestamp', 'managedFields']) delete metadata[field];
    metadata.uid = this.mint();
    if (kind.hasStatus) delete body.status;
    const stored = this.#keep(kind, body, true);
    this.settle();
    return { kind: 'done', uid: textOf(at(stored.body, 'metadata', 'uid')) };
  }

  /** One write to a living object with its UID as precondition, as updates of the product carry it. */
  change(key: string, uid: string | undefined, how: (body: Body) => void): Answer {
    const stored = this.objects.get(key);
    if (stored === undefined) return this.#refuse('not-found', key, `${key} not found`);
    if (uid !== undefined && this.uidOf(key) !== uid) return this.#refuse('wrong-uid', key, `${key} has another UID`);
    how(stored.body);
    this.settle();
    return { kind: 'done', uid: textOf(at(stored.body, 'metadata', 'uid')) };
  }

  remove(key: string, uid?: string): Answer {
    const stored = this.objects.get(key);
    if (stored === undefined) return this.#refuse('not-found', key, `${key} not found`);
    if (uid !== undefined && this.uidOf(key) !== uid) return this.#refuse('wrong-uid', key, `${key} has another UID`);
    this.objects.delete(key);
    this.settle();
    return { kind: 'done', uid: uid ?? '' };
  }

  uidOf(key: string): string | undefined {
    const uid = at(this.objects.get(key)?.body, 'metadata', 'uid');
    return typeof uid === 'string' ? uid : undefined;
  }

  happen(kind: Happening['kind'], key: string, sentence: string): Happening {
    const happening = { kind, key, sentence };
    this.happenings.push(happening);
    return happening;
  }

  /** The collector and the controllers, until nothing moves. */
  settle(): void {
    for (let round = 0; round < 50; round++) if (!collect(this) && !control(this)) return;
    throw new Error('the controllers of the store do not settle');
  }

  mint(): string {
    this.#minted++;
    return `eeeeeeee-0000-4000-8000-${this.#minted.toString(16).padStart(12, '0')}`;
  }

  #keep(kind: Kind, body: Body, written: boolean): Stored {
    const namespace = textOf(at(body, 'metadata', 'namespace')) || undefined;
    const name = textOf(at(body, 'metadata', 'name'));
    const stored = { key: keyFor(resourceOf(kind), namespace, name), kind, namespace, name, body, written };
    this.objects.set(stored.key, stored);
    if (stored.key.startsWith('namespaces/')) this.#mintIn(name);
    if (resourceOf(kind) === 'customresourcedefinitions.apiextensions.k8s.io') this.serve(kindOfDefinition(body));
    return stored;
  }

  #mintIn(namespace: string): void {
    for (const { resource, kind, name } of MINTED) {
      const served = this.kinds.get(resource);
      if (served === undefined || this.objects.has(keyFor(resource, namespace, name))) continue;
      const metadata = { name, namespace, uid: this.mint() };
      this.#keep(served, { apiVersion: 'v1', kind, metadata }, false);
    }
  }

  #refuse(kind: Happening['kind'], key: string, sentence: string): Answer {
    return { kind: 'refused', happening: this.happen(kind, key, sentence) };
  }
}

export const isTerminating = (stored: Stored): boolean =>
  at(stored.body, 'metadata', 'deletionTimestamp') !== undefined;

/** The kind that a CustomResourceDefinition brings. */
export function kindOfDefinition(body: unknown): Kind {
  const versions = listOf(at(body, 'spec', 'versions')).filter((version) => at(version, 'served') !== false);
  return {
    group: textOf(at(body, 'spec', 'group')),
    kind: textOf(at(body, 'spec', 'names', 'kind')),
    resource: textOf(at(body, 'spec', 'names', 'plural')),
    namespaced: at(body, 'spec', 'scope') === 'Namespaced',
    versions: versions.map((version) => textOf(at(version, 'name'))),
    hasStatus: versions.some((version) => at(version, 'subresources', 'status') !== undefined),
    categories: listOf(at(body, 'spec', 'names', 'categories')).map(textOf),
  };
}

/** The served kind that an owner reference or object reference means, or undefined when no such API is served. */
export function kindOfReference(kinds: Iterable<Kind>, apiVersion: string, kind: string): Kind | undefined {
  for (const served of kinds)
    if (served.kind === kind && served.group === groupIn(apiVersion) && served.versions.includes(versionIn(apiVersion)))
      return served;
  return undefined;
}
