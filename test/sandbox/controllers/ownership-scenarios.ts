import { setTimeout as sleep } from 'node:timers/promises';
import { apps, core, type Scenario, template } from './scenario.ts';
import type { Side, Thing } from './sides.ts';

const configMap = (name: string, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
});
const owner = (thing: Thing, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: thing.metadata.name,
  uid: thing.metadata.uid,
  ...more,
});
/** Our ConfigMaps: the certificates of two servers differ. */
async function maps(side: Side, namespace: string): Promise<readonly Thing[]> {
  const found = await side.rest([core(namespace, 'configmaps')], 2500);
  return found.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
}
const STALE = '11111111-2222-3333-4444-555555555555';

/** Garbage, namespaces, tokens. */
export const OWNERSHIP: readonly Scenario[] = [
  {
    name: 'owners that are absent, stale, elsewhere, of unknown kind, mixed',
    async play(side, namespace) {
      const path = core(namespace, 'configmaps');
      const alive = await side.create(path, configMap('alive'));
      const elsewhere = await side.create(core('default', 'configmaps'), configMap(`far-${namespace}`));
      const with_ = (name: string, ...ownerReferences: object[]): Promise<Thing> =>
        side.create(path, configMap(name, { ownerReferences }));
      await with_('kept', owner(alive));
      await with_('stale', owner(alive, { uid: STALE }));
      await with_('absent', owner(alive, { name: 'never', uid: STALE }));
      await with_('far', owner(elsewhere));
      await with_('misnamed', owner(alive, { name: 'other' }));
      await with_('unknown', { apiVersion: 'never.example.org/v1', kind: 'Never', name: 'x', uid: STALE });
      await with_('mixed', owner(alive), owner(alive, { name: 'never', uid: STALE }));
      await side.create('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: `role-${namespace}`, ownerReferences: [owner(alive, { uid: STALE })] },
      });
      const left = await maps(side, namespace);
      const role = await side.send('GET', `/apis/rbac.authorization.k8s.io/v1/clusterroles/role-${namespace}`);
      return [...left, role];
    },
  },
  {
    name: 'an owner deleted in the background, the foreground, and as orphan',
    async play(side, namespace) {
      const path = core(namespace, 'configmaps');
      for (const policy of ['Background', 'Foreground', 'Orphan']) {
        const name = policy.toLowerCase();
        const parent = await side.create(path, configMap(name));
        const child = await side.create(
          path,
          configMap(`${name}-child`, { ownerReferences: [owner(parent, { blockOwnerDeletion: true })] }),
        );
        await side.create(path, configMap(`${name}-grandchild`, { ownerReferences: [owner(child)] }));
        await side.create(
          path,
          configMap(`${name}-held`, {
            finalizers: ['example.org/held'],
            ownerReferences: [owner(parent, { blockOwnerDeletion: true })],
          }),
        );
        await sleep(300);
        await side.send('DELETE', `${path}/${name}?propagationPolicy=${policy}`);
      }
      return maps(side, namespace);
    },
  },
  {
    name: 'a Deployment deleted in the foreground, and one as orphan',
    async play(side, namespace) {
      const make = (name: string): object => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: template({ app: name }) },
      });
      const paths = [apps(namespace, 'deployments'), apps(namespace, 'replicasets'), core(namespace, 'pods')];
      for (const [name, propagationPolicy] of [
        ['one', 'Foreground'],
        ['two', 'Orphan'],
      ] as const) {
        await side.create(apps(namespace, 'deployments'), make(name));
        await side.rest(paths, 800);
        await side.send('DELETE', `${apps(namespace, 'deployments')}/${name}?propagationPolicy=${propagationPolicy}`);
      }
      return side.rest(paths);
    },
  },
  {
    name: 'a namespace deleted with an object that is held',
    async play(side, namespace) {
      const other = `${namespace}-gone`;
      await side.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: other } });
      await side.create(core(other, 'configmaps'), configMap('held', { finalizers: ['example.org/held'] }));
      await side.create(core(other, 'configmaps'), configMap('free'));
      await side.send('DELETE', `/api/v1/namespaces/${other}`);
      await side.until('conditions', async () =>
        JSON.stringify(await side.send('GET', `/api/v1/namespaces/${other}`)).includes('SomeFinalizersRemain'),
      );
      const during = [
        await side.send('GET', `/api/v1/namespaces/${other}`),
        ...(await side.list(core(other, 'configmaps'))),
      ];
      await side.merge(`${core(other, 'configmaps')}/held`, { metadata: { finalizers: null } });
      await side.until(
        'the namespace is gone',
        async () => (await side.list('/api/v1/namespaces')).every(({ metadata }) => metadata.name !== other),
        40,
      );
      return during;
    },
  },
  {
    name: 'token Secrets of an account, of another one of its name, of none',
    async play(side, namespace) {
      const secret = (name: string, annotations: object): Promise<Thing> =>
        side.create(core(namespace, 'secrets'), {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name, annotations },
          type: 'kubernetes.io/service-account-token',
        });
      await secret('good', { 'kubernetes.io/service-account.name': 'default' });
      await secret('stale', {
        'kubernetes.io/service-account.name': 'default',
        'kubernetes.io/service-account.uid': STALE,
      });
      await secret('nobody', { 'kubernetes.io/service-account.name': 'nobody' });
      return side.rest([core(namespace, 'secrets'), core(namespace, 'serviceaccounts')]);
    },
  },
  {
    name: 'an owner of a kind that comes later',
    async play(side, namespace) {
      const group = `${namespace}.example.org`;
      const reference = { apiVersion: `${group}/v1`, kind: 'Late', name: 'x', uid: STALE };
      await side.create(core(namespace, 'configmaps'), configMap('waits', { ownerReferences: [reference] }));
      const before = await maps(side, namespace);
      await side.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `lates.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: 'lates', singular: 'late', kind: 'Late', listKind: 'LateList' },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
        },
      });
      await side.until('the orphan is deleted', async () => (await maps(side, namespace)).length === 0, 60);
      return before;
    },
  },
];
