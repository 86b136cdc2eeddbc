import type { KubeObject } from '../../src/objects/json.ts';
import { CapturedObjects } from './captured-objects.ts';
import { addDefinitions, addStores, addWidgets, outageKinds } from './outage-stores.ts';
import { addVolume, addWorkloads } from './outage-workloads.ts';
import { BUILT_IN, type World } from './world.ts';

/**
 * A small cluster in which everything hangs together: definitions and custom resources with status, chains of owners, owners of each
 * other, a Deployment with its ReplicaSet, a schedule, a finished Job, a bound volume, a claim with composite and managed resources
 * whose passwords lie under names made of UIDs. All names begin with or stand in `run`; `number` keeps addresses apart.
 */
export function outage(run: string, number: number): World {
  return { kinds: [...BUILT_IN, ...outageKinds(run)], objects: () => objectsOf(run, number) };
}

function objectsOf(run: string, number: number): readonly KubeObject[] {
  const objects = new CapturedObjects();
  const [app, system] = [`${run}-app`, `${run}-sys`];
  for (const name of [app, system]) {
    const labels = { 'kubernetes.io/metadata.name': name };
    objects.add('v1', 'Namespace', undefined, name, { spec: { finalizers: ['kubernetes'] } }, { labels });
  }
  addDefinitions(objects, run);
  configuration(objects, app);
  addWidgets(objects, run, app);
  addWorkloads(objects, number, app);
  addVolume(objects, run, app);
  addStores(objects, run, app, system);
  return objects.all;
}

function configuration(objects: CapturedObjects, app: string): void {
  let owner: KubeObject | undefined;
  for (let depth = 1; depth <= 3; depth++)
    owner = objects.add(
      'v1',
      'ConfigMap',
      app,
      `chain-${depth}`,
      { data: { depth: String(depth) } },
      { owners: owner === undefined ? [] : [owner], fields: ['f:data'] },
    );
  // Each owns the other, which only a second write can say.
  const left = objects.add('v1', 'ConfigMap', app, 'twin-a', { data: { side: 'a' } });
  const right = objects.add('v1', 'ConfigMap', app, 'twin-b', { data: { side: 'b' } }, { owners: [left] });
  objects.own(left, right);
  for (let plain = 0; plain < 8; plain++)
    objects.add(
      'v1',
      plain % 4 === 3 ? 'Secret' : 'ConfigMap',
      app,
      `plain-${plain}`,
      plain % 4 === 3 ? { type: 'Opaque', data: { a: 'YQ==' } } : { data: { a: 'a' } },
      { fields: ['f:data'] },
    );
  const account = objects.add('v1', 'ServiceAccount', app, 'web', {});
  objects.add('rbac.authorization.k8s.io/v1', 'Role', app, 'web', {
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
  });
  objects.add('rbac.authorization.k8s.io/v1', 'RoleBinding', app, 'web', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
    subjects: [{ kind: 'ServiceAccount', name: account.metadata.name, namespace: app }],
  });
}
