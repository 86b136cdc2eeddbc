import { seededRandom } from '../seeded-random.ts';
import { hexDigits } from './hex-digits.ts';

/** Who acts on the outside world, and when. */
export interface Actor {
  /** Fingerprint of the acting cluster (UID of its kube-system). */
  readonly cluster: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
export type Verb = 'Create' | 'Delete' | 'Update' | 'Observe';

/** One call, in the order of arrival. Observations are counted by the log as well: they prove who still looks. */
export interface CloudCall {
  readonly verb: Verb;
  readonly at: number;
  readonly cluster: string;
  readonly kind: string;
  readonly id: string;
  /** The tags of the thing at that moment. */
  readonly tags: Readonly<Record<string, string>>;
}
export interface Thing {
  readonly kind: string;
  readonly id: string;
  /** What it was made or last updated to be. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What it says of whom it serves: a second thing with equal tags is a duplicate. */
  readonly tags: Readonly<Record<string, string>>;
  /** Answered at every observation. */
  readonly endpoint: string;
  /** Nobody is told it again after the creation. */
  readonly password: string;
  /** When it will be gone; undefined while it is wanted. */
  readonly goneAt?: number;
}
export interface Wish {
  readonly kind: string;
  /** Its identity, if the maker chooses it; otherwise the cloud makes one: `db-6b0c57f803`. */
  readonly id?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** What changes in the cloud's behaviour. */
export interface CloudKnobs {
  /** Milliseconds from a Delete until the thing is gone, by kind; default 0. */
  readonly deletionTakes?: Readonly<Record<string, number>>;
}

/**
 * A small outside world: things that cost money, each with an identity and a password that is told once. Two clusters may
 * act on it, and it does not mind: that two of a kind serve the same claim only its own log and `duplicates` tell.
 */
export class Cloud {
  readonly log: CloudCall[] = [];
  readonly #things = new Map<string, Thing>();
  readonly #random: () => number;
  readonly #knobs: CloudKnobs;

  constructor(seed = 1, knobs: CloudKnobs = {}) {
    this.#random = seededRandom(seed);
    this.#knobs = knobs;
  }

  /** Stands there from before; no call is noted. */
  put(thing: Thing): void {
    this.#things.set(keyOf(thing.kind, thing.id), thing);
  }

  /** Undefined when there is no such thing (any more). */
  observe(by: Actor, kind: string, id: string): Thing | undefined {
    const thing = this.#there(by, kind, id);
    this.#note('Observe', by, kind, id, thing?.tags ?? {});
    return thing;
  }

  /** Makes a thing; of a name that is taken already by a thing, that one is answered: names are claimed silently. */
  create(by: Actor, wish: Wish): Thing {
    const id = wish.id ?? `${wish.kind}-${hexDigits(this.#random, 10)}`;
    const thing: Thing = this.#there(by, wish.kind, id) ?? {
      kind: wish.kind,
      id,
      settings: wish.settings,
      tags: wish.tags,
      endpoint: `${id}.cloud.example.com`,
      password: hexDigits(this.#random, 10),
    };
    this.#things.set(keyOf(wish.kind, id), thing);
    this.#note('Create', by, wish.kind, id, wish.tags);
    return thing;
  }

  /** False when there is nothing to change. */
  update(by: Actor, kind: string, id: string, settings: Readonly<Record<string, unknown>>): boolean {
    const thing = this.#there(by, kind, id);
    this.#note('Update', by, kind, id, thing?.tags ?? {});
    if (thing !== undefined) this.#things.set(keyOf(kind, id), { ...thing, settings });
    return thing !== undefined;
  }

  /** Asked again for a thing that is going already, it does nothing and is not counted twice. */
  delete(by: Actor, kind: string, id: string): void {
    const thing = this.#there(by, kind, id);
    if (thing === undefined || thing.goneAt !== undefined) return;
    this.#note('Delete', by, kind, id, thing.tags);
    const takes = this.#knobs.deletionTakes?.[kind] ?? 0;
    if (takes === 0) this.#things.delete(keyOf(kind, id));
    else this.#things.set(keyOf(kind, id), { ...thing, goneAt: by.now + takes });
  }

  /** What stands there now, whoever made it. */
  things(now: number): readonly Thing[] {
    return [...this.#things.values()].filter((thing) => thing.goneAt === undefined || thing.goneAt > now);
  }

  /** Things of one kind with equal tags, where there is more than one: paid for twice. */
  duplicates(now: number): readonly (readonly Thing[])[] {
    const groups = new Map<string, Thing[]>();
    for (const thing of this.things(now)) {
      const tags = JSON.stringify(Object.entries(thing.tags).sort());
      const group = groups.get(`${thing.kind} ${tags}`) ?? [];
      groups.set(`${thing.kind} ${tags}`, [...group, thing]);
    }
    return [...groups.values()].filter((group) => group.length > 1);
  }

  /** Calls of one verb since `mark` (a length of the log). */
  count(verb: Verb, mark = 0): number {
    return this.log.slice(mark).filter((call) => call.verb === verb).length;
  }

  #there(by: Actor, kind: string, id: string): Thing | undefined {
    const thing = this.#things.get(keyOf(kind, id));
    if (thing?.goneAt === undefined || thing.goneAt > by.now) return thing;
    this.#things.delete(keyOf(kind, id));
    return undefined;
  }

  #note(verb: Verb, by: Actor, kind: string, id: string, tags: Thing['tags']): void {
    this.log.push({ verb, at: by.now, cluster: by.cluster, kind, id, tags });
  }
}

const keyOf = (kind: string, id: string): string => `${kind}/${id}`;
