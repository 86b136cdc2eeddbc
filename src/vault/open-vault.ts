import { isFault } from '../outcome/fault.ts';
import { openDirectory } from '../storage/directory.ts';
import { openMemory } from '../storage/memory.ts';
import type { Storage } from '../storage/port.ts';
import { vaultFault } from './codes.ts';
import { bytesThatWereWritten } from './index-reader.ts';
import { type ManifestFile, unsealManifest } from './manifest-file.ts';
import { manifestKey, pointOfKey } from './point-id.ts';
import { readPoint } from './point-reader.ts';
import { type WriterOptions, writePoint } from './point-writer.ts';
import type { PointId, PointManifest, UnusablePoint, Vault } from './vault.ts';

export interface VaultOptions extends WriterOptions {
  /** Bytes of decompressed frames that a reader keeps; default 64 MiB. */
  readonly cacheBytes?: number;
}

/** Opens the vault at a place: a directory path, or `memory:` for one that lives as long as the process. */
export function openVault(place: string, options: VaultOptions = {}): Vault {
  if (place === 'memory:') return vaultOn(openMemory(place), options);
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(place)?.[1];
  if (place.trim() === '' || scheme !== undefined)
    throw vaultFault('VAULT-PLACE', `${JSON.stringify(place)} is no place for a vault`, {
      hint: 'Give the path of a directory, or memory: for a trial that keeps nothing.',
    });
  return vaultOn(openDirectory(place), options);
}

/** The vault on any storage. */
export function vaultOn(storage: Storage, options: VaultOptions = {}): Vault {
  /** Ids of points with a manifest, oldest first. */
  async function committed(): Promise<PointId[]> {
    const ids: PointId[] = [];
    for await (const { key } of storage.list('points/')) {
      const id = pointOfKey(key);
      if (id !== undefined && key === manifestKey(id)) ids.push(id);
    }
    return ids.sort();
  }
  async function fileOf(id: PointId): Promise<ManifestFile> {
    const bytes = await bytesThatWereWritten(storage, manifestKey(id), undefined);
    return unsealManifest(bytes, id, storage.place);
  }
  async function survey(): Promise<{ points: PointManifest[]; unusable: UnusablePoint[] }> {
    const points: PointManifest[] = [];
    const unusable: UnusablePoint[] = [];
    for (const id of await committed()) {
      try {
        points.push((await fileOf(id)).manifest);
      } catch (fault) {
        if (!isFault(fault, 'VAULT-DAMAGED') && !isFault(fault, 'VAULT-FORMAT')) throw fault;
        unusable.push({ id, fault });
      }
    }
    return { points: points.sort(byTime), unusable };
  }
  async function find(wanted: string): Promise<PointId> {
    const ids = await committed();
    if (wanted === 'latest') return newestOf(ids);
    const found = wanted === '' ? [] : ids.filter((id) => id.toLowerCase().startsWith(wanted.toLowerCase()));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    const sentence =
      only === undefined
        ? `${storage.place} holds no recovery point ${JSON.stringify(wanted)}`
        : `${JSON.stringify(wanted)} names ${found.length} recovery points: ${found.slice(0, 5).join(', ')}`;
    throw unknownPoint(sentence);
  }
  /** Several points of one second are told apart by their manifests. */
  async function newestOf(ids: readonly PointId[]): Promise<PointId> {
    const last = ids.at(-1);
    if (last === undefined) throw unknownPoint(`${storage.place} holds no recovery point`);
    const sameSecond = ids.filter((id) => id.slice(0, 16) === last.slice(0, 16));
    if (sameSecond.length === 1) return last;
    const manifests = await Promise.all(sameSecond.map(async (id) => (await fileOf(id)).manifest));
    return manifests.sort(byTime).at(-1)?.id ?? last;
  }
  return {
    place: storage.place,
    survey,
    points: async () => (await survey()).points,
    open: async (id) => readPoint(storage, await fileOf(await find(id)), options.cacheBytes),
    begin: async (takenAt) => writePoint(storage, takenAt, options),
    close: () => storage.close(),
  };
}

function byTime(a: PointManifest, b: PointManifest): number {
  return Date.parse(a.takenAt) - Date.parse(b.takenAt) || (a.id < b.id ? -1 : 1);
}

function unknownPoint(sentence: string) {
  return vaultFault('POINT-UNKNOWN', sentence, { hint: 'List what there is with seaworthy points list.' });
}
