import { targetObjects } from '../../src/cli/rehearsal/target-objects.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { KubeObject } from '../../src/objects/json.ts';
import { groupOf, parseKeyText, versionOf } from '../../src/objects/key.ts';
import type { Fate } from '../../src/rehearsal/fates.ts';
import type { PointReader } from '../../src/vault/vault.ts';
import { type Ending, normalised } from './judge.ts';

const THERE: readonly string[] = ['accepted', 'adopted', 'merged', 'collected', 'deleted', 'replaced'];

/** Each fate with what is read of the object in the end; copies under the key of what they copy. */
export async function readEndings(
  cluster: Cluster,
  fates: readonly Fate[],
  reader: PointReader,
): Promise<ReadonlyMap<string, Ending>> {
  const versions = new Map(reader.manifest.resources.map(({ resource, version }) => [resource as string, version]));
  const endings = new Map<string, Ending>();
  for (const { key, copyOf, outcome, reason } of fates) {
    const name = copyOf === undefined ? key : `copy of ${copyOf}`;
    if (!THERE.includes(outcome)) {
      endings.set(name, { outcome, code: reason?.code ?? '', body: undefined });
      continue;
    }
    const body = await read(cluster, key, versions);
    // What is gone is gone: a rehearsal also says who took it.
    endings.set(name, { outcome: body === undefined ? 'gone' : wasThere(outcome), code: '', body: normalised(body) });
  }
  return endings;
}

const wasThere = (outcome: string): string =>
  ['collected', 'deleted', 'replaced'].includes(outcome) ? `there although ${outcome}` : outcome;

async function read(
  cluster: Cluster,
  key: string,
  versions: ReadonlyMap<string, string>,
): Promise<KubeObject | undefined> {
  const place = parseKeyText(key);
  const version = versions.get(key.slice(0, key.indexOf('/')));
  if (place === undefined || version === undefined) throw new Error(`nothing is known of ${key}`);
  const answer = await cluster.get({ ...place, version: versionOf(version) });
  return answer.kind === 'accepted' ? answer.object : undefined;
}

/** How many objects of each kind there are in the end, by Namespace: what controllers made beside counts as well. */
export async function readNumbers(cluster: Cluster): Promise<ReadonlyMap<string, Ending>> {
  const groups = Map.groupBy(await targetObjects(cluster, () => undefined), ({ apiVersion, kind, metadata }) =>
    [kind, groupOf(apiVersion), metadata.namespace ?? ''].join(' ').trim(),
  );
  return new Map(
    [...groups].map(([group, objects]) => [
      `all of ${group}`,
      { outcome: `${objects.length} there`, code: '', body: undefined },
    ]),
  );
}
