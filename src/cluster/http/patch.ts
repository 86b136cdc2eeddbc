import { isJsonObject, type JsonObject } from '../../objects/json.ts';
import type { Uid } from '../../objects/key.ts';
import type { Answer, Patch, Rejection } from '../port.ts';

export interface PatchParts {
  readonly patch: Patch;
  readonly uid: Uid;
  /** The door is one behind which the server may not look at the UID: a subresource. */
  readonly blind: boolean;
  readonly read: () => Promise<Answer>;
  readonly send: (content: { readonly contentType: string; readonly body: string }) => Promise<Answer>;
}

const MEDIA = {
  merge: 'application/merge-patch+json',
  apply: 'application/apply-patch+yaml',
  json: 'application/json-patch+json',
} as const;
/** How often a status that changed in between is read again before its conflict is handed on. */
const MOST_ROUNDS = 5;

/**
 * Patches the object with that UID and no other of its name; another answers 409 Conflict, whatever the server calls it.
 * Tried on 1.34.4: a UID that differs is 422 "field is immutable" in a merge or apply patch, 422 without causes for a failed
 * JSON `test`, and **accepted** by merge and apply patches of a custom resource's /status, which throw the metadata away.
 * There the patch names the resourceVersion that was read together with the UID, which the server does compare.
 */
export async function patchExactly(parts: PatchParts): Promise<Answer> {
  const { patch, uid } = parts;
  if (patch.kind === 'json') return await patchJson(parts, patch.body);
  const given = isJsonObject(patch.body.metadata) ? patch.body.metadata : {};
  const send = (metadata: JsonObject) =>
    parts.send({ contentType: MEDIA[patch.kind], body: JSON.stringify({ ...patch.body, metadata }) });
  if (!parts.blind || given.resourceVersion !== undefined) return named(await send({ ...given, uid }), uid);
  for (let round = 1; ; round++) {
    const seen = await parts.read();
    if (seen.kind === 'rejected') return seen;
    const { uid: found, resourceVersion } = seen.object.metadata;
    if (found !== uid) return otherObject(uid, `it has the UID ${found}`);
    const answer = await send({ ...given, uid, resourceVersion });
    const raced = answer.kind === 'rejected' && answer.status === 409 && answer.reason === 'Conflict';
    // A conflict of field managers stays one however often it is tried: it says so by its causes.
    if (!raced || answer.causes.length > 0 || round === MOST_ROUNDS) return named(answer, uid);
  }
}

async function patchJson(parts: PatchParts, body: readonly JsonObject[]): Promise<Answer> {
  const test = { op: 'test', path: '/metadata/uid', value: parts.uid };
  const answer = await parts.send({ contentType: MEDIA.json, body: JSON.stringify([test, ...body]) });
  if (answer.kind === 'accepted' || answer.status !== 422 || answer.causes.length > 0) return answer;
  // The server does not say which operation failed: look.
  const seen = await parts.read();
  if (seen.kind === 'rejected' || seen.object.metadata.uid === parts.uid) return answer;
  return otherObject(parts.uid, `it has the UID ${seen.object.metadata.uid}`);
}

function named(answer: Answer, uid: Uid): Answer {
  if (answer.kind === 'accepted' || !answer.causes.some((cause) => cause.field === 'metadata.uid')) return answer;
  return otherObject(uid, answer.message);
}

function otherObject(uid: Uid, why: string): Rejection {
  return {
    kind: 'rejected',
    status: 409,
    reason: 'Conflict',
    message: `The object of that name is not the one with the UID ${uid}: ${why}`,
    causes: [],
  };
}
