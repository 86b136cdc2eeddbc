import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amendmentOf } from '../../src/plan/amendment.ts';
import { bodyOf } from '../../src/plan/body.ts';
import { managedFieldsOf } from '../../src/plan/fields-back.ts';
import { amendsOf, Captured, createOf, existing, isBefore, omissionOf, ownerOf, uidOf } from './captured.ts';

test("an owned object comes after its owner and is written with the owner's new UID", () => {
  const cluster = new Captured();
  cluster.namespace('team-a');
  const owner = cluster.configMap('team-a', 'z-owner');
  const owned = cluster.configMap('team-a', 'a-owned', ownerOf(owner));
  const plan = cluster.plan();
  assert.ok(isBefore(plan, 'create namespaces/team-a', 'create configmaps/team-a/z-owner'));
  assert.ok(isBefore(plan, 'create configmaps/team-a/z-owner', 'create configmaps/team-a/a-owned'));
  const { body } = bodyOf(createOf(plan, 'configmaps/team-a/a-owned'), owned, () => uidOf('new'));
  const metadata = body.metadata as unknown as KubeMeta;
  assert.deepEqual(
    metadata.ownerReferences.map((one) => one.uid),
    [uidOf('new')],
  );
  assert.equal(JSON.stringify(body).includes(String(owner.metadata.uid)), false);
});
type KubeMeta = { readonly ownerReferences: readonly { readonly uid: string }[] };

test('a reference to an owner that cannot be there is dropped and recorded', () => {
  const cluster = new Captured();
  cluster.namespace('a');
  cluster.namespace('b');
  const inB = cluster.configMap('b', 'owner');
  const stranger = { apiVersion: 'nosuch.io/v1', kind: 'Thing', metadata: { name: 'gone', uid: uidOf('gone') } };
  const missing = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'missing', uid: uidOf('missing') } };
  cluster.configMap('a', 'across', ownerOf(inB));
  cluster.configMap('a', 'unknown-kind', ownerOf(stranger));
  cluster.configMap('a', 'unknown-object', ownerOf(missing));
  cluster.object('rbac.authorization.k8s.io/v1', 'ClusterRole', undefined, 'from-cluster-scope', {}, ownerOf(inB));
  const dying = cluster.configMap('a', 'dying', { deletionTimestamp: '2026-11-21T09:01:00Z' });
  cluster.configMap('a', 'of-dying', ownerOf(dying));
  const plan = cluster.plan();
  const code = (key: string): string | undefined => {
    const [link] = createOf(plan, key).writing.owners;
    return link?.kind === 'drop' ? link.reason.code : link?.kind;
  };
  assert.equal(code('configmaps/a/across'), 'OWNER-ACROSS-NAMESPACES');
  assert.equal(code('configmaps/a/unknown-kind'), 'OWNER-OF-UNKNOWN-KIND');
  assert.equal(code('configmaps/a/unknown-object'), 'OWNER-UNKNOWN');
  assert.equal(code('clusterroles.rbac.authorization.k8s.io/from-cluster-scope'), 'OWNER-IN-NAMESPACE');
  assert.equal(code('configmaps/a/of-dying'), 'OWNER-OMITTED');
  assert.equal(omissionOf(plan, 'configmaps/a/dying'), 'omitted WAS-BEING-DELETED');
  for (const key of ['across', 'unknown-kind', 'unknown-object', 'of-dying'])
    assert.ok(
      plan.findings.some((finding) => finding.key === `configmaps/a/${key}`),
      key,
    );
});

test('two objects that own each other: the second write closes the circle', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const left = cluster.configMap(
    'n',
    'left',
    ownerOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'right', uid: uidOf('ConfigMap/n/right') } }),
  );
  cluster.configMap('n', 'right', ownerOf(left));
  const plan = cluster.plan();
  const amends = plan.steps.filter((step) => step.kind === 'amend');
  assert.deepEqual(
    amends.map((step) => step.id),
    ['amend configmaps/n/left owners'],
  );
  const [amend] = amends;
  assert.ok(amend?.kind === 'amend' && amend.needs.includes('create configmaps/n/right' as never));
  const first = bodyOf(createOf(plan, 'configmaps/n/left'), left, () => undefined);
  assert.equal((first.body.metadata as unknown as Partial<KubeMeta>).ownerReferences, undefined);
  const patch = amendmentOf(amend, left, () => uidOf('right now')) as unknown as { metadata: KubeMeta };
  assert.equal(patch.metadata.ownerReferences[0]?.uid, uidOf('right now'));
});

test('managed fields name the owner by its new UID, and forget an owner that was dropped', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const owner = cluster.configMap('n', 'owner');
  const gone = uidOf('gone');
  const references = [
    ...(ownerOf(owner).ownerReferences as object[]),
    { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: gone },
  ];
  const fields = {
    'f:metadata': {
      'f:ownerReferences': { '.': {}, [`k:{"uid":"${owner.metadata.uid}"}`]: {}, [`k:{"uid":"${gone}"}`]: {} },
    },
  };
  const owned = cluster.configMap('n', 'owned', {
    ownerReferences: references,
    managedFields: [
      {
        manager: 'm',
        operation: 'Update',
        apiVersion: 'v1',
        time: '2026-11-21T09:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: fields,
      },
    ],
  });
  const plan = cluster.plan();
  const restored = managedFieldsOf(createOf(plan, 'configmaps/n/owned'), owned, () => uidOf('new'));
  assert.deepEqual(restored?.[0]?.fieldsV1, {
    'f:metadata': { 'f:ownerReferences': { '.': {}, [`k:{"uid":"${uidOf('new')}"}`]: {} } },
  });
});

