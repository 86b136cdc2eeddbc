import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyText, Uid } from '../objects/key.ts';

/**
 * What completed runs of the same point, target and policy wrote or found, by key: an object that still has that UID is the one that
 * a run brought back, whatever operators have made of it since. `folder` is that of `runFolder`. Logs that cannot be read tell nothing.
 */
export function finishedUids(folder: string): ReadonlyMap<KeyText, Uid> {
  const uids = new Map<KeyText, Uid>();
  for (const one of foldersOf(folder)) {
    for (const line of linesOf(join(one, 'log.jsonl'))) {
      const { key, uid } = recordOf(line);
      if (typeof key === 'string' && typeof uid === 'string') uids.set(key as KeyText, uid as Uid);
    }
  }
  return uids;
}

/** Oldest first: a later run knows better. */
function foldersOf(folder: string): string[] {
  const aside: string[] = [];
  for (let number = 1; existsSync(`${folder}.finished-${number}`); number++) aside.push(`${folder}.finished-${number}`);
  return [...aside, folder];
}
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
function recordOf(line: string): { readonly key?: unknown; readonly uid?: unknown } {
  try {
    return (JSON.parse(line) as { key?: unknown; uid?: unknown } | null) ?? {};
  } catch {
    return {};
  }
}
