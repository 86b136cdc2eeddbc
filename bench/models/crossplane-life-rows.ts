import type { KubeObject } from '../../src/objects/json.ts';
import type { CrossplaneWorld } from './crossplane-world.ts';
import type { Outcome } from './row.ts';

/** A row of lab 6 that begins with the healthy, relinked world of production. */
export interface LifeRow {
  readonly table: '6' | '6 paused' | '6 disowning';
  readonly row: string;
  readonly recorded: Outcome;
  readonly play: (world: CrossplaneWorld) => Promise<Outcome>;
}

export const NOPS = 'nopresources.nop.crossplane.io';
export const OBJECTS = 'objects.kubernetes.crossplane.io';
const [DB, BUCKET, NS, XR] = ['my-db-dd57h-kgk8g', 'my-db-dd57h-b6f25', 'my-db-dd57h-n66vf', 'my-db-dd57h'];
export const NAMES = { DB, BUCKET, NS, XR } as const;
export const paused = (value: string | null) => ({ metadata: { annotations: { 'crossplane.io/paused': value } } });

/** Restored with the right owners while Crossplane was stopped, then everything started. */
export async function relinkedWorld(world: CrossplaneWorld): Promise<void> {
  const kinds = ['XSQL', 'SQLClaim', 'NopResource', 'Object', 'Secret'];
  await world.scene.restore(world.captured(...kinds), { owners: 'relinked' });
  await world.scene.start(...world.providers, world.core);
  await world.scene.wait(20);
  world.count();
}

/** Somebody changes the database behind the provider's back. */
function drift(world: CrossplaneWorld): void {
  const now = world.scene.sandbox.clock.now();
  const thing = world.cloud.things(now).find(({ kind }) => kind === 'db');
  if (thing === undefined) throw new Error('there is no database to change');
  world.cloud.put({ ...thing, settings: { ...thing.settings, size: 'changed by hand' } });
}
const sizeOutside = (world: CrossplaneWorld): string =>
  String(
    world.cloud.things(world.scene.sandbox.clock.now()).find(({ kind }) => kind === 'db')?.settings.size ?? 'gone',
  );
const sizeOf = (object: KubeObject | undefined): string =>
  String((object?.spec as { size?: string } | undefined)?.size);
const wantedOf = (object: KubeObject | undefined): string =>
  String((object?.spec as { forProvider?: { fields?: { size?: string } } } | undefined)?.forProvider?.fields?.size);
const enlarge = (world: CrossplaneWorld) =>
  world.scene.patch('sqlclaims.demo.io', 'team-a', 'my-db', { spec: { size: 'large' } });
const things = (world: CrossplaneWorld): number => world.cloud.things(world.scene.sandbox.clock.now()).length;

