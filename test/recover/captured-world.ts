import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject, ManagedFieldsEntry, OwnerReference } from '../../src/objects/json.ts';
import { groupOf, resourceName, type Uid } from '../../src/objects/key.ts';
import type { Policy } from '../../src/plan/plan.ts';
import type { Digest, PointEntry, PointId, PointManifest, PointReader } from '../../src/vault/vault.ts';
import { BUILT_IN } from './scripted-answers.ts';

export const EVERYTHING: Policy = { selection: {}, fieldOwnership: 'all' };

/** The captured UID of the n-th object: old ones begin with 01d. */
export const oldUid = (number: number): Uid =>
  `01d00000-0000-4000-8000-${number.toString(16).padStart(12, '0')}` as Uid;

const FIELDS: readonly ManagedFieldsEntry[] = [
  {
    manager: 'kustomize-controller',
    operation: 'Apply',
    apiVersion: 'v1',
    time: '2025-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': { 'f:a': {} } },
  },
];

export interface Sample {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly owners?: readonly OwnerReference[];
  readonly fields?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly rest?: Readonly<Record<string, unknown>>;
}
/** A kind that the built-in ones lack. */
export interface Extra {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A point in memory. The n-th sample has the UID `oldUid(n)`; rows are sorted by resource as in a vault. */
export function pointOf(
  samples: readonly Sample[],
  options: { extras?: readonly Extra[]; complete?: boolean } = {},
): PointReader {
  const kinds = [...BUILT_IN, ...(options.extras ?? [])];
  const objects = samples.map((sample, number) => {
    const { apiVersion, kind, name, namespace, owners, labels, annotations, rest } = sample;
    const served = kinds.find((one) => one.kind === kind && one.group === groupOf(apiVersion));
    if (served === undefined) throw new Error(`no kind ${kind}`);
    const metadata = {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: oldUid(number),
      resourceVersion: String(number + 1),
      generation: 3,
      creationTimestamp: '2025-01-01T00:00:00Z',
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(owners === undefined ? {} : { ownerReferences: owners }),
      ...(sample.fields === true ? { managedFields: FIELDS } : {}),
    };
    const body = { apiVersion, kind, metadata, ...rest } as KubeObject;
    return {
      resource: resourceName(served.group, served.resource),
      namespace,
      name,
      uid: oldUid(number),
      bytes: Buffer.from(JSON.stringify(body)),
    };
  });
  objects.sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0));
  const entries: PointEntry[] = objects.map(({ bytes, ...entry }, row) => ({
    ...entry,
    row,
    digest: createHash('sha256').update(bytes).digest('hex') as Digest,
  }));
  const resources = [...new Set(kinds.map((one) => resourceName(one.group, one.resource)))].sort().map((resource) => {
    const served = kinds.find((one) => resourceName(one.group, one.resource) === resource);
    if (served === undefined) throw new Error('unreachable');
    const count = entries.filter((entry) => entry.resource === resource).length;
    const { version, kind, namespaced } = served;
    return { resource, version, kind, namespaced, count, revision: { kind: 'exact' as const }, served: [] };
  });
  const manifest: PointManifest = {
    format: 1,
    id: '20261121T093012Z-0a0b0c0d' as PointId,
    takenAt: '2026-11-21T09:30:12Z',
    tookMs: 5,
    cluster: { fingerprint: 'dead0000-0000-4000-8000-000000000001' as Uid, name: 'lost', version: 'v1.34.4' },
    revision: '100',
    complete: options.complete ?? true,
    resources,
    skipped: [],
    dead: [],
    objects: entries.length,
    bytes: 0,
  };
  return {
    manifest,
    entries,
    async read(row) {
      const object = objects[row];
      if (object === undefined) throw new Error(`no row ${row}`);
      return object.bytes;
    },
    async *stream() {
      for (const entry of entries) yield { entry, bytes: (objects[entry.row] as { bytes: Buffer }).bytes };
    },
    async *texts() {
      const text = (row: number): string => (objects[row] as { bytes: Buffer }).bytes.toString('utf8');
      yield entries.map((entry) => ({ entry, text: text(entry.row), lacking: {} }));
    },
    async close() {},
  };
}

export const namespace = (name: string): Sample => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  name,
  rest: { spec: {}, status: { phase: 'Active' } },
});
export const configMap = (name: string, more: Partial<Sample> = {}): Sample => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name,
  namespace: 'team-a',
  rest: { data: { a: name } },
  ...more,
});
/** A reference to the n-th sample. */
export const ownedBy = (
  samples: readonly Sample[],
  number: number,
  more: Partial<OwnerReference> = {},
): OwnerReference => {
  const owner = samples[number];
  if (owner === undefined) throw new Error(`no sample ${number}`);
  return { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, uid: oldUid(number), ...more };
};

/** A folder that is gone when the test ends. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'seaworthy-recover-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
