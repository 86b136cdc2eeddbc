import type { Holding } from './read-back.ts';
import type { Thing } from './world/api.ts';

export interface Verdict {
  readonly what: string;
  readonly found: string;
  readonly good: boolean;
}
const NAME = 'crossplane.io/external-name';
/** They run on the target too, and write there what they see. */
const RUNNING = ['kube-controller-manager', 'kube-apiserver'];

/** What the lost cluster had and the recovered one has. `written`: keys that the plan writes. All of it is read from the two servers. */
export function compareClusters(lost: Holding, found: Holding, later: Holding, written: readonly string[]): Verdict[] {
  const back = written.filter((key) => found.has(key));
  const uids = new Set([...found.values()].map(({ metadata }) => metadata.uid));
  const links = [...found.values()].flatMap(({ metadata }) => metadata.ownerReferences ?? []);
  const living = links.filter(({ uid }) => uids.has(uid));
  const theirs = written.flatMap((key) => lost.get(key)?.metadata.ownerReferences ?? []);
  const ours = written.flatMap((key) => found.get(key)?.metadata.ownerReferences ?? []);
  const relinked = ours.filter(({ uid }) => uids.has(uid));
  const collected = back.filter((key) => later.get(key)?.metadata.uid !== found.get(key)?.metadata.uid);
  const fields = back.filter((key) => lost.has(key));
  const kept = fields.filter((key) => keeps(lost.get(key), found.get(key)));
  const named = [...lost].filter(([, { metadata }]) => metadata.annotations?.[NAME] !== undefined);
  const same = named.filter(
    ([key, one]) => found.get(key)?.metadata.annotations?.[NAME] === one.metadata.annotations?.[NAME],
  );
  const secrets = [...lost].filter(([key, { data }]) => key.startsWith('secrets/') && data?.password !== undefined);
  const equal = secrets.filter(([key, { data }]) => found.get(key)?.data?.password === data?.password);
  const byUid = secrets.filter(([, { metadata }]) => uidNamed(lost, metadata.name) !== undefined);
  const renamed = byUid.filter(
    ([key, { data }]) => found.get(newName(lost, found, key))?.data?.password === data?.password,
  );
  const row = (what: string, good: number, of: number): Verdict => ({
    what,
    found: `${good} of ${of}`,
    good: good === of && of > 0,
  });
  return [
    row('objects that the plan writes are there', back.length, written.length),
    row('their owner references are relinked', relinked.length, theirs.length),
    row('owner references of anything lead to a living owner', living.length, links.length),
    {
      what: 'objects that were collected since',
      found: `${collected.length} of ${back.length}`,
      good: collected.length === 0,
    },
    row('objects kept their managed fields', kept.length, fields.length),
    row('things outside have their old name', same.length, named.length),
    row('passwords are the old ones', equal.length, secrets.length),
    row('passwords named by a UID are there under the new UID too', renamed.length, byUid.length),
  ];
}

/** Managers, operations, subresources and times, of everyone who does not run on the target. */
function keeps(before: Thing | undefined, after: Thing | undefined): boolean {
  const told = (one: Thing | undefined): string =>
    (one?.metadata.managedFields ?? [])
      .filter((entry) => !RUNNING.includes(String(entry.manager)) && !holds(entry))
      .map(({ manager, operation, subresource, time }) => [manager, operation, subresource, time].join(' '))
      .sort()
      .join('\n');
  return told(before) === told(after);
}

/** While an operator is not released, its replicas, and nothing else, are Seaworthy's. */
function holds({ manager, fieldsV1 }: { readonly manager?: unknown; readonly fieldsV1?: unknown }): boolean {
  return manager === 'seaworthy' && JSON.stringify(fieldsV1) === '{"f:spec":{"f:replicas":{}}}';
}

/** The key and the UID of the object after whose UID something is named. */
function uidNamed(holding: Holding, name: string): readonly [string, string] | undefined {
  for (const [key, { metadata }] of holding) if (name.startsWith(metadata.uid)) return [key, metadata.uid];
  return undefined;
}

function newName(lost: Holding, found: Holding, key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const [owner = '', uid = ''] = uidNamed(lost, name) ?? [];
  return key.replace(uid, found.get(owner)?.metadata.uid ?? 'none');
}