test('what is already there is adopted with its owners, or refused', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  const owner = cluster.configMap('n', 'owner');
  cluster.configMap('n', 'owned', ownerOf(owner));
  const there = new Map([
    ['namespaces/n', existing(uidOf('n there'))],
    ['configmaps/n/owner', existing(uidOf('owner there'))],
    ['configmaps/n/owned', existing(uidOf('owned there'), { kind: 'equal' }, [uidOf('owner there')])],
  ]) as never;
  assert.deepEqual(
    cluster.plan({ existing: there }).steps.map((step) => step.kind),
    ['adopt', 'adopt', 'adopt'],
  );
  const orphaned = new Map<string, unknown>(there).set('configmaps/n/owned', existing(uidOf('owned there'))) as never;
  assert.deepEqual(
    cluster.plan({ existing: orphaned }).refusals.map(({ key, reason }) => [key, reason.code]),
    [['configmaps/n/owned', 'CONFLICT']],
  );
  const changed = new Map<string, unknown>(there).set(
    'configmaps/n/owner',
    existing(uidOf('owner there'), { kind: 'differs', paths: ['/data/a'] }),
  ) as never;
  assert.ok(
    cluster
      .plan({ existing: changed })
      .refusals.some(({ key, reason }) => key === 'configmaps/n/owner' && reason.sentence.includes('/data/a')),
  );
});

test('into the captured cluster itself: a living owner keeps its UID, only what is lost is written', () => {
  const cluster = new Captured();
  const namespace = cluster.namespace('n');
  const owner = cluster.configMap('n', 'owner');
  cluster.configMap('n', 'owned', { ...ownerOf(owner), labels: { app: 'lost' } });
  const plan = cluster.plan(
    {
      existing: new Map([
        ['namespaces/n', existing(namespace.metadata.uid as never)],
        ['configmaps/n/owner', existing(owner.metadata.uid as never, { kind: 'differs', paths: ['/data/a'] })],
      ]) as never,
    },
    { selection: { selector: 'app=lost' } },
  );
  assert.deepEqual(plan.refusals, []);
  assert.deepEqual(
    plan.steps.map((step) => step.id),
    ['adopt namespaces/n', 'adopt configmaps/n/owner', 'create configmaps/n/owned'],
  );
  assert.ok(amendsOf(plan, 'configmaps/n/owned').length === 0);
});

test('what a run wrote whose log is lost is written to its end, not adopted half done', () => {
  const cluster = new Captured();
  const entry = {
    manager: 'm',
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-11-21T09:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': {} },
  };
  cluster.namespace('n');
  cluster.configMap('n', 'half', { managedFields: [entry] });
  const half = { ...existing(uidOf('there')), unfinished: true };
  const there = new Map([['configmaps/n/half', half]]) as never;
  createOf(cluster.plan({ existing: there }), 'configmaps/n/half');
  const without = cluster.plan({ existing: there }, { fieldOwnership: 'none' });
  assert.ok(without.steps.some((step) => step.id === 'adopt configmaps/n/half'));
});

test('where the target differs and was asked to stay, it stays, with a note', () => {
  const cluster = new Captured();
  cluster.namespace('kube-system');
  cluster.configMap('kube-system', 'coredns');
  cluster.configMap('kube-system', 'proxy');
  const other = { kind: 'differs' as const, paths: ['/data/a'] };
  const there = new Map([
    ['configmaps/kube-system/coredns', existing(uidOf('c'), other)],
    ['configmaps/kube-system/proxy', existing(uidOf('p'), other)],
  ]) as never;
  const one = cluster.plan({ existing: there }, { keepTarget: ['configmaps/kube-system/coredns'] });
  assert.deepEqual(
    one.refusals.map(({ key }) => key),
    ['configmaps/kube-system/proxy'],
  );
  const all = cluster.plan({ existing: there }, { keepTarget: ['kube-system/'] });
  assert.deepEqual(all.refusals, []);
  assert.deepEqual(
    all.findings.filter(({ reason }) => reason.code === 'TARGET-KEPT').map(({ key }) => key),
    ['configmaps/kube-system/coredns', 'configmaps/kube-system/proxy'],
  );
});

test('what a completed run brought back is known by its UID, whatever operators have made of it since', () => {
  const cluster = new Captured();
  cluster.namespace('n');
  cluster.configMap('n', 'a');
  const changed = {
    ...existing(uidOf('there'), { kind: 'differs', paths: ['/data/a'] }, [uidOf('someone')]),
    ours: true,
  };
  const plan = cluster.plan({ existing: new Map([['configmaps/n/a', changed]]) as never });
  assert.deepEqual(plan.refusals, []);
  assert.ok(plan.findings.some(({ reason }) => reason.code === 'RECOVERED-AND-CHANGED'));
  assert.ok(plan.steps.some((step) => step.id === 'adopt configmaps/n/a'));
});
