import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { invalid } from '../status/problem.ts';
import { badRequest, conflict, notFound, refusal } from '../status/refusal.ts';
import { Version } from '../storage/version.ts';
import { attemptOf, mutate, validate } from './admit.ts';
import { type Call, contextOf, requestApiVersion, subjectOf } from './call.ts';
import { served, toHub, toStorage } from './conversion.ts';
import { insert } from './create.ts';
import { copyObject } from './json-text.ts';
import { asKept } from './lasting-parts.ts';
import { dedupOwners, matchNamespace, metaOf, tidyMeta } from './object-meta.ts';
import type { ServerParts } from './parts.ts';
import { keepSystemFields, keepTimes, prepareUpdate } from './prepare-update.ts';
import { keyOf, registryKey } from './served-kind.ts';
import { validateUpdate } from './validate.ts';

export interface Updated {
  readonly version: Version;
  readonly created: boolean;
}

/** Makes the new object from the one that is there (in the version of the request), or from none. The result is owned. */
export type Maker = (before: KubeObject | undefined) => MutableJsonObject | Promise<MutableJsonObject>;

export interface UpdateHow {
  /** Precondition. */
  readonly uid: string | undefined;
  readonly mayCreate: boolean;
  /** What is not found when there is no such object; default: the resource. */
  readonly missing?: string;
  readonly make: Maker;
}

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';
const TRIES = 5;

/** PUT of a decoded body. */
export async function update(parts: ServerParts, call: Call, body: MutableJsonObject): Promise<Updated> {
  const meta = metaOf(body);
  matchNamespace(meta, call);
  checkName(meta, call);
  dedupOwners(meta, call, false);
  const uid = typeof meta.uid === 'string' && meta.uid !== '' ? meta.uid : undefined;
  return await guaranteedUpdate(parts, call, {
    uid,
    mayCreate: call.kind.rules?.createOnUpdate === true,
    make: (before) => {
      const next = copyObject(body);
      recordFields(parts, call, next, before);
      return next;
    },
  });
}

