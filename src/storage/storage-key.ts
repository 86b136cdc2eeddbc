import { storageFault } from './codes.ts';

const SEGMENT = /^[a-z0-9._-]+$/;

/**
 * Refuses what is no key (`STORAGE-KEY`): keys are `/`-separated segments of `[a-z0-9._-]`, never empty, never `.` or `..`.
 * Lower case only, so that a file system which folds case keeps two keys apart; at most 200 characters a segment and 900 in all.
 */
export function checkKey(key: string): void {
  const bad = key.length > 900 || key.split('/').some((segment) => !isSegment(segment));
  if (bad)
    throw storageFault('STORAGE-KEY', `${JSON.stringify(key.slice(0, 200))} is no storage key`, {
      hint: 'Use segments of a-z, 0-9, dot, dash and underscore, separated by single slashes.',
    });
}

export function isSegment(segment: string): boolean {
  return segment.length <= 200 && segment !== '.' && segment !== '..' && SEGMENT.test(segment);
}

/** The sentence and code of a range that the key does not hold. */
export function shortContent(place: string, key: string, wanted: number, held: number) {
  return storageFault('STORAGE-SHORT', `${key} in ${place} holds ${held} bytes where ${wanted} were asked for`, {
    hint: 'Something cut the file off; take another copy of the place, or another recovery point.',
    details: { key, wanted, held },
  });
}

export function missingKey(place: string, key: string, cause?: unknown) {
  return storageFault('STORAGE-MISSING', `${key} is not in ${place}`, {
    hint: 'Check that this is the place that was written to, and that nothing was removed from it.',
    cause,
    details: { key },
  });
}

export function existingKey(place: string, key: string) {
  return storageFault('STORAGE-EXISTS', `${key} in ${place} holds other bytes already; nothing is ever overwritten`, {
    hint: 'Another writer used the same key: run the command again, which takes a new one.',
    details: { key },
  });
}
