import type { KubeObject } from '../../src/objects/json.ts';
import type { Uid } from '../../src/objects/key.ts';
import { type Body, copyOf } from './places.ts';
import { Random } from './random.ts';
import type { World } from './world.ts';
import { Builder } from './worlds/builder.ts';
import { BUILT_IN } from './worlds/kinds.ts';

const controller = { controller: true, blockOwnerDeletion: true };

/**
 * One small cluster with one of everything that an invariant speaks of. The target is new, but for `kube-system`, an equal
 * ConfigMap `shared` in an equal Namespace `common`, and a Secret `dying` there that is being deleted.
 */
export function handWorld(): World {
  const builder = new Builder(new Random(7));
  const add = builder.add.bind(builder);
  const space = (name: string): void => void add('namespaces', undefined, name, { status: { phase: 'Active' } });
  for (const name of ['kube-system', 'common', 'team-a']) space(name);
  const widgets = builder.define('example.org', 'Widget', 'Namespaced', ['v1']);
  add(widgets, 'team-a', 'widget', { spec: { size: 3 } });
  const parent = add('configmaps', 'team-a', 'parent', { data: { key: 'value' } });
  builder.own(add('configmaps', 'team-a', 'child', {}), builder.owner(parent));
  const rings = [add('configmaps', 'team-a', 'ring-a'), add('configmaps', 'team-a', 'ring-b')] as const;
  builder.own(rings[0], builder.owner(rings[1]));
  builder.own(rings[1], builder.owner(rings[0]));
  const shared = add('configmaps', 'common', 'shared', { data: { key: 'shared' } });
  builder.own(add('configmaps', 'common', 'of-shared', {}), builder.owner(shared));
  builder.own(add('configmaps', 'common', 'orphan', {}), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'gone',
    uid: 'aaaaaaaa-0000-4000-8000-000000000000',
  });
  const web = add('deployments.apps', 'team-a', 'web', { spec: { replicas: 2 } });
  const set = add('replicasets.apps', 'team-a', 'web-1', { spec: { replicas: 2 } });
  builder.own(set, builder.owner(web, controller));
  builder.own(add('pods', 'team-a', 'web-1-x', { spec: {} }), builder.owner(set, controller));
  const claim = add('persistentvolumeclaims', 'team-a', 'data', { spec: { volumeName: 'pv-data' } });
  const claimRef = { namespace: 'team-a', name: 'data', uid: claim.uid, resourceVersion: '5' };
  add('persistentvolumes', undefined, 'pv-data', { spec: { persistentVolumeReclaimPolicy: 'Delete', claimRef } });
  add('jobs.batch', 'team-a', 'done', { spec: {}, status: { conditions: [{ type: 'Complete', status: 'True' }] } });
  add('cronjobs.batch', 'team-a', 'nightly', { spec: { schedule: '0 1 * * *' } });
  add('resourcequotas', 'team-a', 'quota', { spec: { hard: { pods: '1' } } });
  const doomed = add('configmaps', 'team-a', 'doomed');
  builder.doom(doomed);
  builder.own(add('secrets', 'team-a', 'of-doomed', {}), builder.owner(doomed));
  add('secrets', 'common', 'dying', {});
  add('configmaps', 'common', 'noted', { data: { of: parent.uid } });
  const composites = builder.define('demo.example.org', 'XSQL', 'Cluster', ['v1'], ['composite']);
  const databases = builder.define('cloud.example.org', 'Database', 'Cluster', ['v1'], ['managed']);
  const composite = add(composites, undefined, 'sql');
  composite.body.spec = { resourceRefs: [{ apiVersion: 'cloud.example.org/v1', kind: 'Database', name: 'db' }] };
  builder.own(add(databases, undefined, 'db', { spec: {} }), builder.owner(composite, controller));
  const secret = add('secrets', 'team-a', composite.uid, {
    type: 'connection.crossplane.io/v1alpha1',
    data: { password: 'cHc=' },
  });
  builder.own(secret, builder.owner(composite, controller));
  add('deployments.apps', 'team-a', 'crossplane', { spec: { replicas: 1 } }, { labels: { app: 'crossplane' } });
  const objects = builder.captured();
  const living = objects
    .filter(({ key }) =>
      /^(namespaces\/(kube-system|common)|configmaps\/common\/shared|secrets\/common\/dying)$/.test(key),
    )
    .map((object, index) => {
      const body = copyOf(object.body) as unknown as Body;
      const metadata = body.metadata as Body;
      metadata.uid = `dddddddd-0000-4000-8000-00000000000${index}`;
      const terminating = object.name === 'dying';
      if (terminating) metadata.deletionTimestamp = '2026-11-21T11:00:00Z';
      return {
        key: object.key,
        resource: object.resource,
        body: body as unknown as KubeObject,
        terminating,
        agrees: true,
      };
    });
  return {
    seed: 7,
    point: {
      id: 'p',
      fingerprint: 'f' as Uid,
      cluster: 'lost',
      version: 'v1.34.4',
      takenAt: '',
      complete: true,
      objects: objects.length,
    },
    policy: { selection: {}, fieldOwnership: 'all' },
    kinds: builder.kinds,
    objects,
    target: { mode: 'by hand', kinds: BUILT_IN, living, dropping: new Set() },
  };
}
