import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { timestamp } from '../clock.ts';
import { alreadyExists, refusal } from '../status/refusal.ts';
import { Version } from '../storage/version.ts';
import { attemptOf, mutate, validate } from './admit.ts';
import { type Call, contextOf, requestApiVersion, subjectOf } from './call.ts';
import { toHub, toStorage } from './conversion.ts';
import { hasGeneration } from './generation.ts';
import { asKept, keepParts } from './lasting-parts.ts';
import { dedupOwners, generatedName, matchNamespace, metaOf, tidyMeta, wipeSystemFields } from './object-meta.ts';
import type { ServerParts } from './parts.ts';
import { keyOf } from './served-kind.ts';
import { validateCreate } from './validate.ts';

const NAME_TRIES = 8;

/** POST of a decoded body, which is the callee's from now on. Gives the version that is stored (or would be: dry run). */
export async function create(parts: ServerParts, call: Call, body: MutableJsonObject): Promise<Version> {
  const meta = metaOf(body);
  wipeSystemFields(meta);
  matchNamespace(meta, call);
  dedupOwners(meta, call, false);
  record(parts, call, body);
  toHub(call.kind, body);
  const waiting = mutate(parts, attemptOf(parts, call, 'CREATE', body, undefined, String(meta.name ?? '')));
  if (waiting !== undefined) await waiting;
  dedupOwners(metaOf(body), call, true);
  return await insert(parts, call, body);
}

function record(parts: ServerParts, call: Call, body: MutableJsonObject): void {
  parts.fields.record(body, undefined, {
    kind: call.kind,
    type: parts.typeOf(call.kind, call.version),
    apiVersion: requestApiVersion(call),
    manager: call.manager,
    subresource: call.subresource,
    now: parts.clock.now(),
  });
}

/** From the admitted body to the store; also the way of an apply or an update that creates, which may name a revision. */
export async function insert(
  parts: ServerParts,
  call: Call,
  body: MutableJsonObject,
  byUpdate = false,
): Promise<Version> {
  const { kind } = call;
  const { store } = parts;
  const meta = metaOf(body);
  meta.uid = parts.newUid();
  meta.creationTimestamp = timestamp(parts.clock.now());
  const generates = typeof meta.generateName === 'string' && meta.generateName !== '' && (meta.name ?? '') === '';
  if (generates)
    for (let tries = 0; tries < NAME_TRIES; tries++) {
      meta.name = generatedName(String(meta.generateName), parts.random);
      if (store.get(kind.storedAs, keyOf(kind, call.namespace, meta.name)) === undefined) break;
    }
  matchNamespace(meta, call);
  if (kind.custom !== undefined) kind.custom.prepareCreate(body, call.version);
  else {
    if (hasGeneration(kind)) meta.generation = 1;
    kind.rules?.prepareCreate?.(body, contextOf(parts, call));
    keepParts(body, kind);
  }
  tidyMeta(meta);
  validateCreate(parts, call, body);
  const name = String(meta.name ?? '');
  const waiting = validate(parts, attemptOf(parts, call, 'CREATE', body, undefined, name));
  if (waiting !== undefined) await waiting;
  const converted = toStorage(kind, body, call.version);
  const stored = asKept(kind, converted instanceof Promise ? await converted : converted);
  const key = keyOf(kind, call.namespace, name);
  const there = store.get(kind.storedAs, key);
  const revision = meta.resourceVersion ?? '';
  if (byUpdate && !/^\d*$/.test(String(revision)))
    throw refusal({ code: 500, message: `strconv.ParseUint: parsing ${JSON.stringify(revision)}: invalid syntax` });
  if (!byUpdate && /^\d+$/.test(String(revision)) && Number(revision) !== 0)
    throw refusal({ code: 500, message: 'resourceVersion should not be set on objects to be created' });
  if (there !== undefined) {
    const deleting = there.object.metadata.deletionTimestamp !== undefined;
    throw alreadyExists(subjectOf(call), name, deleting);
  }
  if (call.dryRun) return new Version(kind.storedAs, key, stored as unknown as KubeObject, 0, false, undefined);
  const version = store.put(kind.storedAs, key, stored);
  kind.rules?.afterCreate?.(version.object, contextOf(parts, call));
  return version;
}
