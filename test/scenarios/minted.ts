import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { getAt } from '../../src/objects/pointer.ts';
import { codesOf, complaints, type Ground, type Place, recovered, without } from './lost-and-recovered.ts';
import { namespace, pod, podSpec, secret, service } from './manifests.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const FLOW = 'flowcontrol.apiserver.k8s.io/v1';
const added = { apiGroups: ['shop.example.org'], resources: ['prices'], verbs: ['get'] };
const auditors = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'auditors' };
const SHOP = { selection: { namespaces: ['shop'] }, fieldOwnership: 'all' } as const;
const port = (nodePort: number) => [{ name: 'http', port: 80, nodePort }];

async function world({ objects }: Place): Promise<void> {
  await objects.make(namespace('shop'), secret('shop/registry'));
  await objects.untilThere('v1 ServiceAccount shop/default');
  await objects.change('v1 ServiceAccount shop/default', {
    metadata: { annotations: { 'example.org/team': 'books' } },
    imagePullSecrets: [{ name: 'registry' }],
  });
  const basic = await objects.see(`${RBAC} ClusterRole system:basic-user`);
  const rules = [...(basic.rules as object[]), added];
  await objects.change(`${RBAC} ClusterRole system:basic-user`, { rules });
  await objects.change(`${RBAC} ClusterRole view`, { metadata: { labels: { 'example.org/seen': 'yes' } } });
  const discovery = await objects.see(`${RBAC} ClusterRoleBinding system:discovery`);
  const subjects = [...(discovery.subjects as object[]), auditors];
  await objects.change(`${RBAC} ClusterRoleBinding system:discovery`, { subjects });
  await objects.change('v1 Namespace kube-system', { metadata: { labels: { 'example.org/watched': 'yes' } } });
  await objects.make({
    apiVersion: FLOW,
    kind: 'FlowSchema',
    metadata: { name: 'auditors-first' },
    spec: {
      matchingPrecedence: 5000,
      priorityLevelConfiguration: { name: 'workload-low' },
      rules: [
        {
          subjects: [{ kind: 'Group', group: { name: 'auditors' } }],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        },
      ],
    },
  });
  await objects.make({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'books-first' },
    value: 1000,
  });
  await objects.make(namespace('desk'), pod('desk/first', { ...podSpec(), priorityClassName: 'books-first' }));
  await objects.make(
    service('shop/kept', { type: 'NodePort', clusterIP: '10.0.0.50', selector: { app: 'a' }, ports: port(30080) }),
    service('shop/taken', { type: 'NodePort', clusterIP: '10.0.0.60', selector: { app: 'b' }, ports: port(30090) }),
    service('shop/given', { selector: { app: 'c' }, ports: [{ port: 80 }] }),
    service('shop/headless', { clusterIP: 'None', selector: { app: 'd' }, ports: [{ port: 80 }] }),
    service('shop/elsewhere', { type: 'ExternalName', externalName: 'example.org' }),
  );
}

