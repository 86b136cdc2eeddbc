import type { Body } from './places.ts';
import type { Fate } from './play.ts';
import type { Kind } from './world.ts';

/** What a place shows after a plan was carried out there: the oracle's own store, a real server, a sandbox. */
export interface Ending {
  /** What became of each step, by its id. */
  readonly fates: ReadonlyMap<string, Fate>;
  readonly store: {
    readonly objects: ReadonlyMap<string, { readonly kind: Kind; readonly body: Body }>;
    uidOf(key: string): string | undefined;
  };
  /** A whole server: it fills in what bodies leave out, and its controllers count what they find. */
  readonly isServer?: boolean;
}
