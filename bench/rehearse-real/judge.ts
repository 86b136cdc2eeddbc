import { diff } from '../../src/objects/diff.ts';
import type { Json, KubeObject } from '../../src/objects/json.ts';

/** What became of one object. */
export interface Ending {
  readonly outcome: string;
  /** Of what was not written: why. */
  readonly code: string;
  /** As it stands in the end, without what differs from server to server. */
  readonly body: Json | undefined;
}
export interface RealDifference {
  readonly key: string;
  /** `outcome`, or the place in the body. */
  readonly what: string;
  readonly rehearsed: string;
  readonly real: string;
}

const UIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIMES = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const METADATA = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink'];

/** UIDs and times by their kind, without revisions; managed fields are judged by the lab bench. */
export function normalised(object: KubeObject | undefined): Json | undefined {
  if (object === undefined) return undefined;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([name]) => !METADATA.includes(name)));
  const text = JSON.stringify({ ...object, metadata })
    .replace(UIDS, 'UID')
    .replace(TIMES, 'TIME');
  return JSON.parse(text.replace(/"resourceVersion":"\d+"/g, '"resourceVersion":"R"')) as Json;
}

/** Everything in which two ends differ, object by object. */
export function judgeEndings(
  rehearsed: ReadonlyMap<string, Ending>,
  real: ReadonlyMap<string, Ending>,
): readonly RealDifference[] {
  const found: RealDifference[] = [];
  for (const key of new Set([...rehearsed.keys(), ...real.keys()])) {
    const [ours, theirs] = [rehearsed.get(key), real.get(key)];
    const [mine, yours] = [said(ours), said(theirs)];
    if (mine !== yours) found.push({ key, what: 'outcome', rehearsed: mine, real: yours });
    else if (ours !== undefined && theirs !== undefined)
      for (const { path, before, after } of diff(ours.body, theirs.body, { lists: 'identity' }))
        found.push({ key, what: path, rehearsed: short(before), real: short(after) });
  }
  return found;
}

const said = (ending: Ending | undefined): string =>
  ending === undefined ? 'not told' : `${ending.outcome} ${ending.code}`.trim();
const short = (value: Json | undefined): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 160);

/** Differences that have a reason which is no defect. */
const REASONS: readonly { readonly where: RegExp; readonly at: RegExp; readonly why: string }[] = [
  {
    where: /^all of IPAddress /,
    at: /^outcome$/,
    why: 'the simulation gives addresses out without an IPAddress object for each; the target makes them by itself',
  },
];

/** The reason of a difference; undefined: there is none, so it counts. */
export function explained({ key, what }: RealDifference): string | undefined {
  return REASONS.find(({ where, at }) => where.test(key) && at.test(what))?.why;
}
