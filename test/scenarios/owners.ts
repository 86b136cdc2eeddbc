import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { KubeObject, OwnerReference } from '../../src/objects/json.ts';
import { complaints, type Ground, newUid, type Place, recovered, writtenAsCaptured } from './lost-and-recovered.ts';
import { configMap, definition, namespace, podSpec, secret } from './manifests.ts';

const owner = (of: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): OwnerReference => ({
  apiVersion: of.apiVersion,
  kind: of.kind,
  name: of.metadata.name ?? '',
  uid: of.metadata.uid ?? '',
});
const ghost = { apiVersion: 'ghosts.example.org/v1', kind: 'Ghost', metadata: { name: 'casper', uid: newUid() } };
const nobody = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'nobody', uid: newUid() } };

/** No garbage collector runs here: it would delete half of these objects before they are captured. */
async function world(source: Place): Promise<void> {
  const { objects } = source;
  await objects.make(namespace('family'), namespace('elsewhere'));
  const parent = await objects.make(configMap('family/parent'));
  const owned = (at: string, ...owners: Parameters<typeof owner>[0][]) =>
    configMap(at, { ownerReferences: owners.map(owner) });
  const child = await objects.make(owned('family/child', parent));
  await objects.make(owned('family/grandchild', child));
  await objects.make(
    owned('family/haunted', ghost),
    owned('family/orphan', nobody),
    owned('family/half', nobody, parent),
  );
  await objects.make(owned('elsewhere/far-child', parent));
  await objects.make({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'child-of-the-family', ownerReferences: [owner(parent)] },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  });
  const annotations = { 'kubernetes.io/service-account.name': 'default' };
  await objects.make({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'family' } });
  const token = secret('family/token', { type: 'kubernetes.io/service-account-token' });
  const omitted = await objects.make({ ...token, metadata: { ...token.metadata, annotations } });
  await objects.make(owned('family/of-the-token', omitted));
  const [yin, yang] = [await objects.make(configMap('family/yin')), await objects.make(configMap('family/yang'))];
  await objects.change('v1 ConfigMap family/yin', { metadata: { ownerReferences: [owner(yang), owner(parent)] } });
  await objects.change('v1 ConfigMap family/yang', { metadata: { ownerReferences: [owner(yin)] } });
  const ring: KubeObject[] = [];
  for (const name of ['ring-a', 'ring-b', 'ring-c']) ring.push(await objects.make(configMap(`family/${name}`)));
  for (const [index, one] of ring.entries()) {
    const next = ring[(index + 1) % ring.length] ?? one;
    await objects.change(`v1 ConfigMap family/${one.metadata.name}`, { metadata: { ownerReferences: [owner(next)] } });
  }
  const self = await objects.make(configMap('family/self-made'));
  await objects.change('v1 ConfigMap family/self-made', { metadata: { ownerReferences: [owner(self)] } });
  const set = await objects.make({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'herd', namespace: 'family' },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'herd' } },
      template: { metadata: { labels: { app: 'herd' } }, spec: podSpec() },
    },
  });
  await objects.make(owned('family/of-the-herd', set));
}

/** Which rule drops the reference of which object. */
const DROPPED = {
  'configmaps/family/haunted': 'OWNER-OF-UNKNOWN-KIND',
  'configmaps/family/orphan': 'OWNER-UNKNOWN',
  'configmaps/elsewhere/far-child': 'OWNER-ACROSS-NAMESPACES',
  'clusterroles.rbac.authorization.k8s.io/child-of-the-family': 'OWNER-IN-NAMESPACE',
  'configmaps/family/of-the-token': 'OWNER-OMITTED',
} as const;

