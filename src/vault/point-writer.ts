import type { ResourceName } from '../objects/key.ts';
import type { Storage } from '../storage/port.ts';
import { vaultFault } from './codes.ts';
import { digestOf } from './digest.ts';
import { frameWriter } from './frame-writer.ts';
import { indexWriter } from './index-writer.ts';
import { lacksOf } from './item-type.ts';
import { FORMAT, sealManifest } from './manifest-file.ts';
import { packWriter } from './pack-writer.ts';
import { indexKey, manifestKey, newPointId, packKey } from './point-id.ts';
import { openSpool } from './spool.ts';
import type { PointManifest, PointWriter } from './vault.ts';

export interface WriterOptions {
  /** Folder in which the temporary folder is made; default the system's. On the file system of a directory vault packs are linked, not copied. */
  readonly spool?: string;
  /** Bytes after which a pack is closed. */
  readonly packBytes?: number;
}

const PACK_BYTES = 16 << 20;

/** Writes one point. Everything goes to a local temporary folder first and from there to the storage in the background. */
export function writePoint(storage: Storage, takenAt: string, options: WriterOptions = {}): PointWriter {
  const id = newPointId(takenAt);
  const types: Record<string, { readonly apiVersion: string; readonly kind: string }> = {};
  /** In the order of writing; the manifest stands last. */
  const begun: string[] = [];
  let state: 'open' | 'committing' | 'done' = 'open';
  const spool = openSpool(options.spool);
  const storing = (key: string): void => void begun.push(key);
  const packs = packWriter(storage, spool, (pack) => packKey(id, pack), storing, options.packBytes ?? PACK_BYTES);
  const index = indexWriter(spool);
  const frames = frameWriter(
    (frame) => packs.append(frame),
    (block) => index.note(block),
  );
  const mustBe = (wanted: typeof state): void => {
    if (state !== wanted)
      throw vaultFault('VAULT-WRITER', `recovery point ${id} was committed or given up already`, {
        hint: 'Begin a new recovery point.',
      });
  };

  return {
    id,
    declare(resource, type) {
      mustBe('open');
      types[resource] = type;
    },
    discard(resource) {
      mustBe('open');
      frames.discard(resource);
      index.discard(resource);
    },
    add({ resource, namespace, name, uid }, bytes) {
      mustBe('open');
      if (types[resource] === undefined) throw undeclared(resource);
      const lacks = lacksOf(bytes);
      if (lacks === undefined)
        throw vaultFault('VAULT-WRITER', `${resource} ${name}: what the server sent is no JSON object`, {
          hint: 'The server, or something between, is broken: read the object with kubectl get --raw.',
        });
      return frames.add(resource, lacks, { namespace, name, uid, digest: digestOf(bytes) }, bytes);
    },
    async commit(told) {
      mustBe('open');
      state = 'committing';
      await frames.finish();
      await packs.finish();
      const written = index.finish({ types });
      storing(indexKey(id));
      await storage.putFile(indexKey(id), written.path);
      const manifest: PointManifest = { format: FORMAT, id, ...told, ...index.totals() };
      storing(manifestKey(id));
      await storage.put(manifestKey(id), sealManifest({ manifest, index: written.frames }));
      state = 'done';
      spool.remove();
      return manifest;
    },
    async abort() {
      if (state === 'done') return;
      state = 'done';
      try {
        await frames.settle();
        await packs.stop();
        // The manifest first: when its answer was lost the point exists, and must stop to exist before it loses anything.
        for (const key of begun.reverse()) await storage.remove(key);
      } finally {
        spool.remove();
      }
    },
  };
}

function undeclared(resource: ResourceName) {
  return vaultFault('VAULT-WRITER', `${resource} was added to before its type was declared`);
}