export const LIFE_ROWS: readonly LifeRow[] = [
  {
    table: '6',
    row: 'healthy shape',
    recorded: {
      'owners of the claim': 0,
      'owners of the XR': 0,
      'controllers of MRs': ['XSQL my-db-dd57h', 'XSQL my-db-dd57h', 'XSQL my-db-dd57h'],
      'controllers of connection Secrets': ['NopResource', 'SQLClaim', 'XSQL'],
      "name of a new XR's Secret": "the XR's UID",
      'usages named after the UID of their MR and owned by it': true,
    },
    async play(world) {
      const { scene } = world;
      const controllers = (object: KubeObject): string[] =>
        (object.metadata.ownerReferences ?? [])
          .filter((one) => one.controller === true)
          .map(({ kind, name }) => `${kind} ${name}`);
      const metadata = { name: 'other', namespace: 'team-a' };
      const spec = { size: 'small', writeConnectionSecretToRef: { name: 'other-conn' } };
      await scene.post({ apiVersion: 'demo.io/v1alpha1', kind: 'SQLClaim', metadata, spec });
      await scene.wait(10);
      const other = world.composites().find((one) => one.metadata.name !== XR);
      const ref = (other?.spec as { writeConnectionSecretToRef?: { name: string } }).writeConnectionSecretToRef;
      const ofOther = scene
        .list('secrets')
        .filter(
          (one) => one.metadata.name?.startsWith(other?.metadata.uid ?? '-') || one.metadata.name === 'other-conn',
        );
      const usages = scene.list('providerconfigusages.kubernetes.crossplane.io');
      return {
        'owners of the claim': world.claim()?.metadata.ownerReferences?.length ?? 0,
        'owners of the XR': world.composite()?.metadata.ownerReferences?.length ?? 0,
        'controllers of MRs': world
          .managed()
          .filter((one) => one.metadata.name?.startsWith(XR))
          .flatMap(controllers),
        'controllers of connection Secrets': ofOther.flatMap(controllers).map((text) => text.split(' ')[0] ?? ''),
        "name of a new XR's Secret": ref?.name === other?.metadata.uid ? "the XR's UID" : (ref?.name ?? 'none'),
        'usages named after the UID of their MR and owned by it':
          usages.length === 2 &&
          usages.every(
            (one) =>
              one.metadata.ownerReferences?.[0]?.uid === one.metadata.name &&
              scene.sandbox.api.byUid(one.metadata.name ?? '') !== undefined,
          ),
      };
    },
  },
  {
    table: '6 paused',
    row: 'XR',
    recorded: {
      'XR says': 'Synced=False Ready=True ReconcilePaused',
      claim: 'Synced=True Ready=True',
      'drift outside': 'small',
      'size in the XR': 'large',
      'size in the MR': 'small',
      'deleted MR': 'gone',
      deletes: 1,
    },
    async play(world) {
      const { scene } = world;
      await scene.patch('xsqls.demo.io', undefined, XR, paused('true'));
      drift(world);
      await scene.wait(20);
      const outside = sizeOutside(world);
      await enlarge(world);
      await scene.wait(20);
      const sizes = {
        'size in the XR': sizeOf(world.composite()),
        'size in the MR': wantedOf(scene.get(NOPS, undefined, DB)),
      };
      await scene.remove(NOPS, undefined, BUCKET);
      await scene.wait(20);
      return {
        ...sizes,
        'XR says': `${world.conditions(world.composite())} ${world.reason(world.composite(), 'Synced')}`,
        claim: world.conditions(world.claim()),
        'drift outside': outside,
        'deleted MR': scene.get(NOPS, undefined, BUCKET) === undefined ? 'gone' : 'there',
        deletes: world.deletes,
      };
    },
  },
  {
    table: '6 paused',
    row: 'claim',
    recorded: { 'XR is paused': false, 'size in the XR': 'small', 'XR to MR': 'syncs', XR: 'Synced=True Ready=True' },
    async play(world) {
      const { scene } = world;
      await scene.patch('sqlclaims.demo.io', 'team-a', 'my-db', paused('true'));
      await enlarge(world);
      await scene.wait(20);
      const size = sizeOf(world.composite());
      await scene.patch(NOPS, undefined, DB, { spec: { forProvider: { fields: { size: 'edited' } } } });
      await scene.wait(20);
      return {
        'XR is paused': world.composite()?.metadata.annotations?.['crossplane.io/paused'] === 'true',
        'size in the XR': size,
        'XR to MR': wantedOf(scene.get(NOPS, undefined, DB)) === 'small' ? 'syncs' : 'stopped',
        XR: world.conditions(world.composite()),
      };
    },
  },
  {
    table: '6 paused',
    row: 'MR',
    recorded: {
      'drift outside': 'changed by hand',
      'size in the MR': 'large',
      'deleted MR': 'being deleted, with its finalizer',
      'deletes while paused': 0,
      'deletes at once after unpausing': 1,
    },
    async play(world) {
      const { scene } = world;
      await scene.patch(NOPS, undefined, DB, paused('true'));
      drift(world);
      await enlarge(world);
      await scene.wait(20);
      const [outside, size] = [sizeOutside(world), wantedOf(scene.get(NOPS, undefined, DB))];
      await scene.remove(NOPS, undefined, DB);
      await scene.wait(20);
      const held = scene.get(NOPS, undefined, DB)?.metadata;
      const before = world.deletes;
      await scene.patch(NOPS, undefined, DB, paused(null));
      return {
        'drift outside': outside,
        'size in the MR': size,
        'deleted MR':
          held?.deletionTimestamp !== undefined && held.finalizers?.includes('finalizer.managedresource.crossplane.io')
            ? 'being deleted, with its finalizer'
            : 'otherwise',
        'deletes while paused': before,
        'deletes at once after unpausing': world.deletes,
      };
    },
  },
  {
    table: '6 paused',
    row: 'XR paused, claim deleted; then Orphan on the MRs and unpause',
    recorded: {
      'claim at first': 'gone',
      'XR at first': 'hangs',
      'MRs at first': 3,
      'objects at the end': 0,
      'external things at the end': 2,
      namespace: 'kept',
      deletes: 0,
    },
    async play(world) {
      const { scene } = world;
      await scene.patch('xsqls.demo.io', undefined, XR, paused('true'));
      await scene.remove('sqlclaims.demo.io', 'team-a', 'my-db');
      await scene.wait(10);
      const first = {
        'claim at first': world.claim() === undefined ? 'gone' : 'there',
        'XR at first': world.composite()?.metadata.deletionTimestamp === undefined ? 'otherwise' : 'hangs',
        'MRs at first': world.managed().filter((one) => one.metadata.deletionTimestamp === undefined).length,
      };
      for (const name of [DB, BUCKET]) await scene.patch(NOPS, undefined, name, { spec: { deletionPolicy: 'Orphan' } });
      await scene.patch(OBJECTS, undefined, NS, { spec: { deletionPolicy: 'Orphan' } });
      await scene.patch('xsqls.demo.io', undefined, XR, paused(null));
      await scene.wait(20);
      return {
        ...first,
        'objects at the end': world.managed().length + world.composites().length,
        'external things at the end': things(world),
        namespace: world.namespace(),
        deletes: world.deletes,
      };
    },
  },
];
