/**
 * What came back of a captured cluster, read object by object from the target and held against the file. Shares nothing with
 * planning: the rewriting that is expected is made here, from the file and the UIDs that the target gave.
 */
import type { Cluster } from '../../src/cluster/port.ts';
import type { KubeObject, ManagedFieldsEntry, OwnerReference } from '../../src/objects/json.ts';
import { leavesOf } from '../../src/objects/managed-fields.ts';
import type { Plan, Step, Target } from '../../src/plan/plan.ts';

export interface LabFindings {
  /** Objects of the file that are neither a step, nor an omission with a code, nor of a resource skipped by a named rule. */
  readonly unaccounted: string[];
  readonly missing: string[];
  readonly ownersWrong: string[];
  readonly fieldsWrong: string[];
  readonly contentWrong: string[];
  readonly collected: string[];
  /** Captured managers of fields that run on the target as well and were left out of the comparison. */
  readonly managersLeftOut: Set<string>;
  written: number;
  relinked: number;
  fieldsEqual: number;
}

interface Placed {
  readonly step: Extract<Step, { kind: 'create' | 'copy' | 'merge' | 'adopt' }>;
  readonly live: KubeObject;
}
type Copies = ReadonlyMap<string, string>;

/** Reads everything that the plan wrote; `copies` are the names that copies got, by captured key. */
export async function readBack(
  cluster: Cluster,
  plan: Plan,
  done: ReadonlySet<string>,
  copies: Copies,
  findings: LabFindings,
): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (const step of plan.steps) {
    if (step.kind !== 'create' && step.kind !== 'copy' && step.kind !== 'merge' && step.kind !== 'adopt') continue;
    if (!done.has(step.id)) continue;
    const live = await liveOf(cluster, step.target, step.kind === 'copy' ? copies.get(step.target.key) : undefined);
    if (live === undefined) findings.missing.push(step.id);
    else placed.push({ step, live });
  }
  return placed;
}

export async function liveOf(cluster: Cluster, target: Target, name?: string): Promise<KubeObject | undefined> {
  const { group, version, resource, namespace } = target;
  const answer = await cluster.get({
    group,
    version,
    resource,
    name: name ?? target.name,
    ...(namespace === undefined ? {} : { namespace }),
  });
  return answer.kind === 'accepted' ? answer.object : undefined;
}

/** Holds what was read against the file. `running`: managers of fields that the target's own components have. */
export function judgeObjects(
  file: readonly KubeObject[],
  placed: readonly Placed[],
  running: ReadonlySet<string>,
  adopted: ReadonlySet<string>,
  findings: LabFindings,
): void {
  const byUid = new Map(file.map((object) => [object.metadata.uid ?? '', object]));
  const newUid = new Map<string, string>();
  for (const { step, live } of placed) if (step.kind === 'create') newUid.set(step.source.uid, live.metadata.uid ?? '');
  for (const { step, live } of placed) {
    if (step.kind !== 'create' && step.kind !== 'copy') continue;
    const captured = byUid.get(step.source.uid);
    if (captured === undefined) {
      findings.contentWrong.push(`${step.id}: its source is not in the file`);
      continue;
    }
    findings.written++;
    judgeOwners(step.id, captured, live, byUid, newUid, findings);
    // What a controller of the target had made already, and agrees, keeps the field managers that made it.
    if (!adopted.has(step.target.key)) judgeFields(step.id, captured, live, newUid, running, findings);
    judgeContent(step, captured, live, findings);
  }
}

/** Every captured owner that is in the target is an owner there, by its new UID, and there is no other. */
function judgeOwners(
  id: string,
  captured: KubeObject,
  live: KubeObject,
  byUid: ReadonlyMap<string, KubeObject>,
  newUid: ReadonlyMap<string, string>,
  findings: LabFindings,
): void {
  const expected = (captured.metadata.ownerReferences ?? []).flatMap((owner) => {
    const uid = newUid.get(owner.uid);
    const there = byUid.get(owner.uid);
    const reachable =
      there?.metadata.namespace === undefined || there.metadata.namespace === captured.metadata.namespace;
    return uid === undefined || !reachable ? [] : [{ ...owner, uid }];
  });
  const found = live.metadata.ownerReferences ?? [];
  if (text(expected) !== text(found))
    findings.ownersWrong.push(`${id}: expected ${text(expected)}, found ${text(found)}`);
  else findings.relinked += found.length;
  function text(owners: readonly OwnerReference[]): string {
    return owners
      .map(({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }) =>
        [apiVersion, kind, name, uid, controller === true, blockOwnerDeletion === true].join(' '),
      )
      .sort()
      .join('; ');
  }
}

