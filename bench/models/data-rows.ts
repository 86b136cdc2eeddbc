import { canonicalText } from '../../src/objects/canonical.ts';
import type { KubeObject } from '../../src/objects/json.ts';
import { ownersOf } from '../../src/objects/owners.ts';
import { objectApi } from '../../src/sandbox/api/object-api.ts';
import { steppedClock } from '../../src/sandbox/clock.ts';
import { corridors } from '../../src/sandbox/corridors.ts';
import { putObject } from '../../src/sandbox/first-objects.ts';
import { seededRandom } from '../../src/sandbox/seeded-random.ts';
import { makeServer } from '../../src/sandbox/server.ts';
import type { Outcome } from './row.ts';
import { Scene } from './scene.ts';

/** A row of lab 8 that speaks of the captured objects themselves. */
export interface DataRow {
  readonly row: string;
  readonly recorded: Outcome;
  readonly play: (sets: readonly (readonly KubeObject[])[]) => Promise<Outcome>;
}

const keys = (object: KubeObject): readonly string[] =>
  (object.metadata.managedFields ?? []).flatMap((entry) => {
    const fields = entry.fieldsV1 as { 'f:metadata'?: { 'f:ownerReferences'?: object } } | undefined;
    return Object.keys(fields?.['f:metadata']?.['f:ownerReferences'] ?? {}).filter((key) =>
      key.startsWith('k:{"uid":'),
    );
  });

export const DATA_ROWS: readonly DataRow[] = [
  {
    row: 'managed fields in ../data: old UIDs as map keys',
    recorded: { dependents: 38, 'old UIDs kept as they are patched': 38 },
    async play(sets) {
      let [dependents, kept] = [0, 0];
      for (const objects of sets) {
        const present = new Set(objects.map((one) => one.metadata.uid));
        const children = objects.filter(
          (one) => keys(one).length > 0 && ownersOf(one).some(({ uid }) => present.has(uid)),
        );
        dependents += children.length;
        const scene = await Scene.open([]);
        for (const name of new Set(objects.flatMap((one) => one.metadata.namespace ?? [])))
          if (scene.get('namespaces', undefined, name) === undefined)
            await scene.post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
        const crds = objects.filter((one) => one.kind === 'CustomResourceDefinition');
        await scene.restore(crds, { owners: 'stripped', actBetween: false });
        await scene.settle();
        // Pods are refused without them.
        await scene.restore(
          objects.filter((one) => one.kind === 'ServiceAccount'),
          { owners: 'stripped', actBetween: false },
        );
        for (const child of children) {
          if (scene.now(child) === undefined)
            await scene.restore([child], { owners: 'stripped', edit: asNew, actBetween: false });
          const { managedFields = [], namespace, name = '' } = child.metadata;
          const body = { metadata: { managedFields: managedFields as never } };
          await scene.patch(scene.resourceOf(child), namespace, name, body);
          const now = scene.now(child);
          if (now !== undefined && keys(now).join() === keys(child).join()) kept++;
        }
        await scene.close();
      }
      return { dependents, 'old UIDs kept as they are patched': kept };
    },
  },
  {
    row: 'written straight into the store: a captured cluster as it was',
    recorded: { 'objects equal': 'all' },
    async play(sets) {
      const different: string[] = [];
      for (const objects of sets) {
        const server = makeServer({
          clock: steppedClock(Date.UTC(2026, 10, 21, 12)),
          random: seededRandom(5),
          authorization: 'always-allow',
          tokens: new Map(),
          log: () => undefined,
          ...corridors,
        });
        const rank = ({ kind }: KubeObject): number =>
          kind === 'CustomResourceDefinition' ? 0 : kind === 'Namespace' ? 1 : 2;
        const ordered = [...objects].sort((a, b) => rank(a) - rank(b));
        for (const object of ordered) putObject(server.api, object, true);
        const api = objectApi(server.api);
        for (const object of objects) {
          const served = api.byUid(object.metadata.uid ?? '');
          if (served === undefined || withoutRevision(served) !== withoutRevision(object))
            different.push(`${object.kind} ${object.metadata.name}`);
        }
      }
      return { 'objects equal': different.length === 0 ? 'all' : `all but ${different.slice(0, 5).join(', ')}` };
    },
  },
];

/** What the server or a controller gives a new object: a POST may not bring it. */
function asNew(object: { kind: string; spec?: Record<string, unknown> }): void {
  const spec = object.spec as
    | {
        clusterIP?: string;
        clusterIPs?: string[];
        selector?: unknown;
        template?: { metadata?: { labels?: Record<string, string> } };
      }
    | undefined;
  if (object.kind === 'Service' && spec !== undefined) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  if (object.kind === 'Job' && spec !== undefined) {
    delete spec.selector;
    delete spec.template?.metadata?.labels;
  }
}

function withoutRevision(object: KubeObject): string {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return canonicalText({ ...object, metadata });
}
