import { hash } from 'node:crypto';
import type { Digest } from './vault.ts';

/** SHA-256 in lower-case hex. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return hash('sha256', bytes, 'hex') as Digest;
}
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}