export async function scenarios(on: Ground): Promise<void> {
  const point = await on.lost(world, { controllerManager: false });
  const target = await on.place();
  after(() => target[Symbol.asyncDispose]());
  const { objects } = target;
  const { plan, result } = await recovered(target, point, { settleMs: 10_000 });
  const maps = new Map(
    (await objects.all('v1 ConfigMap')).map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]),
  );
  const uid = (at: string): string => maps.get(`family/${at}`)?.metadata.uid ?? assert.fail(`${at} is there`);
  const owners = (at: string): string[] =>
    (maps.get(at)?.metadata.ownerReferences ?? []).map((reference) => reference.uid).sort();

  test('nothing is complained of, and nothing was collected in ten seconds', () => {
    assert.deepEqual(complaints(result), []);
    assert.equal(result.exit, 0);
  });

  test('owned objects are relinked to what their owners are now', async () => {
    assert.deepEqual(owners('family/child'), [uid('parent')]);
    assert.deepEqual(owners('family/grandchild'), [uid('child')]);
    const herd = await objects.see('apps/v1 ReplicaSet family/herd');
    assert.deepEqual(owners('family/of-the-herd'), [herd.metadata.uid]);
  });

  for (const [key, code] of Object.entries(DROPPED))
    test(`${key}: the reference is dropped (${code}) and recorded, the object stays`, async () => {
      const findings = plan.findings.filter((finding) => finding.key === key).map(({ reason }) => reason.code);
      assert.deepEqual(findings, [code]);
      const [resource, ...place] = key.split('/');
      const kind = resource === 'configmaps' ? 'v1 ConfigMap' : 'rbac.authorization.k8s.io/v1 ClusterRole';
      const live = await objects.see(`${kind} ${place.join('/')}`);
      assert.deepEqual(live.metadata.ownerReferences ?? [], []);
    });

  test('of two owners the one that is known stays', () => {
    assert.deepEqual(owners('family/half'), [uid('parent')]);
  });

  test('what was dropped for want of its kind stays when the kind arrives', async () => {
    await objects.make(definition('ghosts.example.org', 'Ghost'));
    await target.time.sleep(3_000);
    await objects.see('v1 ConfigMap family/haunted');
  });

  test('objects that own each other both come back with all their references, by a second write', () => {
    assert.deepEqual(owners('family/yin'), [uid('yang'), uid('parent')].sort());
    assert.deepEqual(owners('family/yang'), [uid('yin')]);
    assert.deepEqual(owners('family/ring-a'), [uid('ring-b')]);
    assert.deepEqual(owners('family/ring-b'), [uid('ring-c')]);
    assert.deepEqual(owners('family/ring-c'), [uid('ring-a')]);
    assert.deepEqual(owners('family/self-made'), [uid('self-made')]);
    assert.ok(plan.steps.some(({ reasons }) => reasons.some(({ code }) => code === 'SECOND-WRITE')));
  });

  test('written as captured, the same objects are collected', async () => {
    await using careless = await on.place();
    const there = ['family', 'elsewhere'];
    await careless.objects.make(...there.map((name) => namespace(name)), configMap('family/parent'));
    await writtenAsCaptured(careless, point, [
      'configmaps/family/child',
      'configmaps/family/orphan',
      'configmaps/family/haunted',
      'configmaps/elsewhere/far-child',
      'configmaps/family/of-the-token',
      'configmaps/family/yin',
      'configmaps/family/yang',
    ]);
    const left = async () =>
      (await Promise.all(there.map((name) => careless.objects.names(`v1 ConfigMap ${name}/`))))
        .flat()
        .filter((name) => name !== 'kube-root-ca.crt');
    await careless.objects.until('all but the haunted one are collected', async () => {
      return (await left()).join() === 'haunted,parent';
    });
    await careless.objects.make(definition('ghosts.example.org', 'Ghost'));
    // Else the collector asks again only when its pauses, which double each time, have passed.
    await careless.plane.restartControllerManager();
    await careless.objects.until('and this one as well when its kind arrives', async () => {
      return (await careless.objects.look('v1 ConfigMap family/haunted')) === undefined;
    });
  });
}
