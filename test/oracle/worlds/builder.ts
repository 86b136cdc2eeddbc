import { createHash } from 'node:crypto';
import type { KubeObject } from '../../../src/objects/json.ts';
import type { Uid } from '../../../src/objects/key.ts';
import { type Body, copyOf } from '../places.ts';
import type { Random } from '../random.ts';
import { kindOfDefinition } from '../store.ts';
import { apiVersionOf, type Captured, type Kind, keyFor, resourceOf } from '../world.ts';
import { BUILT_IN } from './kinds.ts';

/** An object while its world is being made; `body` may still change. */
export interface Made {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
  readonly body: Body;
}

/** Collects the objects of one world. Names are unique by resource and namespace. */
export class Builder {
  readonly random: Random;
  readonly made: Made[] = [];
  readonly #kinds = new Map<string, Kind>(BUILT_IN.map((kind) => [resourceOf(kind), kind]));
  readonly #keys = new Set<string>();
  /** The version in which a resource was listed: one of the served, the same for all of its objects. */
  readonly #versions = new Map<string, string>();

  constructor(random: Random) {
    this.random = random;
  }

  /** Every kind of the cluster, the version in which it was listed first. */
  get kinds(): Kind[] {
    return [...this.#kinds.values()].map((kind) => {
      const captured = this.#versions.get(resourceOf(kind));
      if (captured === undefined) return kind;
      return { ...kind, versions: [captured, ...kind.versions.filter((version) => version !== captured)] };
    });
  }

  has(resource: string, namespace: string | undefined, name: string): boolean {
    return this.#keys.has(keyFor(resource, namespace, name));
  }

  /** Adds an object; an existing key gets another name. `rest` are the fields beside metadata; `meta` goes into it. */
  add(resource: string, namespace: string | undefined, name: string, rest: Body = {}, meta: Body = {}): Made {
    const kind = this.#kinds.get(resource);
    if (kind === undefined) throw new Error(`no kind for ${resource}`);
    const free = this.has(resource, namespace, name) ? `${name}-${this.random.word()}` : name;
    if (this.has(resource, namespace, free)) return this.add(resource, namespace, free, rest, meta);
    this.#keys.add(keyFor(resource, namespace, free));
    const uid = this.random.uid();
    const metadata: Body = {
      name: free,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion: String(100 + this.made.length),
      creationTimestamp: '2026-11-21T09:00:00Z',
      ...meta,
    };
    const version = this.#versionOf(kind);
    const body: Body = { apiVersion: apiVersionOf(kind.group, version), kind: kind.kind, metadata, ...rest };
    const made = { kind, namespace, name: free, uid, body };
    this.made.push(made);
    return made;
  }

  /** A CustomResourceDefinition and the kind that it brings. */
  define(
    group: string,
    kind: string,
    scope: 'Namespaced' | 'Cluster',
    versions: readonly string[],
    categories: readonly string[] = [],
    status = true,
  ): string {
    const plural = `${kind.toLowerCase()}s`;
    const name = `${plural}.${group}`;
    if (this.#kinds.has(name)) return name;
    const made = this.add('customresourcedefinitions.apiextensions.k8s.io', undefined, name, {
      spec: {
        group,
        scope,
        names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, categories: [...categories] },
        versions: versions.map((version, index) => ({
          name: version,
          served: true,
          storage: index === 0,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          ...(status ? { subresources: { status: {} } } : {}),
        })),
      },
      status: { conditions: [{ type: 'Established', status: 'True' }], storedVersions: [versions[0] ?? 'v1'] },
    });
    this.#kinds.set(name, kindOfDefinition(made.body));
    return name;
  }

  #versionOf(kind: Kind): string {
    const known = this.#versions.get(resourceOf(kind));
    const version = known ?? (this.random.chance(75) ? kind.versions[0] : this.random.pick(kind.versions)) ?? 'v1';
    this.#versions.set(resourceOf(kind), version);
    return version;
  }

  /** A reference to an owner, in a version of its group that is served, not always the one it was captured in. */
  owner(of: Made, extra: Body = {}): Body {
    const version = this.random.chance(80) ? this.#versionOf(of.kind) : (this.random.pick(of.kind.versions) ?? 'v1');
    return {
      apiVersion: apiVersionOf(of.kind.group, version),
      kind: of.kind.kind,
      name: of.name,
      uid: of.uid,
      ...extra,
    };
  }
  own(child: Made, ...owners: Body[]): void {
    const metadata = child.body.metadata as Body;
    metadata.ownerReferences = [...((metadata.ownerReferences as Body[] | undefined) ?? []), ...owners];
  }
  doom(made: Made): void {
    const metadata = made.body.metadata as Body;
    metadata.deletionTimestamp = '2026-11-21T10:00:00Z';
    metadata.deletionGracePeriodSeconds = 0;
    metadata.finalizers = ['example.org/wait'];
  }

  /** The objects as a point lists them: by key, rows in that order. */
  captured(): Captured[] {
    const order = (made: Made): string => keyFor(resourceOf(made.kind), made.namespace, made.name);
    return [...this.made]
      .sort((a, b) => (order(a) < order(b) ? -1 : 1))
      .map((made, row) => {
        const text = JSON.stringify(made.body);
        return {
          row,
          key: keyFor(resourceOf(made.kind), made.namespace, made.name),
          resource: resourceOf(made.kind),
          namespace: made.namespace,
          name: made.name,
          uid: made.uid as Uid,
          digest: createHash('sha256').update(text).digest('hex'),
          text,
          body: copyOf(made.body) as unknown as KubeObject,
        };
      });
  }
}
