import { type ResourceName, resourceName, type Uid } from '../../src/objects/key.ts';
import type { PointManifest, PointWriter, Vault } from '../../src/vault/vault.ts';

export interface SampleObject {
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: Uid;
  readonly raw: string;
}
export const CONFIG_MAPS = resourceName('', 'configmaps');
export const WIDGETS = resourceName('example.org', 'widgets');
export const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
export const WIDGET = { apiVersion: 'example.org/v1', kind: 'Widget' };
export const uidOf = (number: number): Uid => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}` as Uid;

/** Reproducible text that does not compress to nothing. */
export function filler(length: number, seed: number): string {
  let state = seed * 2654435761 + 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, length);
}

/** A ConfigMap as a list gives it: without its type. */
export function configMap(number: number, size = 200, namespace = `team-${Math.floor(number / 50)}`): SampleObject {
  const name = `settings-${number}`;
  const metadata = { name, namespace, uid: uidOf(number), resourceVersion: String(number + 1) };
  const raw = JSON.stringify({ metadata, data: { text: filler(size, number) } });
  return { resource: CONFIG_MAPS, namespace, name, uid: uidOf(number), raw };
}
/** A cluster-scoped custom resource as a list gives it: with its type. */
export function widget(number: number): SampleObject {
  const name = `widget-${number}`;
  const metadata = { name, uid: uidOf(1_000_000 + number), resourceVersion: '7' };
  const raw = JSON.stringify({ ...WIDGET, metadata, spec: { größe: number } });
  return { resource: WIDGETS, namespace: undefined, name, uid: uidOf(1_000_000 + number), raw };
}

export const TOLD: Omit<PointManifest, 'format' | 'id' | 'objects' | 'bytes'> = {
  takenAt: '2026-11-21T09:30:12.500Z',
  tookMs: 10,
  cluster: { fingerprint: uidOf(99), name: 'lab', version: 'v1.34.4' },
  revision: '4711',
  complete: true,
  resources: [],
  skipped: [],
  dead: [],
};

export async function addAll(writer: PointWriter, objects: readonly SampleObject[]): Promise<void> {
  writer.declare(CONFIG_MAPS, CONFIG_MAP);
  writer.declare(WIDGETS, WIDGET);
  for (const { raw, ...entry } of objects) await writer.add(entry, Buffer.from(raw));
}
export async function writeSample(
  vault: Vault,
  objects: readonly SampleObject[],
  takenAt = TOLD.takenAt,
): Promise<PointManifest> {
  const writer = await vault.begin(takenAt);
  await addAll(writer, objects);
  return writer.commit({ ...TOLD, takenAt });
}
