import { type ResourceName, resourceName } from '../../objects/key.ts';
import type { CustomKind } from '../schema/structural/custom-kind.ts';
import type { CustomKinds } from '../schema/structural/registry.ts';
import { customServedKind } from './custom-served-kind.ts';
import type { ServedKind } from './served-kind.ts';

/** Everything that is served now: built-in kinds, and what established definitions add. */
export class Catalog {
  readonly #builtIn: ReadonlyMap<string, ServedKind>;
  readonly #custom: CustomKinds;
  /** Made once for each state of a definition. */
  readonly #made = new WeakMap<CustomKind, ServedKind>();

  constructor(builtIn: readonly ServedKind[], custom: CustomKinds) {
    this.#builtIn = new Map(builtIn.map((kind) => [kind.resource, kind]));
    this.#custom = custom;
  }

  builtIn(): Iterable<ServedKind> {
    return this.#builtIn.values();
  }

  *custom(): Iterable<ServedKind> {
    for (const kind of this.#custom.established()) {
      const served = this.#served(kind);
      if (served.versions.size > 0) yield served;
    }
  }

  *all(): Iterable<ServedKind> {
    yield* this.builtIn();
    yield* this.custom();
  }

  /** Counts up whenever what definitions serve has changed. */
  get generation(): number {
    return this.#custom.generation;
  }

  /** `version` must be served; without it any version will do. */
  find(group: string, plural: string, version?: string): ServedKind | undefined {
    const kind = this.byResource(resourceName(group, plural));
    return kind === undefined || (version !== undefined && !kind.versions.has(version)) ? undefined : kind;
  }

  byResource(resource: ResourceName): ServedKind | undefined {
    const own = this.#builtIn.get(resource);
    if (own !== undefined) return own;
    const custom = this.#custom.get(resource);
    return custom === undefined ? undefined : this.#served(custom);
  }

  /** By group, version and kind, as an object names its own. */
  byKind(group: string, version: string, kind: string): ServedKind | undefined {
    for (const one of this.all())
      if (one.kind === kind && one.group === group && (version === '' || one.versions.has(version))) return one;
    return undefined;
  }

  #served(kind: CustomKind): ServedKind {
    let made = this.#made.get(kind);
    if (made === undefined) {
      made = customServedKind(kind);
      this.#made.set(kind, made);
    }
    return made;
  }
}
