import type { Uid } from './key.ts';
import { dashedUidAt, uidPrefixAt, visitUids } from './uid-text.ts';

/** A quoted text that may be the base64 of at least 32 bytes. */
const BASE64 = /"([A-Za-z0-9+/]{43,}={0,2})"/g;
const FILTER_BITS = 24;

/**
 * The raw JSON of one object as texts to scan: UIDs are ASCII and JSON never escapes them, so bytes are read as Latin-1. What
 * Secrets and `binaryData` hold as base64 is added decoded; other objects hold none that Kubernetes knows of.
 */
function textsOf(raw: Uint8Array | string, base64: boolean | undefined): string[] {
  const text = typeof raw === 'string' ? raw : asBuffer(raw).toString('latin1');
  if (!(base64 ?? (text.includes('"Secret"') || text.includes('"binaryData"')))) return [text];
  return [
    text,
    ...Array.from(text.matchAll(BASE64), ([, base64 = '']) => Buffer.from(base64, 'base64').toString('latin1')),
  ];
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Every text in the raw JSON of one object that has the shape of a UID, dashed and lower case, each once. A hash of 64 hex
 * digits gives one candidate for each of its 33 windows: with known UIDs, `uidFinder` is what to use.
 */
export function candidateUids(raw: Uint8Array | string): string[] {
  const found = new Set<string>();
  for (const text of textsOf(raw, undefined))
    visitUids(text, (start, form) => {
      found.add(dashedUidAt(text, start, form));
      // A dashed text cannot overlap another; a bare window can.
      return form === 'dashed';
    });
  return [...found];
}

/** Finds known UIDs in raw JSON without parsing it. */
export interface UidFinder {
  has(uid: string): boolean;
  /**
   * The known UIDs in the raw JSON of one object, one entry for each time one stands there. The object's own and its owners'
   * are among them: an object mentions nothing else when what is left after taking those away is empty.
   * `base64`: whether it may hold any (a Secret, `binaryData`); absent: it is found out.
   */
  hits(raw: Uint8Array | string, base64?: boolean): Uid[];
}

/** `uids` as servers wrote them. Memory: 2 MiB and a set of the UIDs. */
export function uidFinder(uids: Iterable<string>): UidFinder {
  const known = new Set<string>();
  const filter = new Uint32Array(2 ** (FILTER_BITS - 5));
  for (const uid of uids) {
    // What has not the shape of a UUID is never found in texts, so it is not looked for.
    visitUids(uid, (start, form) => {
      if (start !== 0 || (uid.length !== 36 && uid.length !== 32)) return false;
      known.add(dashedUidAt(uid, start, form));
      const bit = uidPrefixAt(uid, start) >>> (32 - FILTER_BITS);
      filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
      return true;
    });
  }
  const hits = (raw: Uint8Array | string, base64?: boolean): Uid[] => {
    const found: Uid[] = [];
    for (const text of textsOf(raw, base64))
      visitUids(text, (start, form) => {
        const bit = uidPrefixAt(text, start) >>> (32 - FILTER_BITS);
        if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
        const uid = dashedUidAt(text, start, form);
        if (!known.has(uid)) return false;
        found.push(uid as Uid);
        return true;
      });
    return found;
  };
  return { has: (uid) => known.has(uid), hits };
}
