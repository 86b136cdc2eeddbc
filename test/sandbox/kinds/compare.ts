import type { MutableJsonObject } from '../../../src/objects/json.ts';
import { jsonDifference } from './json-difference.ts';

const STAMPS = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink'];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Answers without what differs from run to run: uids, times, revisions, addresses and ports that were chosen. */
export function comparable(body: unknown): unknown {
  const text = JSON.stringify(body)
    .replaceAll(UUID, 'UID')
    .replaceAll(/"10\.0\.0\.(?!10")\d+"/g, '"CLUSTER-IP"')
    .replaceAll(/"(nodePort|healthCheckNodePort)":3\d{4}/g, '"$1":30000')
    .replaceAll(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access')
    .replaceAll(/"lastTransitionTime":"[^"]*"/g, '"lastTransitionTime":"NOW"')
    .replaceAll(/"lastPhaseTransitionTime":"[^"]*"/g, '"lastPhaseTransitionTime":"NOW"');
  const object = JSON.parse(text) as MutableJsonObject;
  const meta = object.metadata as MutableJsonObject | undefined;
  if (meta !== undefined) for (const stamp of STAMPS) delete meta[stamp];
  return object.kind === 'Status'
    ? { code: object.code, message: object.message, reason: object.reason, details: object.details }
    : object;
}

/** Where two answers differ, the first few places; empty when they agree. */
export const differences = (real: unknown, ours: unknown): readonly string[] =>
  jsonDifference(comparable(real), comparable(ours)).slice(0, 6);
