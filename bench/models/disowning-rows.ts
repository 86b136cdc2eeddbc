import type { KubeObject } from '../../src/objects/json.ts';
import { type LifeRow, NAMES, NOPS, OBJECTS, paused } from './crossplane-life-rows.ts';
import type { CrossplaneWorld } from './crossplane-world.ts';

const { DB, BUCKET, NS, XR } = NAMES;

/** How a Namespace is disowned, and how a composite is lost without its claim. */
export const DISOWNING_ROWS: readonly LifeRow[] = [
  ...disowning(),
  {
    table: '6 disowning',
    row: 'XR deleted with propagation Orphan while its claim lives',
    recorded: { creates: 2, deletes: 0, 'managed resources': 6, composites: ['my-db-dd57h'], XR: 'made again' },
    async play(world) {
      const before = world.composite()?.metadata.uid;
      await world.scene.remove('xsqls.demo.io', undefined, XR, 'Orphan');
      await world.scene.wait(20);
      return {
        creates: world.creates,
        deletes: world.deletes,
        'managed resources': world.managed().length,
        composites: world.composites().map((one) => one.metadata.name ?? ''),
        XR: world.composite()?.metadata.uid === before ? 'the same' : 'made again',
      };
    },
  },
  {
    table: '6 disowning',
    row: 'deletionPolicy: Orphan patched on composed MRs under a live XR',
    recorded: { 'policies after a while': ['Orphan', 'Orphan', 'Orphan'] },
    async play(world) {
      for (const name of [DB, BUCKET])
        await world.scene.patch(NOPS, undefined, name, { spec: { deletionPolicy: 'Orphan' } });
      await world.scene.patch(OBJECTS, undefined, NS, { spec: { deletionPolicy: 'Orphan' } });
      await world.scene.wait(30);
      const policy = (one: KubeObject): string => (one.spec as { deletionPolicy?: string }).deletionPolicy ?? '';
      return { 'policies after a while': world.managed().map(policy) };
    },
  },
];

/** An Object of its own (no composite makes it again) that has the Namespace, disowned in some way and deleted. */
function disowning(): LifeRow[] {
  const MINE = 'mine';
  const own = async (world: CrossplaneWorld, name = MINE): Promise<void> => {
    const manifest = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'ext-my-db', labels: { by: 'crossplane' } },
    };
    const spec = { forProvider: { manifest }, providerConfigRef: { name: 'default' } };
    await world.scene.post({
      apiVersion: 'kubernetes.crossplane.io/v1alpha2',
      kind: 'Object',
      metadata: { name },
      spec,
    });
    await world.scene.wait(5);
  };
  /** Takes the composed Object out of the way first, leaving the Namespace. */
  const alone = async (world: CrossplaneWorld): Promise<void> => {
    const { scene } = world;
    await scene.patch('xsqls.demo.io', undefined, XR, paused('true'));
    await scene.patch(OBJECTS, undefined, NS, { spec: { deletionPolicy: 'Orphan' } });
    await scene.remove(OBJECTS, undefined, NS);
    await scene.wait(5);
    await own(world);
  };
  const by = (row: string, spec: Record<string, string | string[]>, before: number): LifeRow => ({
    table: '6 disowning',
    row: `${row}${before === 0 ? ', patched immediately before the delete' : ''}`,
    recorded: { Object: 'gone', namespace: 'kept' },
    async play(world) {
      await alone(world);
      const at = { resource: OBJECTS as never, name: MINE };
      const as = { user: { name: 'admin', groups: ['system:masters'] }, manager: 'people' };
      await world.scene.sandbox.api.patch(at, { kind: 'merge', body: { spec } }, as);
      if (before > 0) await world.scene.wait(before);
      await world.scene.remove(OBJECTS, undefined, MINE);
      await world.scene.wait(40);
      return {
        Object: world.scene.get(OBJECTS, undefined, MINE) === undefined ? 'gone' : 'there',
        namespace: world.namespace(),
      };
    },
  });
  const ways: readonly [string, Record<string, string | string[]>][] = [
    ['managementPolicies: ["Observe"]', { managementPolicies: ['Observe'] }],
    ['a list without Delete', { managementPolicies: ['Observe', 'Create', 'Update'] }],
    ['deletionPolicy: Orphan', { deletionPolicy: 'Orphan' }],
  ];
  const pausedThen = (row: string, then: (world: CrossplaneWorld) => Promise<unknown>): LifeRow => ({
    table: '6 disowning',
    row,
    recorded: { Object: 'gone', namespace: 'kept' },
    async play(world) {
      await alone(world);
      await world.scene.patch(OBJECTS, undefined, MINE, paused('true'));
      await world.scene.remove(OBJECTS, undefined, MINE);
      await world.scene.wait(10);
      await then(world);
      await world.scene.wait(40);
      return {
        Object: world.scene.get(OBJECTS, undefined, MINE) === undefined ? 'gone' : 'there',
        namespace: world.namespace(),
      };
    },
  });
  return [
    ...ways.flatMap(([row, spec]) => [by(row, spec, 5), by(row, spec, 0)]),
    pausedThen('paused, deleted, Orphan, unpaused', async ({ scene }) => {
      await scene.patch(OBJECTS, undefined, MINE, { spec: { deletionPolicy: 'Orphan' } });
      await scene.patch(OBJECTS, undefined, MINE, paused(null));
    }),
    pausedThen('paused, deleted, finalizer removed', ({ scene }) =>
      scene.patch(OBJECTS, undefined, MINE, { metadata: { finalizers: null } }),
    ),
    {
      table: '6 disowning',
      row: 'default',
      recorded: { Object: 'gone', namespace: 'gone' },
      async play(world) {
        await alone(world);
        await world.scene.remove(OBJECTS, undefined, MINE);
        await world.scene.wait(60);
        return {
          Object: world.scene.get(OBJECTS, undefined, MINE) === undefined ? 'gone' : 'there',
          namespace: world.namespace(),
        };
      },
    },
    {
      table: '6 disowning',
      row: 'two Objects manage one Namespace, one of them deleted',
      recorded: { namespace: 'made again, empty' },
      async play(world) {
        await alone(world);
        await own(world, 'other');
        await world.scene.remove(OBJECTS, undefined, MINE);
        await world.scene.wait(60);
        return { namespace: world.namespace() };
      },
    },
  ];
}
