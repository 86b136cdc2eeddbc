import { diff } from '../objects/diff.ts';
import type { Json, KubeObject, OwnerReference } from '../objects/json.ts';
import type { KeyText } from '../objects/key.ts';
import { ownersOf } from '../objects/owners.ts';
import type { SeenChange } from './stage.ts';

/** How an object went. `ending`: its deletion was asked for and something holds it. */
export interface End {
  readonly kind: 'deleted' | 'ending';
  /** The controller; absent: a request of the recovery. */
  readonly by?: string;
  /** Its owners that did not exist at that moment: why a garbage collector takes it. */
  readonly missing: readonly OwnerReference[];
}
/** What was seen of one object. */
export interface Sighting {
  /** `recovery`, `before` (it was there), or the controller that made it. */
  readonly origin: string;
  uid: string;
  /** Places that controllers changed, status aside, by controller. */
  readonly changes: Map<string, Set<string>>;
  end?: End;
  /** After its end somebody made another object of its name. */
  again?: string;
}

const NO_MATTER = ['/status', '/metadata/managedFields', '/metadata/resourceVersion', '/metadata/generation'];
const MOST_PLACES = 20;

/** Notes what happens on a stage, folded at once: keeps no body. */
export class Witness {
  readonly #lives: (uid: string) => boolean;
  readonly sightings = new Map<KeyText, Sighting>();

  constructor(lives: (uid: string) => boolean) {
    this.#lives = lives;
  }

  note(change: SeenChange): void {
    if (change.kind === 'added') this.#added(change);
    else if (change.kind === 'modified') this.#modified(change);
    else this.#deleted(change);
  }

  /** Objects that a controller made and that are there still. */
  *made(): Iterable<readonly [KeyText, string]> {
    for (const [key, { origin, again, end }] of this.sightings)
      if (again !== undefined) yield [key, again];
      else if (end === undefined && origin !== 'recovery' && origin !== 'before') yield [key, origin];
  }

  #added({ key, object, by }: SeenChange): void {
    const known = this.sightings.get(key);
    const uid = object.metadata.uid ?? '';
    if (by !== undefined && known?.end !== undefined && (known.origin === 'recovery' || known.origin === 'before')) {
      known.again = by;
      return;
    }
    this.sightings.set(key, { origin: by ?? 'recovery', uid, changes: new Map() });
  }

  #modified({ key, object, before, by }: SeenChange): void {
    if (by === undefined || before === undefined) return;
    const sighting = this.#of(key, object);
    if (sighting.again !== undefined || (sighting.origin !== 'recovery' && sighting.origin !== 'before')) return;
    if (before.metadata.deletionTimestamp === undefined && object.metadata.deletionTimestamp !== undefined)
      sighting.end = { kind: 'ending', by, missing: this.#missing(before) };
    const places = sighting.changes.get(by) ?? new Set();
    for (const { path } of diff(before as unknown as Json, object as unknown as Json, { ignoring: NO_MATTER }))
      if (places.size < MOST_PLACES) places.add(path);
    if (places.size > 0) sighting.changes.set(by, places);
  }

  #deleted({ key, object, before, by }: SeenChange): void {
    const sighting = this.#of(key, object);
    if (sighting.again !== undefined) {
      if (object.metadata.uid !== sighting.uid) delete sighting.again;
      return;
    }
    if (sighting.origin !== 'recovery' && sighting.origin !== 'before') {
      this.sightings.delete(key);
      return;
    }
    const first = sighting.end;
    const who = first === undefined ? by : first.by;
    const missing = first?.missing ?? this.#missing(before ?? object);
    sighting.end = { kind: 'deleted', missing, ...(who === undefined ? {} : { by: who }) };
  }

  #of(key: KeyText, object: KubeObject): Sighting {
    let known = this.sightings.get(key);
    if (known === undefined) {
      known = { origin: 'before', uid: object.metadata.uid ?? '', changes: new Map() };
      this.sightings.set(key, known);
    }
    return known;
  }

  #missing(object: KubeObject): readonly OwnerReference[] {
    return ownersOf(object).filter(({ uid }) => !this.#lives(uid));
  }
}