function judgeFields(
  id: string,
  captured: KubeObject,
  live: KubeObject,
  newUid: ReadonlyMap<string, string>,
  running: ReadonlySet<string>,
  findings: LabFindings,
): void {
  const living = new Set((live.metadata.ownerReferences ?? []).map((owner) => owner.uid));
  const expected = (captured.metadata.managedFields ?? [])
    .map((entry) => rewritten(entry, newUid, living))
    .filter((entry) => entry !== undefined);
  const runs = (entry: ManagedFieldsEntry): boolean => running.has(entry.manager ?? '');
  for (const entry of expected) if (runs(entry)) findings.managersLeftOut.add(entry.manager ?? '');
  const there = (live.metadata.managedFields ?? []).filter((entry) => !runs(entry) && !isHolding(entry));
  const taken = new Set((live.metadata.managedFields ?? []).filter(runs).flatMap(leaves));
  const wrong: string[] = [];
  for (const entry of expected.filter((one) => !runs(one))) {
    const found = there.find((one) => identity(one) === identity(entry));
    const kept = new Set(found === undefined ? [] : leaves(found));
    const lost = leaves(entry).filter((leaf) => !kept.has(leaf) && !taken.has(leaf));
    if (lost.length > 0) wrong.push(`${identity(entry)} lost ${lost.slice(0, 3).join(' ')}`);
    else if (found !== undefined && kept.size === leaves(entry).length && found.time !== entry.time)
      wrong.push(`${identity(entry)} has another time`);
  }
  for (const entry of there) {
    const original = expected.find((one) => identity(one) === identity(entry));
    const known = new Set(original === undefined ? [] : leaves(original));
    const foreign = leaves(entry).filter((leaf) => !known.has(leaf));
    if (original === undefined || foreign.length > 0)
      wrong.push(`${identity(entry)} is foreign: ${foreign.slice(0, 3).join(' ')}`);
  }
  if (wrong.length === 0) findings.fieldsEqual++;
  else findings.fieldsWrong.push(`${id}: ${wrong.join('; ')}`);
}
/** What a release that is withheld keeps at another value than the captured one is the recovery's until then (ADR 0005). */
const isHolding = (entry: ManagedFieldsEntry): boolean =>
  entry.manager === 'seaworthy' && leaves(entry).every((leaf) => leaf === 'spec/replicas' || leaf === 'spec/suspend');
const identity = (entry: ManagedFieldsEntry): string =>
  [entry.manager, entry.operation, entry.subresource ?? '', entry.apiVersion].join(' ');
/** A leaf that a manager running on the target has written anew is that manager's now, as it would be in the captured cluster. */
function leaves(entry: ManagedFieldsEntry): string[] {
  return entry.fieldsV1 === undefined
    ? []
    : leavesOf(entry.fieldsV1).map((leaf) => leaf.map((segment) => segment.text).join('/'));
}

/** Old UIDs of owners inside keys become the new ones; keys of owners that are not there go, and their holder when it is then empty. */
function rewritten(
  entry: ManagedFieldsEntry,
  newUid: ReadonlyMap<string, string>,
  living: ReadonlySet<string>,
): ManagedFieldsEntry | undefined {
  const metadata = entry.fieldsV1?.['f:metadata'] as Record<string, unknown> | undefined;
  const owners = metadata?.['f:ownerReferences'] as Record<string, unknown> | undefined;
  if (entry.fieldsV1 === undefined || metadata === undefined || owners === undefined) return entry;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(owners)) {
    const uid = /^k:\{"uid":"(.*)"\}$/.exec(key)?.[1];
    const now = uid === undefined ? undefined : newUid.get(uid);
    if (uid === undefined) kept[key] = value;
    else if (now !== undefined && living.has(now)) kept[`k:{"uid":"${now}"}`] = value;
  }
  const { 'f:ownerReferences': _, ...rest } = metadata;
  const hollow =
    Object.keys(kept).every((key) => key === '.') && Object.keys(owners).some((key) => key.startsWith('k:'));
  const inner = hollow ? rest : { ...rest, 'f:ownerReferences': kept };
  const { 'f:metadata': __, ...fields } = entry.fieldsV1;
  const outer = Object.keys(inner).length === 0 ? fields : { ...fields, 'f:metadata': inner };
  return Object.keys(outer).length === 0 ? undefined : ({ ...entry, fieldsV1: outer } as ManagedFieldsEntry);
}

const MACHINE = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** Every captured field outside metadata and status is as it was, but for places that the step says are written otherwise; labels and annotations too. */
function judgeContent(
  step: Extract<Step, { kind: 'create' | 'copy' }>,
  captured: KubeObject,
  live: KubeObject,
  findings: LabFindings,
): void {
  const told = [
    ...step.writing.edits.map((edit) => edit.path),
    ...step.writing.ignoring,
    ...step.writing.yields.map(({ path }) => path),
  ];
  const excused = (path: string): boolean =>
    told.some((one) =>
      new RegExp(`^${one.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]+')}(/|$)`).test(path),
    );
  const wrong: string[] = [];
  const walk = (before: unknown, after: unknown, path: string): void => {
    if (excused(path)) return;
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
      for (const [index, item] of before.entries()) walk(item, after[index], `${path}/${index}`);
    else if (isMap(before) && isMap(after))
      for (const [key, value] of Object.entries(before))
        walk(value, after[key], `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    else if (JSON.stringify(before) !== JSON.stringify(after) && !(isMap(before) && Object.keys(before).length === 0))
      wrong.push(path);
  };
  for (const [field, value] of Object.entries(captured)) if (!MACHINE.has(field)) walk(value, live[field], `/${field}`);
  for (const field of ['labels', 'annotations', 'finalizers', 'generateName'] as const)
    walk(captured.metadata[field] ?? {}, live.metadata[field] ?? {}, `/metadata/${field}`);
  if (wrong.length > 0) findings.contentWrong.push(`${step.id}: ${wrong.slice(0, 4).join(', ')}`);
}
function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
