import { damaged, vaultFault } from './codes.ts';
import { digestOf, isDigest } from './digest.ts';
import type { IndexFrame } from './index-writer.ts';
import { manifestKey } from './point-id.ts';
import type { PointId, PointManifest } from './vault.ts';

/** The format that this version writes and reads. */
export const FORMAT = 1;

export interface ManifestFile {
  readonly manifest: PointManifest;
  readonly index: readonly IndexFrame[];
}

const SEAL = /,"sha256":"([0-9a-f]{64})"\}\n$/;
const SEAL_LENGTH = ',"sha256":"'.length + 64 + '"}\n'.length;

/** `{"format":1,"manifest":{...},"index":[...],"sha256":"..."}`; the digest is of every byte before its own comma. Later formats keep this end. */
export function sealManifest(file: ManifestFile): Uint8Array {
  const body = JSON.stringify({ format: FORMAT, manifest: file.manifest, index: file.index }).slice(0, -1);
  return Buffer.from(`${body},"sha256":"${digestOf(body)}"}\n`);
}

/** Raises `VAULT-DAMAGED` unless every byte is as written, and then `VAULT-FORMAT` for a format that this version does not know. */
export function unsealManifest(bytes: Uint8Array, id: PointId, place: string): ManifestFile {
  const key = manifestKey(id);
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.max(0, whole.length - SEAL_LENGTH);
  const [, digest] = SEAL.exec(whole.toString('latin1', end)) ?? [];
  if (digest !== digestOf(whole.subarray(0, end)))
    throw damaged(place, key, 'the manifest does not agree with its own digest');
  let file: { format?: unknown; manifest?: unknown; index?: unknown };
  try {
    file = JSON.parse(whole.toString('utf8')) as typeof file;
  } catch (cause) {
    throw damaged(place, key, 'the manifest is no JSON', { cause });
  }
  if (file.format !== FORMAT)
    throw vaultFault(
      'VAULT-FORMAT',
      `${key} in ${place} is of format ${JSON.stringify(file.format)}; this version reads ${FORMAT}`,
      {
        hint: 'Use the version of seaworthy that wrote the recovery point, or a newer one.',
        details: { key, format: file.format },
      },
    );
  if (!isManifest(file.manifest) || !isIndex(file.index))
    throw damaged(place, key, 'the manifest lacks required fields');
  if (file.manifest.id !== id) throw damaged(place, key, `it is the manifest of another point, ${file.manifest.id}`);
  return { manifest: file.manifest, index: file.index };
}

function isManifest(value: unknown): value is PointManifest {
  if (typeof value !== 'object' || value === null) return false;
  const { id, takenAt, cluster, revision, complete, resources, skipped, dead, objects } =
    value as Partial<PointManifest>;
  return (
    typeof id === 'string' &&
    typeof takenAt === 'string' &&
    typeof cluster?.fingerprint === 'string' &&
    typeof revision === 'string' &&
    typeof complete === 'boolean' &&
    [resources, skipped, dead].every(Array.isArray) &&
    Number.isSafeInteger(objects)
  );
}

function isIndex(value: unknown): value is IndexFrame[] {
  return (
    Array.isArray(value) &&
    value.every(
      ({ size, raw, sha256 }: Partial<IndexFrame>) =>
        Number.isSafeInteger(size) && Number.isSafeInteger(raw) && isDigest(sha256),
    )
  );
}
