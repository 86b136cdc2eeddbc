import type { ObjectKey } from '../key.ts';
import { escapeSegment } from '../pointer-text.ts';
import { builtinResource } from './kinds.ts';

/** A place in one object that names another. */
export interface ObjectReference {
  /** Pointer to the name. */
  readonly path: string;
  readonly target: ObjectKey;
  /** Kubernetes does its work without the target: it is marked optional, or only used when it is there. */
  readonly optional: boolean;
  /** A verb phrase: this object ... the target ("mounts", "runs as"). */
  readonly reason: string;
}

/** The plural of a kind of some group; undefined when it is not known. */
export type ResourceOf = (group: string, kind: string) => string | undefined;

type Phrase = { readonly reason: string; readonly optional?: boolean };

/** Gathers the references of one object; a name that is no text, or empty, names nothing. */
export class ReferenceList {
  readonly found: ObjectReference[] = [];
  readonly namespace: string | undefined;
  readonly #resourceOf: ResourceOf;

  constructor(namespace: string | undefined, resourceOf: ResourceOf) {
    this.namespace = namespace;
    this.#resourceOf = resourceOf;
  }

  /** Names an object of the core group in `namespace`; without one given, in the object's own. */
  inNamespace(
    path: string,
    resource: string,
    name: unknown,
    phrase: Phrase,
    namespace: unknown = this.namespace,
  ): void {
    if (typeof namespace === 'string' && namespace !== '') this.add(path, '', resource, namespace, name, phrase);
  }

  inCluster(path: string, group: string, resource: string, name: unknown, phrase: Phrase): void {
    this.add(path, group, resource, undefined, name, phrase);
  }

  /** Names an object by group and kind. `namespace` undefined: it stands outside of namespaces. */
  byKind(
    path: string,
    group: string,
    kind: unknown,
    namespace: string | undefined,
    name: unknown,
    phrase: Phrase,
  ): void {
    if (typeof kind !== 'string') return;
    const builtin = builtinResource(group, kind);
    const resource = builtin?.resource ?? this.#resourceOf(group, kind);
    if (resource !== undefined)
      this.add(path, group, resource, builtin?.namespaced === false ? undefined : namespace, name, phrase);
  }

  add(
    path: string,
    group: string,
    resource: string,
    namespace: string | undefined,
    name: unknown,
    { reason, optional = false }: Phrase,
  ): void {
    if (typeof name !== 'string' || name === '') return;
    const target = namespace === undefined ? { group, resource, name } : { group, resource, namespace, name };
    this.found.push({ path, target, optional, reason });
  }
}

type Members = Readonly<Record<string, unknown>>;
const NOTHING: Members = {};

/** The value as a map; an empty one when it is none. */
export function mapOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : NOTHING;
}

/** The maps of a list with the pointer to each; nothing when the value is no list. */
export function itemsOf(value: unknown, path: string): { readonly item: Members; readonly at: string }[] {
  return Array.isArray(value) ? value.map((item, index) => ({ item: mapOf(item), at: `${path}/${index}` })) : [];
}

export function entriesOf(
  value: unknown,
  path: string,
): { readonly key: string; readonly value: unknown; readonly at: string }[] {
  return Object.entries(mapOf(value)).map(([key, value]) => ({ key, value, at: `${path}/${escapeSegment(key)}` }));
}

/** A text, or `otherwise` when the value is none. */
export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
