import type { PointManifest, ResourceRecord } from '../vault/vault.ts';
import type { SUSPECT_CODES } from './codes.ts';

/** Below this many objects before, half of them gone is everyday life. */
const FEW = 10;

/** Marks a list that came back empty or far smaller than in the point before of the same cluster (S16). Incomplete lists are told otherwise. */
export function withSuspicion(record: ResourceRecord, before: PointManifest | undefined): ResourceRecord {
  const then = before?.resources.find(({ resource }) => resource === record.resource);
  if (before === undefined || then === undefined || record.missing !== undefined) return record;
  const fell = (code: keyof typeof SUSPECT_CODES, how: string): ResourceRecord => ({
    ...record,
    suspect: {
      code,
      sentence: `${record.resource}: ${how}; point ${before.id} of ${before.takenAt} holds ${then.count}`,
      before: then.count,
    },
  });
  if (then.count > 0 && record.count === 0) return fell('EMPTY-NOW', 'the list came back empty');
  if (then.count >= FEW && record.count * 2 < then.count)
    return fell('FEWER-NOW', `only ${record.count} objects came back`);
  return record;
}
