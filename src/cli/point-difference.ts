import { type KeyText, keyTextOf } from '../objects/key.ts';
import type { PointEntry } from '../vault/vault.ts';

/** How two recovery points differ, by key, each list in stored order. */
export interface PointDifference {
  readonly added: readonly KeyText[];
  readonly removed: readonly KeyText[];
  /** The same key with another UID: it was deleted and made anew. */
  readonly replaced: readonly KeyText[];
  /** The same object with other bytes; a new resourceVersion is enough. */
  readonly changed: readonly KeyText[];
  readonly unchanged: number;
}

export function pointDifference(before: readonly PointEntry[], after: readonly PointEntry[]): PointDifference {
  const known = new Map(before.map((entry) => [keyOf(entry), entry]));
  const [added, replaced, changed]: [KeyText[], KeyText[], KeyText[]] = [[], [], []];
  let unchanged = 0;
  for (const entry of after) {
    const key = keyOf(entry);
    const old = known.get(key);
    known.delete(key);
    if (old === undefined) added.push(key);
    else if (old.uid !== entry.uid) replaced.push(key);
    else if (old.digest !== entry.digest) changed.push(key);
    else unchanged++;
  }
  return { added, removed: [...known.keys()], replaced, changed, unchanged };
}

export function keyOf({ resource, namespace, name }: PointEntry): KeyText {
  return keyTextOf(resource, namespace, name);
}