export function checkName(meta: MutableJsonObject, call: Call): void {
  const name = typeof meta.name === 'string' ? meta.name : '';
  if (name === '')
    throw badRequest(`the name of the object (${call.name} based on URL) was undeterminable: name must be provided`);
  if (name !== call.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.name})`);
}

export function recordFields(
  parts: ServerParts,
  call: Call,
  next: MutableJsonObject,
  before: KubeObject | undefined,
): void {
  parts.fields.record(next, before, {
    kind: call.kind,
    type: parts.typeOf(call.kind, call.version),
    apiVersion: requestApiVersion(call),
    manager: call.manager,
    subresource: call.subresource,
    now: parts.clock.now(),
  });
}

/** Reads, changes, admits and stores; begins again when somebody else wrote in between. */
export async function guaranteedUpdate(parts: ServerParts, call: Call, how: UpdateHow): Promise<Updated> {
  for (let tries = 1; ; tries++) {
    const done = await once(parts, call, how);
    if (done !== undefined) return done;
    if (tries === TRIES) throw conflict(subjectOf(call), call.name, MODIFIED);
  }
}

/** Undefined: somebody else was faster. */
async function once(parts: ServerParts, call: Call, how: UpdateHow): Promise<Updated | undefined> {
  const { kind } = call;
  const { store } = parts;
  const key = keyOf(kind, call.namespace, call.name);
  const current = store.get(kind.storedAs, key);
  if (current === undefined) {
    if (how.uid !== undefined) throw conflict(subjectOf(call), call.name, uidMismatch(call, how.uid, ''));
    if (!how.mayCreate) throw notFound({ ...subjectOf(call), resource: how.missing ?? kind.plural }, call.name);
    return { version: await createInstead(parts, call, toHub(kind, await how.make(undefined))), created: true };
  }
  const shown = await served(kind, current.object, call.version);
  // Rules of built-in kinds know the form of the store; custom kinds are handled in the version of the request.
  const before = kind.custom === undefined ? current.object : shown;
  const found = before.metadata.uid ?? '';
  if (how.uid !== undefined && how.uid !== found)
    throw conflict(subjectOf(call), call.name, uidMismatch(call, how.uid, found));
  const next = toHub(kind, await how.make(shown));
  const waiting = mutate(parts, attemptOf(parts, call, 'UPDATE', next, before));
  if (waiting !== undefined) await waiting;
  const meta = metaOf(next);
  dedupOwners(meta, call, true);
  checkRevision(call, meta, before);
  matchNamespace(meta, call);
  prepareUpdate(parts, call, next, before);
  keepSystemFields(meta, before);
  tidyMeta(meta);
  validateUpdate(parts, call, next, before);
  keepTimes(meta, next, before);
  const checking = validate(parts, attemptOf(parts, call, 'UPDATE', next, before));
  if (checking !== undefined) await checking;
  const converted = toStorage(kind, next, call.version);
  const stored = asKept(kind, converted instanceof Promise ? await converted : converted);
  if (store.get(kind.storedAs, key) !== current) return undefined;
  return { version: commit(parts, call, current, stored), created: false };
}

function commit(parts: ServerParts, call: Call, current: Version, stored: MutableJsonObject): Version {
  const { kind } = call;
  const { store } = parts;
  const meta = metaOf(stored);
  meta.resourceVersion = current.object.metadata.resourceVersion as string;
  const emptied = current.object.metadata.deletionTimestamp !== undefined && noFinalizers(meta);
  const grace = current.object.metadata.deletionGracePeriodSeconds ?? 0;
  const dies = emptied && grace === 0 && call.subresource !== 'status' && mayDie(stored);
  const unchanged = !dies && sameJson(stored as JsonObject, current.object as unknown as Json);
  if (unchanged || call.dryRun)
    return unchanged
      ? current
      : new Version(kind.storedAs, current.key, stored as unknown as KubeObject, current.revision, false, undefined);
  if (dies) {
    const gone = store.remove(kind.storedAs, current.key, copyObject(current.object)) as Version;
    kind.rules?.afterDelete?.(gone.object, contextOf(parts, call));
    // The answer is what was sent: it does not know the revision of the deletion.
    return new Version(kind.storedAs, current.key, stored as unknown as KubeObject, current.revision, true, undefined);
  }
  const version = store.put(kind.storedAs, current.key, stored);
  kind.rules?.afterUpdate?.(version.object, current.object, contextOf(parts, call));
  return version;
}

const noFinalizers = (meta: MutableJsonObject): boolean =>
  !Array.isArray(meta.finalizers) || meta.finalizers.length === 0;

/** A Namespace also waits for the finalizers of its spec. */
function mayDie(object: MutableJsonObject): boolean {
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') return true;
  const { spec } = object;
  return !isJsonObject(spec) || !Array.isArray(spec.finalizers) || spec.finalizers.length === 0;
}

async function createInstead(parts: ServerParts, call: Call, body: MutableJsonObject): Promise<Version> {
  const meta = metaOf(body);
  if (meta.uid !== undefined && meta.uid !== '')
    throw conflict(
      subjectOf(call),
      call.name,
      `uid mismatch: the provided object specified uid ${String(meta.uid)}, and no existing object was found`,
    );
  parts.authorize({
    user: call.user,
    verb: 'create',
    group: call.kind.group,
    version: call.version,
    resource: call.kind.plural,
    subresource: call.subresource,
    namespace: call.namespace,
    name: call.name,
  });
  const waiting = mutate(parts, attemptOf(parts, call, 'CREATE', body, undefined));
  if (waiting !== undefined) await waiting;
  dedupOwners(metaOf(body), call, true);
  return await insert(parts, call, body, true);
}

function checkRevision(call: Call, meta: MutableJsonObject, before: KubeObject): void {
  const { kind } = call;
  const asked = meta.resourceVersion;
  if (asked === undefined || asked === null || asked === '' || asked === '0') {
    if (kind.custom === undefined && kind.rules?.unconditionalUpdate !== false) return;
    throw invalid(kind.group, kind.plural, call.name, [
      { kind: 'invalid', field: 'metadata.resourceVersion', value: 0, detail: 'must be specified for an update' },
    ]);
  }
  if (!/^\d+$/.test(String(asked)))
    throw refusal({ code: 500, message: `strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax` });
  if (asked !== before.metadata.resourceVersion) throw conflict(subjectOf(call), call.name, MODIFIED);
}

function uidMismatch(call: Call, asked: string, found: string): string {
  const key = registryKey(call.kind, call.namespace, call.name);
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${found}`;
}
