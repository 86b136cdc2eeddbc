import { createHash } from 'node:crypto';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** JSON text with sorted keys: equal values give equal texts. */
export function sortedText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return `{${members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${sortedText(member)}`)
    .join(',')}}`;
}

/**
 * Ends the names of ReplicaSets, ControllerRevisions. The real one is the FNV sum of Go's dump of the structure; this is a
 * stable sum of the JSON in the same alphabet and length, so names differ from the real ones and nothing else.
 */
export function templateHash(template: unknown, collisions = 0): string {
  const digest = createHash('sha256')
    .update(sortedText(template))
    .update(collisions === 0 ? '' : `#${collisions}`)
    .digest();
  return [...String(digest.readUInt32LE(0))].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('');
}
