import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster, ListEnd, ListOutcome, RawItem, Rejection } from '../cluster/port.ts';
import type { Uid } from '../objects/key.ts';
import { isFault, sentenceOf } from '../outcome/fault.ts';
import type { PointWriter, ResourceRecord } from '../vault/vault.ts';
import type { ListTarget } from './choice.ts';
import type { MissingCode } from './codes.ts';
import { UidSet } from './uid-set.ts';

export interface ListWork {
  readonly cluster: Cluster;
  readonly writer: () => Promise<PointWriter> | PointWriter;
  /** The revision of the point; absent for the list that gives it. */
  readonly revision: string | undefined;
  readonly limit: number;
  /** No round follows: what has expired is listed as it is. */
  readonly lastRound: boolean;
  readonly signal: AbortSignal;
  /** UIDs that the same plural has under groups listed before. */
  readonly earlier?: readonly UidSet[];
  /** Called for every object that was kept; the bytes are valid until it returns. */
  readonly onObject?: (bytes: Uint8Array) => void;
}
export type Listed =
  | {
      readonly kind: 'listed';
      readonly record: ResourceRecord;
      /** `metadata.resourceVersion` of the list; '' when it gave none or did not answer. */
      readonly revision: string;
      /** Objects left out because a group listed before holds them. */
      readonly sameObjects: number;
      readonly uids: UidSet;
      readonly rejection?: Rejection;
    }
  | { readonly kind: 'expired' };

/** Answers by which a server says that it cannot list at an exact revision, though it can list. */
const NO_EXACT = [400, 404, 405, 422];
/** A server behind the one that gave the revision: it needs a moment to catch up. */
const BEHIND = { status: 504, tries: 4, waitMs: 1000 };

/** Lists one resource into the point, at its revision where that can be had. Throws only for what ends the whole capture. */
export async function listResource(target: ListTarget, work: ListWork): Promise<Listed> {
  const exact = target.local && work.revision !== undefined;
  let attempt = await attemptList(target, work, exact ? work.revision : undefined);
  const expired = attempt.outcome.kind === 'expired';
  if (expired && !work.lastRound && (exact || work.revision === undefined)) return { kind: 'expired' };
  const { outcome } = attempt;
  if (expired || (exact && outcome.kind === 'rejected' && NO_EXACT.includes(outcome.status))) {
    (await work.writer()).discard(target.name);
    attempt = await attemptList(target, work, undefined);
    if (attempt.outcome.kind === 'expired') (await work.writer()).discard(target.name);
  }
  const { tally } = attempt;
  const end = attempt.outcome.kind === 'complete' ? attempt.outcome.end : undefined;
  const kept = attempt.outcome.kind === 'expired' ? 0 : tally.kept;
  const problem = whatIsMissing(target, attempt.outcome, tally) ?? (expired && exact ? lateList(target) : undefined);
  const { name, version, kind, namespaced, served } = target;
  return {
    kind: 'listed',
    record: {
      resource: name,
      version,
      kind,
      namespaced,
      count: kept,
      revision: revisionOf(end, target.local, work.revision),
      ...(problem === undefined ? {} : { missing: problem }),
      served,
    },
    revision: end?.revision ?? '',
    sameObjects: tally.same,
    uids: tally.uids,
    ...(attempt.outcome.kind === 'rejected' ? { rejection: attempt.outcome } : {}),
  };
}

interface Tally {
  kept: number;
  same: number;
  twice: string | undefined;
  unnamed: number;
  given: number;
  readonly uids: UidSet;
}
interface BrokeOff {
  readonly kind: 'broke off';
  readonly cause: unknown;
}
interface Attempt {
  readonly outcome: ListOutcome | BrokeOff;
  readonly tally: Tally;
}