export async function scenarios(on: Ground): Promise<void> {
  let given: unknown;
  let lostCa: unknown;
  const point = await on.lost(async (source) => {
    await world(source);
    given = getAt(await source.objects.see('v1 Service shop/given'), '/spec/clusterIP');
    lostCa = getAt(await source.objects.untilThere('v1 ConfigMap shop/kube-root-ca.crt'), '/data/ca.crt');
  });
  const target = await on.place();
  after(() => target[Symbol.asyncDispose]());
  const { objects } = target;
  const squatter = { type: 'NodePort', clusterIP: '10.0.0.60', ports: port(30090) };
  await objects.make(namespace('squat'), service('squat/squatter', squatter));
  await objects.untilThere('v1 ServiceAccount squat/default');
  const before = await objects.see(`${RBAC} ClusterRole system:basic-user`);
  const { plan, result } = await recovered(target, point);

  test('nothing is complained of', () => {
    assert.deepEqual(complaints(result), []);
    assert.deepEqual(plan.refusals, []);
    assert.equal(result.exit, 0);
  });

  test("the target's default ServiceAccount gets what people had added to the captured one", async () => {
    const account = await objects.see('v1 ServiceAccount shop/default');
    assert.deepEqual(account.imagePullSecrets, [{ name: 'registry' }]);
    assert.equal(account.metadata.annotations?.['example.org/team'], 'books');
    assert.ok(plan.steps.some(({ id }) => id === ('merge serviceaccounts/shop/default' as string)));
  });

  test("the certificate in kube-root-ca.crt is the target's", async () => {
    const ca = getAt(await objects.see('v1 ConfigMap shop/kube-root-ca.crt'), '/data/ca.crt');
    assert.equal(ca, target.plane.ca);
    if (target.plane.ownAuthority) assert.notEqual(ca, lostCa);
  });

  test('default roles and bindings keep what the target has and get what people had added', async () => {
    const role = await objects.see(`${RBAC} ClusterRole system:basic-user`);
    assert.deepEqual(role.rules, [...(before.rules as object[]), added]);
    assert.equal(role.metadata.uid, before.metadata.uid);
    const { subjects } = await objects.see(`${RBAC} ClusterRoleBinding system:discovery`);
    assert.deepEqual((subjects as { name: string }[]).map(({ name }) => name).sort(), [
      'auditors',
      'system:authenticated',
    ]);
    const view = await objects.see(`${RBAC} ClusterRole view`);
    assert.equal(view.metadata.labels?.['example.org/seen'], 'yes');
  });

  test('labels of the namespaces that every cluster has are merged', async () => {
    const system = await objects.see('v1 Namespace kube-system');
    assert.equal(system.metadata.labels?.['example.org/watched'], 'yes');
  });

  test('what the API server keeps for itself is omitted; what people made of the same kinds comes back', async () => {
    const codes = codesOf(plan.omissions);
    for (const expected of [
      'AUTOMANAGED-API-SERVICE apiservices.apiregistration.k8s.io/v1.apps',
      'FLOW-CONTROL-DEFAULT flowschemas.flowcontrol.apiserver.k8s.io/catch-all',
      'FLOW-CONTROL-DEFAULT prioritylevelconfigurations.flowcontrol.apiserver.k8s.io/exempt',
      'SYSTEM-PRIORITY-CLASS priorityclasses.scheduling.k8s.io/system-node-critical',
      'CLUSTER-CA configmaps/shop/kube-root-ca.crt',
    ])
      assert.ok(codes.includes(expected), expected);
    await objects.see(`${FLOW} FlowSchema auditors-first`);
    await objects.see('scheduling.k8s.io/v1 PriorityClass books-first');
    assert.equal(getAt(await objects.see('v1 Pod desk/first'), '/spec/priority'), 1000);
  });

  test('addresses and node ports of Services are kept where they are free', async () => {
    const kept = await objects.see('v1 Service shop/kept');
    assert.equal(getAt(kept, '/spec/clusterIP'), '10.0.0.50');
    assert.equal(getAt(kept, '/spec/ports/0/nodePort'), 30080);
    assert.equal(getAt(await objects.see('v1 Service shop/given'), '/spec/clusterIP'), given);
    assert.equal(getAt(await objects.see('v1 Service shop/headless'), '/spec/clusterIP'), 'None');
    assert.equal(getAt(await objects.see('v1 Service shop/elsewhere'), '/spec/externalName'), 'example.org');
  });

  test('where they are taken the Service gets others, and each change is reported', async () => {
    const taken = await objects.see('v1 Service shop/taken');
    assert.notEqual(getAt(taken, '/spec/clusterIP'), '10.0.0.60');
    assert.notEqual(getAt(taken, '/spec/ports/0/nodePort'), 30090);
    assert.equal(getAt(taken, '/spec/type'), 'NodePort');
    const reported = [...new Set(codesOf(result.yields))];
    assert.deepEqual(reported, ['NODE-PORT-TAKEN services/shop/taken', 'SERVICE-IP-TAKEN services/shop/taken']);
    const squatting = await objects.see('v1 Service squat/squatter');
    assert.equal(getAt(squatting, '/spec/clusterIP'), '10.0.0.60');
  });

  test("without these rules Services are refused and the target's own objects are conflicts", async () => {
    await using careless = await on.place({ serviceCidr: '10.9.0.0/24' });
    const rules = ['SERVICE-IP-TAKEN', 'NODE-PORT-TAKEN', 'CLUSTER-CA', 'DEFAULT-SERVICE-ACCOUNT'];
    const harmed = await recovered(careless, point, { systems: without(...rules), policy: SHOP });
    const missing = harmed.result.failed.map(({ key }) => key as string);
    assert.ok(missing.includes('services/shop/kept'), 'an address of another range is refused');
    if (careless.plane.ownAuthority)
      assert.ok(missing.includes('configmaps/shop/kube-root-ca.crt'), 'the certificate is not the same');
    assert.ok(missing.includes('serviceaccounts/shop/default'), 'nor is the default ServiceAccount');
  });

  test('in a target with another range of addresses every Service comes back with a new address', async () => {
    await using other = await on.place({ serviceCidr: '10.9.0.0/24' });
    const moved = await recovered(other, point, { policy: SHOP });
    assert.deepEqual(complaints(moved.result), []);
    for (const name of ['kept', 'taken', 'given'])
      assert.match(String(getAt(await other.objects.see(`v1 Service shop/${name}`), '/spec/clusterIP')), /^10\.9\.0\./);
  });
}
