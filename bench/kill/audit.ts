import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every write of ours as the API server itself recorded it, so that no word of the recovering process has to be believed. */
export interface Write {
  readonly userAgent: string;
  readonly verb: string;
  /** Kind of place: resource, group, namespace and name. */
  readonly key: string;
  readonly subresource: string;
  readonly code: number;
  /** UID of the object that the server answered with; '' when it gave none. */
  readonly uid: string;
  /** UIDs of owners in what was sent. */
  readonly owners: readonly string[];
}

/** Where the writes of a server stand that keeps its records in this folder. */
export const auditLog = (folder: string): string => join(folder, 'audit.log');

export const USER_AGENT = 'seaworthy-bench-kill';

/** A policy that records writes whole, in a folder that lives longer than the control plane. */
export function auditFlags(folder: string): readonly string[] {
  const policy = join(folder, 'audit-policy.yaml');
  const rules = [
    { level: 'None', verbs: ['get', 'list', 'watch'] },
    {
      level: 'None',
      resources: [
        { group: 'authorization.k8s.io' },
        { group: 'coordination.k8s.io' },
        { group: '', resources: ['events'] },
      ],
    },
    { level: 'None', users: ['system:apiserver'] },
    { level: 'None', userGroups: ['system:serviceaccounts'] },
    { level: 'RequestResponse', omitStages: ['RequestReceived'] },
  ];
  writeFileSync(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${auditLog(folder)}`, '--audit-log-mode=blocking'];
}

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly userAgent?: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestObject?: unknown;
  readonly responseObject?: {
    readonly metadata?: { readonly uid?: string; readonly name?: string };
    readonly details?: { readonly uid?: string };
  };
}

export function readWrites(folder: string): Write[] {
  const writes: Write[] = [];
  for (const line of readFileSync(auditLog(folder), 'utf8').split('\n')) {
    if (line === '') continue;
    const event = JSON.parse(line) as AuditEvent;
    if (event.stage !== 'ResponseComplete' || !event.userAgent?.startsWith(USER_AGENT)) continue;
    if (event.requestURI.includes('dryRun=All') || event.objectRef === undefined) continue;
    const { apiGroup = '', resource, namespace = '', name, subresource = '' } = event.objectRef;
    const { metadata, details } = event.responseObject ?? {};
    writes.push({
      userAgent: event.userAgent,
      verb: event.verb,
      key: `${resource}.${apiGroup}/${namespace}/${name ?? metadata?.name ?? ''}`,
      subresource,
      code: event.responseStatus?.code ?? 0,
      uid: metadata?.uid ?? details?.uid ?? '',
      owners: ownersIn(event.requestObject),
    });
  }
  return writes;
}

function ownersIn(sent: unknown): string[] {
  const metadata = (sent as { metadata?: { ownerReferences?: readonly { uid?: string }[] } } | undefined)?.metadata;
  return (metadata?.ownerReferences ?? []).flatMap(({ uid }) => (uid === undefined ? [] : [uid]));
}

export interface WriteFindings {
  /** Accepted writes to an object that is not the run's own. */
  readonly wrongUid: readonly string[];
  /** Objects that were created more than once. */
  readonly twice: readonly string[];
  /** Owner references sent with a UID that no object of the run ever had. */
  readonly staleOwners: readonly string[];
  /** Writes that the precondition of a UID stopped, or that found their object there. */
  readonly stopped: number;
  readonly accepted: number;
}

/** What the writes of one run say. `foreign`: UIDs of objects that somebody else put in place of the run's own. */
export function judgeWrites(writes: readonly Write[], foreign: ReadonlySet<string>): WriteFindings {
  const accepted = writes.filter(({ code }) => code >= 200 && code < 300);
  const first = new Map<string, string>();
  const [wrongUid, twice]: [string[], string[]] = [[], []];
  for (const { verb, key, subresource, uid } of accepted) {
    const says = `${verb} ${key}${subresource === '' ? '' : `/${subresource}`} at ${uid}`;
    if (foreign.has(uid)) wrongUid.push(`${says}, which somebody else made`);
    const before = first.get(key);
    if (verb === 'create' && before !== undefined) twice.push(says);
    else if (before !== undefined && before !== uid && uid !== '') wrongUid.push(`${says}, after ${before}`);
    if (before === undefined) first.set(key, uid);
  }
  const known = new Set(accepted.map(({ uid }) => uid));
  const staleOwners = accepted.flatMap(({ verb, key, owners }) =>
    owners.filter((uid) => !known.has(uid)).map((uid) => `${verb} ${key} names the owner ${uid}`),
  );
  return {
    wrongUid,
    twice,
    staleOwners,
    stopped: writes.filter(({ code }) => code === 409).length,
    accepted: accepted.length,
  };
}
