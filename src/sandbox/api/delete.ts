import type { JsonObject, KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { timestamp } from '../clock.ts';
import { DEFINITIONS, markedForDeletion } from '../kinds/custom-resource-definitions.ts';
import { conflict, notFound } from '../status/refusal.ts';
import { Version } from '../storage/version.ts';
import { attemptOf, mutate, validate } from './admit.ts';
import { type Call, contextOf, subjectOf } from './call.ts';
import { served } from './conversion.ts';
import { copyObject } from './json-text.ts';
import { metaOf } from './object-meta.ts';
import type { ServerParts } from './parts.ts';
import { keyOf, type ServedKind } from './served-kind.ts';

export interface DeleteOptions {
  readonly graceSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** The deprecated way to say Orphan (true) or Background (false). */
  readonly orphanDependents?: boolean;
}

/** `object`: what the answer holds; a Status about it when `status` is true. */
export interface Deleted {
  readonly version: Version;
  readonly gone: boolean;
  readonly status: boolean;
}

/** What the server tells those who delete a Job and do not say what is to become of its Pods. */
const ORPHANS_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';
const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** Kinds that leave their Pods behind unless told otherwise, as they did before there was a garbage collector. */
const ORPHANS_BY_DEFAULT: ReadonlySet<string> = new Set(['jobs.batch', 'replicationcontrollers']);

/** Kinds whose deletion answers with the object and not with a Status. */
const ANSWERS_OBJECT: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'namespaces',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
  'storageclasses.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourceslices.resource.k8s.io',
]);

/** DELETE of one object. */
export async function remove(parts: ServerParts, call: Call, options: DeleteOptions): Promise<Deleted> {
  const { kind } = call;
  const key = keyOf(kind, call.namespace, call.name);
  warnOfOrphans(kind, options, call.warnings);
  for (;;) {
    const current = parts.store.get(kind.storedAs, key);
    if (current === undefined) throw notFound(subjectOf(call), call.name);
    // What cannot be read in the version of the request cannot be deleted in it.
    if (kind.custom !== undefined) await served(kind, current.object, call.version);
    checkPreconditions(call, current.object, options);
    const attempt = attemptOf(parts, call, 'DELETE', undefined, current.object);
    const mutating = mutate(parts, attempt);
    if (mutating !== undefined) await mutating;
    const validating = validate(parts, attempt);
    if (validating !== undefined) await validating;
    if (parts.store.get(kind.storedAs, key) === current) return commit(parts, call, current, options);
  }
}

export function warnOfOrphans(kind: ServedKind, options: DeleteOptions, warnings: Set<string>): void {
  const { propagation, orphanDependents } = options;
  if (kind.resource === 'jobs.batch' && propagation === undefined && orphanDependents === undefined)
    warnings.add(ORPHANS_WARNING);
}

function commit(parts: ServerParts, call: Call, current: Version, options: DeleteOptions): Deleted {
  const { kind } = call;
  const { store } = parts;
  const { deletionTimestamp: dying } = current.object.metadata;
  const next =
    kind.resource === DEFINITIONS && dying === undefined
      ? markedForDeletion(current.object, parts.clock.now())
      : copyObject(current.object);
  const meta = metaOf(next);
  const now = parts.clock.now();
  const plan = gracePlan(call, current.object, options, now);
  if (plan.kind === 'pending') return { version: current, gone: false, status: !ANSWERS_OBJECT.has(kind.resource) };
  setFinalizers(meta, finalizersOf(call, next as unknown as KubeObject, options));
  const held = Array.isArray(meta.finalizers) || heldBySpec(next);
  const graceful = plan.kind === 'graceful';
  if (graceful || held) {
    const { generation, deletionTimestamp } = current.object.metadata;
    if (deletionTimestamp === undefined && generation !== undefined && generation > 0) meta.generation = generation + 1;
    meta.deletionTimestamp = graceful
      ? timestamp(plan.at)
      : deletionTimestamp !== undefined && Date.parse(deletionTimestamp) <= now
        ? deletionTimestamp
        : timestamp(now);
    meta.deletionGracePeriodSeconds = graceful ? plan.seconds : 0;
    // These two are marked by ways of their own, which know no grace and count no generation.
    if (kind.resource === DEFINITIONS || kind.resource === 'namespaces') {
      delete meta.deletionGracePeriodSeconds;
      if (generation !== undefined) meta.generation = generation;
    }
    markPhase(next);
    if (held || (graceful && plan.seconds > 0)) return marked(parts, call, current, next);
    // Without a moment's grace it is marked all the same, and then goes.
    if (graceful && !call.dryRun) return gone(parts, call, store.put(kind.storedAs, current.key, next));
  }
  if (call.dryRun)
    return {
      version: new Version(
        kind.storedAs,
        current.key,
        next as unknown as KubeObject,
        current.revision,
        true,
        undefined,
      ),
      gone: true,
      status: !ANSWERS_OBJECT.has(kind.resource),
    };
  return gone(parts, call, current);
}

