import { isJsonObject, type JsonObject, type MutableJsonObject } from '../../objects/json.ts';
import type { Call } from '../api/call.ts';
import { decodeBody } from '../api/decode.ts';
import { remove } from '../api/delete.ts';
import { copyJson, copyObject } from '../api/json-text.ts';
import { getOne } from '../api/read.ts';
import { guaranteedUpdate, update } from '../api/update.ts';
import { conflict } from '../status/refusal.ts';
import { parseBody } from './body.ts';
import { jsonAnswer, type SandboxAnswer } from './exchange.ts';
import { type Asked, callOf, objectAnswer } from './resource-verbs.ts';
import { methodNotAllowed, type ServingParts } from './serving-parts.ts';
import { deleteOptions, writeOptions } from './write-options.ts';

const success = (code: number): JsonObject => ({
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

/** POST of an Eviction deletes the Pod, as long as no PodDisruptionBudget forbids it. */
export async function evict(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  if (asked.request.method !== 'POST') throw methodNotAllowed();
  const { value } = parseBody(asked.request, asked.kind, false);
  const given = isJsonObject(value.deleteOptions) ? (copyObject(value.deleteOptions) as MutableJsonObject) : {};
  const { remove: how, dryRun, options } = deleteOptions(given, asked.query);
  getOne(parts.api, asked.kind, asked.namespace, asked.name);
  const call: Call = callOf({ ...asked, subresource: undefined }, { dryRun, validation: 'Ignore', options }, undefined);
  await remove(parts.api, call, how);
  return jsonAnswer(201, success(201));
}

/** POST of a Binding puts the Pod on a node. */
export async function bind(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  if (asked.request.method !== 'POST') throw methodNotAllowed();
  const options = writeOptions(asked.query, 'CreateOptions');
  const { value } = parseBody(asked.request, asked.kind, false);
  const target = isJsonObject(value.target) ? value.target : {};
  const call = callOf({ ...asked, subresource: 'binding' }, options, options.manager);
  await guaranteedUpdate(parts.api, call, {
    uid: undefined,
    mayCreate: false,
    make: (before) => {
      const next = copyObject(before as object);
      const spec = (next.spec ?? {}) as MutableJsonObject;
      if (typeof spec.nodeName === 'string' && spec.nodeName !== '')
        throw conflict(
          { group: '', resource: 'pods/binding' },
          asked.name,
          `pod ${asked.name} is already assigned to node ${JSON.stringify(spec.nodeName)}`,
        );
      spec.nodeName = copyJson(target.name ?? '');
      next.spec = spec;
      return next;
    },
  });
  return jsonAnswer(201, success(201));
}
