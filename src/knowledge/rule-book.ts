import type { KubeObject } from '../objects/json.ts';
import type { ResourceName } from '../objects/key.ts';
import type { Pick, Rule, System, WorkloadPick } from './language.ts';
import type { Kind, Vocabulary } from './vocabulary.ts';
import { expression, holds } from './where.ts';

/** What is known of one object's owners when a rule is asked: the kinds of those that the point holds, and whether one is its controller. */
export interface OwnerKinds {
  readonly kinds: readonly Kind[];
  readonly controlled: boolean;
}
export interface KnownRule {
  readonly system: string;
  readonly rule: Rule;
}

/** The rules and memberships that speak of one kind; what depends on the object itself is asked later. */
export interface Page {
  readonly rules: readonly KnownRule[];
  readonly members: readonly { readonly system: string; readonly pick: Pick }[];
  readonly workloads: readonly { readonly system: string; readonly pick: WorkloadPick }[];
}

/** Every rule of every system, sorted by the kinds that it speaks of. */
export class RuleBook {
  readonly #pages = new Map<ResourceName, Page>();
  readonly #systems: readonly System[];
  readonly #vocabulary: Vocabulary;

  constructor(systems: readonly System[], vocabulary: Vocabulary) {
    this.#systems = systems;
    this.#vocabulary = vocabulary;
  }

  pageOf(kind: Kind): Page {
    const known = this.#pages.get(kind.resource);
    if (known !== undefined) return known;
    const page: Page = {
      rules: this.#systems.flatMap((system) =>
        system.rules.filter((rule) => speaksOf(rule.on, kind)).map((rule) => ({ system: system.id, rule })),
      ),
      members: this.#systems.flatMap((system) =>
        system.members.filter((pick) => speaksOf(pick, kind)).map((pick) => ({ system: system.id, pick })),
      ),
      workloads: this.#systems.flatMap((system) =>
        (system.control?.workloads ?? [])
          .filter((pick) => pick.resource === kind.resource)
          .map((pick) => ({ system: system.id, pick })),
      ),
    };
    this.#pages.set(kind.resource, page);
    return page;
  }

  /** Whether a kind is picked, leaving out what only an object can tell. */
  speaksOf(pick: Pick, resource: ResourceName): boolean {
    const kind = this.#vocabulary.ofResource(resource);
    return kind !== undefined && speaksOf(pick, kind);
  }
}

function speaksOf(pick: Pick, kind: Kind): boolean {
  if (pick.resources !== undefined && !pick.resources.includes(kind.resource)) return false;
  if (pick.category !== undefined && !kind.categories.includes(pick.category)) return false;
  return (
    pick.groups === undefined ||
    pick.groups.some((group) => (group.startsWith('.') ? kind.group.endsWith(group) : kind.group === group))
  );
}

/** Whether an object of a kind on whose page the pick stands is picked. */
export function picks(pick: Pick, object: KubeObject, owners: OwnerKinds): boolean {
  if (pick.controlled === true && !owners.controlled) return false;
  const { ownedBy } = pick;
  if (ownedBy !== undefined && !owners.kinds.some((kind) => speaksOf(ownedBy, kind))) return false;
  return pick.where === undefined || holds(pick.where, object);
}

/** Whether a workload runs the controllers that the pick means: by a label, or by the image of one of its containers. */
export function isWorkload(pick: WorkloadPick, object: KubeObject): boolean {
  const { label, image } = pick;
  if (label !== undefined) {
    const value = object.metadata.labels?.[label.name];
    if (value === undefined || (label.value !== '' && value !== label.value)) return false;
  }
  if (image === undefined) return label !== undefined;
  return holds(
    { kind: 'matches', path: '/spec/template/spec/containers/*/image', pattern: expression(image).source },
    object,
  );
}
