import { isJsonObject, type JsonObject, type MutableJsonObject } from '../../objects/json.ts';
import { decodeBody } from '../api/decode.ts';
import { copyJson, copyObject } from '../api/json-text.ts';
import { metaOf } from '../api/object-meta.ts';
import { guaranteedUpdate, update } from '../api/update.ts';
import { timestamp } from '../clock.ts';
import { badRequest, conflict, refusal } from '../status/refusal.ts';
import { parseBody } from './body.ts';
import { jsonAnswer, type SandboxAnswer } from './exchange.ts';
import { type Asked, callOf, objectAnswer } from './resource-verbs.ts';
import { methodNotAllowed, type ServingParts } from './serving-parts.ts';
import { writeOptions } from './write-options.ts';

export const success = (code: number): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code,
});

/** PUT of a Namespace's /finalize: the only way to change the finalizers of its spec. */
export async function finalize(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  if (asked.request.method !== 'PUT') throw methodNotAllowed();
  const options = writeOptions(asked.query, 'UpdateOptions');
  const call = callOf(asked, options, options.manager);
  const { value, duplicates } = parseBody(asked.request, asked.kind, false);
  const body = decodeBody(parts.api, call, value, duplicates);
  const done = await update(parts.api, call, body);
  return await objectAnswer(parts.api, asked, 200, done.version);
}

/** POST of a Binding puts the Pod on a node. */
export async function bind(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  if (asked.request.method !== 'POST') throw methodNotAllowed();
  const options = writeOptions(asked.query, 'CreateOptions');
  const { value } = parseBody(asked.request, asked.kind, false);
  const target = isJsonObject(value.target) ? value.target : {};
  const { name: told } = metaOf(value);
  if (told !== undefined && told !== '' && told !== asked.name)
    throw badRequest('name in URL does not match name in Binding object');
  checkTarget(target);
  const call = callOf({ ...asked, subresource: 'binding' }, options, options.manager);
  await guaranteedUpdate(parts.api, call, {
    uid: undefined,
    mayCreate: false,
    make: (before) => {
      const next = copyObject(before as object);
      const why = notToBind(next, asked.name);
      if (why !== undefined) throw conflict({ group: '', resource: 'pods/binding' }, asked.name, why);
      (next.spec as MutableJsonObject).nodeName = copyJson(target.name ?? '');
      const { annotations } = metaOf(value);
      if (isJsonObject(annotations))
        metaOf(next).annotations = { ...(metaOf(next).annotations as MutableJsonObject), ...copyObject(annotations) };
      markScheduled(next, parts.api.clock.now());
      return next;
    },
  });
  return jsonAnswer(201, success(201));
}

/** What is wrong with a Binding is told without a reason. */
function checkTarget({ kind = '', name = '' }: JsonObject): void {
  const found: string[] = [];
  if (kind !== '' && kind !== 'Node')
    found.push(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`);
  if (name === '') found.push('target.name: Required value');
  const message = found.length > 1 ? `[${found.join(', ')}]` : found[0];
  if (message !== undefined) throw refusal({ code: 500, message });
}

function notToBind(pod: MutableJsonObject, name: string): string | undefined {
  const { nodeName, schedulingGates } = (pod.spec ?? {}) as MutableJsonObject;
  if (metaOf(pod).deletionTimestamp !== undefined) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (typeof nodeName === 'string' && nodeName !== '')
    return `pod ${name} is already assigned to node ${JSON.stringify(nodeName)}`;
  const gated = Array.isArray(schedulingGates) && schedulingGates.length > 0;
  return gated ? `pod ${name} has non-empty .spec.schedulingGates` : undefined;
}

function markScheduled(pod: MutableJsonObject, now: number): void {
  const status = (pod.status ?? {}) as MutableJsonObject;
  const others = (Array.isArray(status.conditions) ? (status.conditions as MutableJsonObject[]) : []).filter(
    ({ type }) => type !== 'PodScheduled',
  );
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp(now) };
  status.conditions = [...others, scheduled];
  pod.status = status;
}