async function attemptList(target: ListTarget, work: ListWork, exact: string | undefined): Promise<Attempt> {
  const { group, version, resource } = target;
  const type = { apiVersion: group === '' ? version : `${group}/${version}`, kind: target.kind };
  const revision = exact === undefined ? {} : { revision: { exact } };
  for (let tries = 1; ; tries++) {
    const tally: Tally = { kept: 0, same: 0, twice: undefined, unnamed: 0, given: 0, uids: new UidSet() };
    let fromVault: { readonly error: unknown } | undefined;
    let writer: PointWriter | undefined;
    const ofVault = (error: unknown): never => {
      fromVault = { error };
      throw error;
    };
    const keep = (item: RawItem, into: PointWriter): void | Promise<void> => {
      if (!counts(item, tally, work.earlier ?? [])) return;
      work.onObject?.(item.bytes);
      try {
        const { name, namespace } = item;
        const added = into.add({ resource: target.name, namespace, name, uid: item.uid as Uid }, item.bytes);
        return added?.catch(ofVault);
      } catch (error) {
        ofVault(error);
      }
    };
    /** The first item: the point begins with the first list's, every resource with its type. */
    const begin = async (item: RawItem): Promise<void> => {
      const copy = { ...item, bytes: new Uint8Array(item.bytes) };
      const begun = await Promise.resolve(work.writer()).catch(ofVault);
      begun.declare(target.name, type);
      writer = begun;
      await keep(copy, begun);
    };
    try {
      const options = { limit: work.limit, signal: work.signal, ...revision };
      const onItem = (item: RawItem) => (writer === undefined ? begin(item) : keep(item, writer));
      const outcome = await work.cluster.list({ group, version, resource }, onItem, options);
      const behind = outcome.kind === 'rejected' && outcome.status === BEHIND.status && exact !== undefined;
      if (!behind || tries === BEHIND.tries) return { outcome, tally };
      (await work.writer()).discard(target.name);
      await pause(BEHIND.waitMs, undefined, { signal: work.signal });
    } catch (cause) {
      if (fromVault !== undefined) throw fromVault.error;
      if (work.signal.aborted || isFault(cause, 'WRONG-CLUSTER')) throw cause;
      return { outcome: { kind: 'broke off', cause }, tally };
    }
  }
}

/** Whether the item is one more object of the point. */
function counts(item: RawItem, tally: Tally, earlier: readonly UidSet[]): boolean {
  tally.given++;
  if (item.name === '' || item.uid === '') {
    tally.unnamed++;
    return false;
  }
  if (!tally.uids.add(item.uid)) {
    tally.twice ??= item.namespace === undefined ? item.name : `${item.namespace}/${item.name}`;
    return false;
  }
  if (earlier.some((uids) => uids.has(item.uid))) {
    tally.same++;
    return false;
  }
  tally.kept++;
  return true;
}

function revisionOf(end: ListEnd | undefined, local: boolean, wanted: string | undefined): ResourceRecord['revision'] {
  if (end === undefined || end.revision === '') return { kind: 'none' };
  if (local && (wanted === undefined || end.revision === wanted)) return { kind: 'exact' };
  return { kind: 'own', revision: end.revision };
}

type Missing = { readonly code: MissingCode; readonly sentence: string };

function whatIsMissing(target: ListTarget, outcome: Attempt['outcome'], tally: Tally): Missing | undefined {
  const { name } = target;
  const after = tally.kept === 0 ? '' : ` after ${tally.kept} objects`;
  if (outcome.kind === 'expired')
    return {
      code: 'LIST-EXPIRED',
      sentence: `${name}: every list of it expired before its end; none of it is in the point`,
    };
  if (outcome.kind === 'broke off')
    return { code: 'LIST-BROKE-OFF', sentence: `${name}: the list broke off${after}: ${sentenceOf(outcome.cause)}` };
  if (outcome.kind === 'rejected') return refused(target, outcome, after);
  if (tally.twice !== undefined)
    return {
      code: 'LISTED-TWICE',
      sentence: `${name}: ${tally.twice} came twice in one list, so its pages do not fit together`,
    };
  if (tally.unnamed > 0)
    return {
      code: 'ITEM-UNNAMED',
      sentence: `${name}: ${tally.unnamed} items had no name or no UID and were not kept`,
    };
  const { announced = tally.given, items } = outcome.end;
  if (announced !== items || items !== tally.given)
    return {
      code: 'COUNT-DIFFERS',
      sentence: `${name}: the first page announced ${announced} objects and ${tally.given} came`,
    };
  return undefined;
}

function refused({ name, webhook }: ListTarget, { status, message }: Rejection, after: string): Missing {
  const said = `${name}: the server answered ${status}${after}: ${message}`;
  if (status === 403) return { code: 'LIST-FORBIDDEN', sentence: said };
  // 429 as long as the server cannot fill its cache, because each of its own lists needs the webhook.
  if (/conversion webhook/.test(message) || (webhook && status === 500))
    return { code: 'CONVERSION-FAILED', sentence: said };
  if (status === 503 || status === 502 || status === 504) return { code: 'GROUP-UNAVAILABLE', sentence: said };
  if (status === 404) return { code: 'LIST-GONE', sentence: said };
  return { code: 'LIST-FAILED', sentence: said };
}

function lateList({ name }: ListTarget): Missing {
  return {
    code: 'LIST-EXPIRED',
    sentence: `${name}: the revision of the point expired in every round, so it was listed at a later one`,
  };
}
