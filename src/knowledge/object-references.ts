import { isJsonObject, type Json, type KubeObject } from '../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName, resourceName } from '../objects/key.ts';
import { expand } from '../objects/pattern.ts';
import { getAt } from '../objects/pointer.ts';
import { referencesOf } from '../objects/references.ts';
import type { RefersRule } from './language.ts';
import type { Fired, Reference } from './surveyed.ts';
import type { Kind, Vocabulary } from './vocabulary.ts';

/** Few sentences, and many references: each sentence is kept once. */
const REASONS = new Map<string, Fired>();
function reasonOf(code: 'VOLUME-FIRST' | 'REFERS', why: string): Fired {
  const known = REASONS.get(why);
  if (known?.code === code) return known;
  const reason = { code, why };
  REASONS.set(why, reason);
  return reason;
}

const NO_REFERENCES: readonly Reference[] = [];

/** References of one object: those of the built-in kinds, then those that knowledge knows of. */
export class ObjectReferences {
  readonly #object: KubeObject;
  readonly #kind: Kind;
  readonly #vocabulary: Vocabulary;
  readonly #keptKey: (key: KeyText) => KeyText;
  readonly #namespace: string | undefined;
  /** Of a PersistentVolume: the claim that it is bound to. */
  claim: KeyText | undefined;
  #found: Reference[] | undefined;

  constructor(
    object: KubeObject,
    kind: Kind,
    kept: { readonly vocabulary: Vocabulary; readonly keptKey: (key: KeyText) => KeyText },
    namespace: string | undefined,
  ) {
    this.#object = object;
    this.#kind = kind;
    this.#vocabulary = kept.vocabulary;
    this.#keptKey = kept.keptKey;
    this.#namespace = namespace;
    if (kind.definition === undefined) this.#builtIn();
  }
  list(): readonly Reference[] {
    return this.#found ?? NO_REFERENCES;
  }
  byRule(rule: RefersRule): void {
    for (const { path, to } of this.at(rule.path, rule.to))
      this.#add({ to, kind: 'refers', strength: rule.strength, path, rule });
  }
  /** What the values at a pattern name: strings when the resource is given, else objects with `kind` and `apiVersion` or `apiGroup`. */
  at(pattern: string, resource?: ResourceName): { readonly path: string; readonly to: KeyText }[] {
    return expand(this.#object, pattern).flatMap((path) => {
      const value = getAt(this.#object, path);
      if (typeof value === 'string')
        return resource === undefined ? [] : [{ path, to: this.#key(resource, value, undefined) }];
      if (!isJsonObject(value) || typeof value.name !== 'string') return [];
      const found = resource ?? this.#resourceAt(value);
      const namespace = typeof value.namespace === 'string' ? value.namespace : undefined;
      return found === undefined ? [] : [{ path, to: this.#key(found, value.name, namespace) }];
    });
  }
  #resourceAt(value: { readonly [key: string]: Json | undefined }): ResourceName | undefined {
    const { apiVersion, apiGroup, kind } = value;
    if (typeof kind !== 'string') return undefined;
    const type = typeof apiVersion === 'string' ? apiVersion : typeof apiGroup === 'string' ? `${apiGroup}/` : '';
    return this.#vocabulary.ofReference(type, kind)?.resource;
  }
  #key(resource: ResourceName, name: string, namespace: string | undefined): KeyText {
    const namespaced = this.#vocabulary.ofResource(resource)?.namespaced ?? this.#namespace !== undefined;
    return this.#keptKey(keyTextOf(resource, namespaced ? (namespace ?? this.#namespace) : undefined, name));
  }
  #builtIn(): void {
    for (const one of referencesOf(
      this.#object,
      (group, kind) =>
        this.#vocabulary.ofReference(group === '' ? 'v1' : `${group}/v1`, kind)?.resource.split('.', 1)[0],
    )) {
      const resource = resourceName(one.target.group, one.target.resource);
      const to = this.#keptKey(keyTextOf(resource, one.target.namespace, one.target.name));
      const binds = this.#kind.resource === 'persistentvolumeclaims' && resource === 'persistentvolumes';
      // The claim waits for its volume; what the volume says of its claim is the same bond, told by the other side.
      if (this.#kind.resource === 'persistentvolumes' && resource === 'persistentvolumeclaims') {
        this.claim = to;
        continue;
      }
      const kind = binds ? 'binds' : resource === 'storageclasses.storage.k8s.io' ? 'provisions' : 'refers';
      this.#add({
        to,
        kind,
        strength: binds ? 'hard' : 'soft',
        path: one.path,
        rule: reasonOf(binds ? 'VOLUME-FIRST' : 'REFERS', one.reason),
      });
    }
  }
  #add(reference: Reference): void {
    this.#found ??= [];
    if (!this.#found.some((one) => one.to === reference.to && one.kind === reference.kind)) this.#found.push(reference);
  }
}
