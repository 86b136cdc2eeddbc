import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyText } from '../../src/objects/key.ts';
import type { Plan, PlannedCheck } from '../../src/plan/plan.ts';
import type { CheckResult, Expected } from '../../src/recover/checks/check.ts';
import { verify } from '../../src/recover/verify.ts';
import { ScriptedCluster } from './scripted-cluster.ts';

/** Two ConfigMaps, the second owned by the first, as a recovery has them on record. */
function recovered(): { cluster: ScriptedCluster; expected: Expected[] } {
  const cluster = new ScriptedCluster();
  const parent = cluster.seed({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'parent', namespace: 'default' },
  });
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid: parent.metadata.uid as string };
  cluster.seed({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'child', namespace: 'default', ownerReferences: [owner] },
    data: { id: 'db-1' },
  });
  const expected = ['parent', 'child'].map((name): Expected => {
    const key = `configmaps/default/${name}` as KeyText;
    return { key, uid: cluster.uid(key), group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap' };
  });
  return { cluster, expected };
}
async function checksOf(
  { cluster, expected }: { cluster: ScriptedCluster; expected: readonly Expected[] },
  planned: readonly PlannedCheck[] = [],
  meanwhile: () => void = () => undefined,
): Promise<CheckResult[]> {
  const timer = setTimeout(meanwhile, 15);
  try {
    const plan = { checks: planned } as unknown as Plan;
    return await verify({ cluster, plan, expected, settleMs: 60, readyMs: 0, signal: new AbortController().signal });
  } finally {
    clearTimeout(timer);
  }
}
const failures = (results: readonly CheckResult[]): string[] =>
  results.filter((one) => one.status !== 'verified').map((one) => `${one.status} ${one.code} ${one.key ?? ''}`.trim());
const child = 'configmaps/default/child' as KeyText;

test('a recovery of which everything is there verifies', async () => {
  const results = await checksOf(recovered());
  assert.deepEqual(failures(results), []);
  assert.deepEqual(
    results.map((one) => one.kind),
    ['kept', 'owners', 'present'],
  );
});

test('present: fails for an object that is missing, replaced or being deleted', async () => {
  const missing = recovered();
  missing.cluster.objects.delete(child);
  assert.deepEqual(failures(await checksOf(missing)), [`failed NOT-PRESENT ${child}`]);
  const replaced = recovered();
  replaced.cluster.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'child', namespace: 'default' } });
  assert.deepEqual(failures(await checksOf(replaced)), [`failed NOT-PRESENT ${child}`]);
  const ending = recovered();
  const { metadata } = ending.cluster.at(child);
  ending.cluster.seed({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, deletionTimestamp: '2026-11-21T12:00:00Z' },
  });
  assert.ok(failures(await checksOf(ending)).includes(`failed NOT-PRESENT ${child}`));
});

test('present: what cannot be listed is not run, never green', async () => {
  const unread = recovered();
  unread.cluster.kinds = unread.cluster.kinds.filter((one) => one.resource !== 'configmaps');
  assert.deepEqual(failures(await checksOf(unread)).slice(0, 1), ['not run UNREADABLE']);
});

test('kept: fails for an object that is collected in the settling time', async () => {
  const collected = recovered();
  const results = await checksOf(collected, [], () => collected.cluster.objects.delete(child));
  assert.deepEqual(failures(results), [`failed NOT-KEPT ${child}`]);
});

test('owners: fails for an owner whose UID does not exist, whatever its name', async () => {
  const stale = recovered();
  const { metadata } = stale.cluster.at(child);
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid: '01d00000-0000-4000-8000-000000000009' };
  stale.cluster.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, ownerReferences: [owner] } });
  assert.deepEqual(failures(await checksOf(stale)), [`failed OWNER-MISSING ${child}`]);
  const unknown = recovered();
  const thing = { ...owner, apiVersion: 'no.where/v1', kind: 'Thing' };
  unknown.cluster.seed({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, uid: unknown.cluster.uid(child), ownerReferences: [thing] },
  });
  assert.deepEqual(failures(await checksOf(unknown)), [`failed OWNER-MISSING ${child}`]);
});

test('owners: one outside of what was recovered is looked up and found', async () => {
  const living = recovered();
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    name: 'default',
    uid: living.cluster.uid('namespaces/default'),
  };
  const { metadata } = living.cluster.at(child);
  living.cluster.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, ownerReferences: [namespace] } });
  assert.deepEqual(failures(await checksOf(living)), []);
});

test('ready: fails where the rule does not hold; what needs kubelets is not run without a ready node', async () => {
  const rule = { kind: 'equals', path: '/data/id', value: 'db-1' } as const;
  const check = (value: string, needsKubelet: boolean): PlannedCheck => ({
    kind: 'ready',
    system: 'x',
    key: child,
    rule: { ...rule, value },
    needsKubelet,
  });
  assert.deepEqual(failures(await checksOf(recovered(), [check('db-1', false)])), []);
  assert.deepEqual(failures(await checksOf(recovered(), [check('db-2', false)])), [`failed NOT-READY ${child}`]);
  assert.deepEqual(failures(await checksOf(recovered(), [check('db-1', true)])), [`not run NEEDS-KUBELET ${child}`]);
  const withNode = recovered();
  withNode.cluster.seed({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
  assert.deepEqual(failures(await checksOf(withNode, [check('db-2', true)])), [`failed NOT-READY ${child}`]);
});

test('external: fails for another name of the thing outside, and for none', async () => {
  const check = (path: string, value: string): PlannedCheck => ({
    kind: 'external',
    system: 'x',
    key: child,
    path,
    value,
  });
  assert.deepEqual(failures(await checksOf(recovered(), [check('/data/id', 'db-1')])), []);
  assert.deepEqual(failures(await checksOf(recovered(), [check('/data/id', 'db-2')])), [
    `failed IDENTITY-CHANGED ${child}`,
  ]);
  assert.deepEqual(failures(await checksOf(recovered(), [check('/data/gone', 'db-1')])), [
    `failed IDENTITY-CHANGED ${child}`,
  ]);
});

test('count: fails for a surplus and for too few', async () => {
  const check = (expected: number): PlannedCheck => ({
    kind: 'count',
    system: 'x',
    group: '',
    version: 'v1',
    resource: 'configmaps',
    expected,
  });
  assert.deepEqual(failures(await checksOf(recovered(), [check(2)])), []);
  assert.deepEqual(failures(await checksOf(recovered(), [check(1)])), ['failed SURPLUS']);
  assert.deepEqual(failures(await checksOf(recovered(), [check(3)])), ['failed TOO-FEW']);
});

test('data: is never verified', async () => {
  const check: PlannedCheck = { kind: 'data', system: 'x', key: child, sentence: 'it would come back empty' };
  assert.deepEqual(failures(await checksOf(recovered(), [check])), [`not run DATA-NOT-RUN ${child}`]);
});
