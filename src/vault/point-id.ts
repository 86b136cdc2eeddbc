import { randomBytes } from 'node:crypto';
import type { PointId } from './vault.ts';

const FOLDER = /^points\/(\d{8})t(\d{6})z-([0-9a-f]{8})\//;
const ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** A new id of that moment (RFC 3339); two of one second differ by their random half. */
export function newPointId(takenAt: string): PointId {
  const compact = new Date(takenAt).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${compact}-${randomBytes(4).toString('hex')}` as PointId;
}

export function isPointId(text: unknown): text is PointId {
  return typeof text === 'string' && ID.test(text);
}

/** The folder of a point. Storage keys are lower case. */
export function pointFolder(id: PointId): string {
  return `points/${id.toLowerCase()}`;
}
export const packKey = (id: PointId, pack: number): string => `${pointFolder(id)}/packs/${pack}.pack`;
export const indexKey = (id: PointId): string => `${pointFolder(id)}/index.zst`;
export const manifestKey = (id: PointId): string => `${pointFolder(id)}/manifest.json`;

/** The point that a storage key belongs to; undefined for any other key. */
export function pointOfKey(key: string): PointId | undefined {
  const [, day, time, random] = FOLDER.exec(key) ?? [];
  return day === undefined ? undefined : (`${day}T${time}Z-${random}` as PointId);
}