/** Takes it away; what is told of it last is how it lay in the store. */
function gone(parts: ServerParts, call: Call, last: Version): Deleted {
  const { kind } = call;
  const version = parts.store.remove(kind.storedAs, last.key, copyObject(last.object)) as Version;
  kind.rules?.afterDelete?.(version.object, contextOf(parts, call));
  return { version, gone: true, status: !ANSWERS_OBJECT.has(kind.resource) };
}

/** The object stays and says that it is being deleted. */
function marked(parts: ServerParts, call: Call, current: Version, next: MutableJsonObject): Deleted {
  const { kind } = call;
  if (JSON.stringify(next) === JSON.stringify(current.object)) return { version: current, gone: false, status: false };
  if (call.dryRun) {
    const version = new Version(
      kind.storedAs,
      current.key,
      next as unknown as KubeObject,
      current.revision,
      false,
      undefined,
    );
    return { version, gone: false, status: false };
  }
  const version = parts.store.put(kind.storedAs, current.key, next);
  kind.rules?.afterUpdate?.(version.object, current.object, contextOf(parts, call));
  return { version, gone: false, status: false };
}

/** A Namespace stays for the finalizers of its spec. */
function heldBySpec(object: MutableJsonObject): boolean {
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') return false;
  const finalizers = (object.spec as JsonObject | undefined)?.finalizers;
  return Array.isArray(finalizers) && finalizers.length > 0;
}

function markPhase(object: MutableJsonObject): void {
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') return;
  object.status = { ...(object.status as MutableJsonObject | undefined), phase: 'Terminating' };
}

type Grace =
  | { readonly kind: 'none' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'graceful'; readonly seconds: number; readonly at: number };

/** What the grace period comes to: rest.BeforeDelete of the real server. */
function gracePlan(call: Call, object: KubeObject, options: DeleteOptions, now: number): Grace {
  const { rules } = call.kind;
  if (rules?.graceSeconds === undefined) return { kind: 'none' };
  const asked = options.graceSeconds !== undefined && options.graceSeconds < 0 ? 1 : options.graceSeconds;
  const { deletionTimestamp, deletionGracePeriodSeconds: had } = object.metadata;
  if (deletionTimestamp !== undefined) {
    if (had === undefined || had === 0) return { kind: 'none' };
    if (asked === undefined || asked >= had) return { kind: 'pending' };
    const at = Date.parse(deletionTimestamp) - had * 1000 + asked * 1000;
    if (at >= now) return { kind: 'graceful', seconds: asked, at };
    return { kind: 'graceful', seconds: asked === 0 ? 0 : 1, at: now };
  }
  const seconds = asked === undefined ? rules.graceSeconds(object) : Math.min(asked, Math.max(asked, 0));
  const least = rules.graceSeconds(object) === 0 ? 0 : seconds;
  return { kind: 'graceful', seconds: least, at: now + least * 1000 };
}

function finalizersOf(call: Call, object: KubeObject, options: DeleteOptions): readonly string[] {
  const had = object.metadata.finalizers ?? [];
  const { orphanDependents, propagation } = options;
  let wish: string | undefined;
  if (call.kind.storedAs === 'events') wish = undefined;
  else if (orphanDependents !== undefined) wish = orphanDependents ? ORPHAN : undefined;
  else if (propagation !== undefined)
    wish = propagation === 'Orphan' ? ORPHAN : propagation === 'Foreground' ? FOREGROUND : undefined;
  else {
    const own = had.find((finalizer) => finalizer === ORPHAN || finalizer === FOREGROUND);
    const orphans = call.kind.rules?.defaultPropagation === 'Orphan' || ORPHANS_BY_DEFAULT.has(call.kind.resource);
    wish = own ?? (orphans ? ORPHAN : undefined);
  }
  const kept = had.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  const next = wish === undefined ? kept : [...kept, wish];
  const same = next.length === new Set(had).size && next.every((finalizer) => had.includes(finalizer));
  return same ? had : next;
}

function setFinalizers(meta: MutableJsonObject, finalizers: readonly string[]): void {
  if (finalizers.length === 0) delete meta.finalizers;
  else meta.finalizers = [...finalizers];
}

function checkPreconditions(call: Call, object: KubeObject, options: DeleteOptions): void {
  const { uid = '', resourceVersion = '' } = object.metadata;
  const { kind } = call;
  const subject = { group: kind.group, resource: kind.kind };
  if (options.uid !== undefined && options.uid !== uid)
    throw conflict(
      subject,
      call.name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion)
    throw conflict(
      subject,
      call.name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
}
