import type { Cluster } from '../../../src/cluster/port.ts';
import type { Uid } from '../../../src/objects/key.ts';
import type { Plane } from '../../scenarios/plane.ts';
import { at, textOf } from '../places.ts';
import { resourceOf, type World } from '../world.ts';
import { canaryIsCollected } from './canary.ts';
import type { Played, Stage } from './play-world.ts';
import { placeOf } from './prepared-target.ts';
import { ownersOf, type SeenObjects, seenObjects } from './seen-objects.ts';

/** A server that many worlds share, one after another. */
export class SharedStage implements Stage {
  readonly #plane: Plane;
  readonly cluster: Cluster;
  readonly #played: Played[] = [];
  #addresses = 0;

  constructor(plane: Plane, cluster: Cluster) {
    this.#plane = plane;
    this.cluster = cluster;
  }

  get time(): Plane['time'] {
    return this.#plane.time;
  }
  get worlds(): number {
    return this.#played.length;
  }

  /** Never the same twice; of 10.0.0.0/16. */
  address(): string {
    this.#addresses++;
    return `10.0.${1 + (this.#addresses >> 8)}.${this.#addresses & 255}`;
  }

  /**
   * Takes away what would meet the next world: what judges everybody's writes, operators that are known by their labels, the kinds that bear
   * the same name in every world, and quotas of the Namespace that all have. False when some of it stays: then the next world needs another server.
   */
  async leave(played: Played): Promise<boolean> {
    const { world } = played;
    const cluster = this.cluster;
    const end = await seenObjects(cluster, [...world.kinds, ...world.target.kinds]);
    const keys = new Set([...world.objects, ...world.target.living].map(({ key }) => key as string));
    const taken = new Set<string>();
    for (const [key, { kind, body }] of end.objects) {
      if (!keys.has(key) || !isMet(resourceOf(kind), key, body)) continue;
      const place = { ...placeOf(resourceOf(kind), body as never), name: textOf(at(body, 'metadata', 'name')) };
      const uid = textOf(at(body, 'metadata', 'uid')) as Uid;
      if (at(body, 'metadata', 'finalizers') !== undefined && !key.startsWith('customresourcedefinitions.'))
        await cluster.patch(place, { kind: 'merge', body: { metadata: { finalizers: null } } as never }, { uid });
      await cluster.delete(place, { uid }, { propagation: 'Orphan' });
      taken.add(uid);
    }
    const own = [...keys].filter((key) => key.startsWith('customresourcedefinitions.') && isShared(key));
    for (const key of own) if (!(await this.#isGone(key))) return false;
    if (own.length === 0) this.#played.push({ ...played, created: lasting(played.created, end, taken) });
    return true;
  }

  async #isGone(key: string): Promise<boolean> {
    const place = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };
    const name = key.slice(key.indexOf('/') + 1);
    for (const end = this.time.now() + 30_000; this.time.now() < end; await this.time.sleep(100)) {
      const found = await this.cluster.get({ ...place, name });
      if (found.kind === 'rejected') return true;
      // A definition that was dying in the target keeps the finalizer that the world gave it.
      const uid = found.object.metadata.uid as Uid;
      const finalizers = (found.object.metadata.finalizers ?? []).filter((one) => !one.startsWith('example.org/'));
      await this.cluster.patch(
        { ...place, name },
        { kind: 'merge', body: { metadata: { finalizers } } as never },
        { uid },
      );
    }
    return false;
  }

  /**
   * What the garbage collector has taken of the custom objects after all: it learns of new kinds only every half minute, so this waits for
   * a canary of one of the last, and answers the keys that are gone.
   */
  async lateLosses(): Promise<readonly { readonly world: World; readonly key: string }[]> {
    const last = this.#played.findLast(({ created }) => customKeys(created).length > 0);
    if (last === undefined) return [];
    const seen = await seenObjects(this.cluster, last.world.kinds);
    const [sample] = customKeys(last.created).flatMap((key) => seen.objects.get(key) ?? []);
    if (sample !== undefined) {
      const place = placeOf(resourceOf(sample.kind), sample.body as never);
      const type = { apiVersion: textOf(sample.body.apiVersion), kind: sample.kind.kind };
      await canaryIsCollected(this.cluster, this.time, place, type);
    }
    const losses: { world: World; key: string }[] = [];
    for (const { world, created } of this.#played) {
      const now = await seenObjects(
        this.cluster,
        world.kinds.filter(({ group }) => /example\.org$/.test(group)),
      );
      for (const key of customKeys(created)) if (now.uidOf(key) !== created.get(key)) losses.push({ world, key });
    }
    return losses;
  }
}

const customKeys = (created: ReadonlyMap<string, string>): string[] =>
  [...created.keys()].filter((key) => /^[a-z]+\.w\d+\.((demo|cloud)\.)?example\.org\//.test(key));

/** What was created, without what hangs on objects that were taken away: the collector may take it before it knows of its kind that it is orphaned. */
function lasting(
  created: ReadonlyMap<string, string>,
  { objects }: SeenObjects,
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const doomed = new Set(taken);
  for (let before = -1; before < doomed.size; ) {
    before = doomed.size;
    for (const { body } of objects.values())
      if (ownersOf(body).some((owner) => doomed.has(textOf(at(owner, 'uid')))))
        doomed.add(textOf(at(body, 'metadata', 'uid')));
  }
  return new Map([...created].filter(([, uid]) => !doomed.has(uid)));
}

const isShared = (key: string): boolean => key.endsWith('.postgresql.cnpg.io');

function isMet(resource: string, key: string, body: object): boolean {
  if (/^(validating|mutating)(webhookconfigurations|admissionpolicybindings)\.|^apiservices\./.test(resource))
    return true;
  if (resource === 'customresourcedefinitions.apiextensions.k8s.io') return isShared(key);
  if (/^(resourcequotas|limitranges)\/default\//.test(key)) return true;
  const labels = at(body, 'metadata', 'labels');
  const operator = at(labels, 'app') === 'crossplane' || at(labels, 'app.kubernetes.io/name') === 'cloudnative-pg';
  return resource === 'deployments.apps' && operator;
}
