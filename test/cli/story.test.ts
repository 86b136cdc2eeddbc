import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { load } from 'js-yaml';
import type { OpenOptions } from '../../src/cluster/open.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { RunResult } from '../../src/recover/result.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { PointManifest } from '../../src/vault/vault.ts';
import { rejection } from '../capture/scripted-cluster.ts';
import { things, world } from '../capture/world.ts';
import { BUILT_IN, kind } from '../recover/scripted-answers.ts';
import { ScriptedCluster } from '../recover/scripted-cluster.ts';
import { json, typed } from './typed.ts';

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-cli-'));
after(() => rmSync(folder, { recursive: true }));

const CLOUD = kind('example.org', 'v1', 'apiservices', 'APIService', false);
const KINDS = [...BUILT_IN, { ...CLOUD, group: 'apiregistration.k8s.io' }];

function cluster(uid: string): ScriptedCluster {
  const made = new ScriptedCluster();
  made.kinds = [...KINDS];
  made.fingerprintUid = uid as never;
  return made;
}
/** A team with a ConfigMap that owns another one. */
function production(): ScriptedCluster {
  const made = cluster('aaaa0000-0000-4000-8000-000000000001');
  made.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const metadata = { name: 'prices', namespace: 'shop', labels: { app: 'shop' } };
  const { metadata: owner } = made.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { tea: '3' } });
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'prices', uid: owner.uid }] as never;
  made.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'copy', namespace: 'shop', ownerReferences } });
  made.seed({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop' }, spec: {}, status: {} });
  return made;
}
const desk = () => {
  const contexts = { production: production(), new: cluster('bbbb0000-0000-4000-8000-000000000002') };
  const env = { SEAWORTHY_VAULT: 'memory:', XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
  return { contexts, env, vault: openVault('memory:') };
};

describe('a cluster is captured, looked at, planned and brought back by commands alone', () => {
  const at = desk();
  const planFile = join(folder, 'plan.json');

  test('capture says that the vault is not encrypted, how far it is, and which command comes next', async () => {
    const { exit, out, err } = await typed('capture --context production', at);
    assert.equal(exit, 0, err);
    assert.match(out, /^point {7}\d{8}T\d{6}Z-[0-9a-f]{8}\n/);
    assert.match(out, /\ncomplete {4}yes\n/);
    assert.match(err, /^note: .* is not encrypted: .* every Secret of scripted\n/);
    assert.match(err, /\nnext: seaworthy plan --point latest --context TARGET\n$/);
  });

  test('points list and show tell the same in text, JSON and YAML', async () => {
    const { points } = json<{ points: readonly PointManifest[] }>(await typed('points list -o json', at));
    assert.equal(points.length, 1);
    const { id, objects } = points[0] as PointManifest;
    assert.match((await typed('points list', at)).out, new RegExp(`\\n${id} .* ${objects} .* yes `));
    const shown = await typed(`points show ${id.slice(0, 18)}`, at);
    assert.equal(shown.exit, 0);
    assert.match(shown.out, /\nconfigmaps +v1 +2 {2}of the point\n/);
    const told = json<{ point: PointManifest }>(await typed('points show latest -o json', at));
    assert.deepEqual(load((await typed('points show -o yaml', at)).out), told);
    assert.equal(told.point.id, id);
    const unknown = await typed('points show 1999', at);
    assert.equal(unknown.exit, 2);
    assert.match(unknown.err, /POINT-UNKNOWN/);
  });

  test('points diff tells what was added, removed, made anew and changed, and the fields of one object', async () => {
    const { production: lost } = at.contexts;
    const [{ id: before }] = json<{ points: [PointManifest] }>(await typed('points list -o json', at)).points;
    const { metadata } = lost.at('configmaps/shop/prices');
    lost.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { tea: '4' } });
    lost.seed({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'fresh', namespace: 'shop' } });
    lost.seed({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop' }, spec: {} });
    assert.equal((await typed('capture --context production', at)).exit, 0);
    const { out, err } = await typed(`points diff ${before} latest`, at);
    assert.equal(out, '+ configmaps/shop/fresh\n! pods/shop/p\n~ configmaps/shop/prices\n');
    assert.match(err, /1 added, 0 removed, 1 made anew, 1 changed/);
    const back = json<{ removed: string[] }>(await typed(`points diff latest ${before} -o json`, at));
    assert.deepEqual(back.removed, ['configmaps/shop/fresh']);
    const one = await typed(`points diff ${before} latest --key configmaps/shop/prices`, at);
    assert.equal(one.out, '/data/tea\n  - "3"\n  + "4"\n');
    assert.equal((await typed(`points diff ${before} latest --key configmaps/shop/none`, at)).exit, 2);
  });

  test('plan writes nothing, keeps the plan in a file, and names the command that carries it out', async () => {
    const { exit, out, err } = await typed(`plan --context new --out ${planFile}`, at);
    assert.equal(exit, 0, err);
    assert.match(out, /\ninto {4}scripted \(v1\.34\.4, fingerprint bbbb0000/);
    assert.match(out, /\nidentity +create +configmaps +3\n/);
    assert.ok(err.endsWith(`next: seaworthy recover --plan ${planFile} --context new\n`), err);
    assert.deepEqual(at.contexts.new.writes, []);
    assert.equal(statSync(planFile).mode & 0o777, 0o600);
    const plan = json<Plan>(await typed('plan --context new -o json', at));
    assert.equal(readFileSync(planFile, 'utf8'), (await typed('plan --context new -o json', at)).out);
    assert.deepEqual(load((await typed('plan --context new -o yaml', at)).out), plan);
    const tree = (await typed('plan --context new -o tree', at)).out;
    assert.match(tree, /create configmaps\/shop\/prices\n {2}└─ create configmaps\/shop\/copy\n/);
  });

  test('plan explain says everything of one object, from a file or anew, and helps with a key that is not right', async () => {
    const key = 'configmaps/shop/copy';
    const { exit, out } = await typed(`plan explain ${key} --plan ${planFile}`, at);
    assert.equal(exit, 0);
    assert.match(out, /\n {2}owner configmaps\/shop\/prices: relinked\n/);
    assert.equal((await typed(`plan explain ${key} --context new`, at)).out, out);
    const { lines } = json<{ lines: string[] }>(await typed(`plan explain ${key} --plan ${planFile} -o json`, at));
    assert.equal(`${lines.join('\n')}\n`, out);
    const wrong = await typed(`plan explain configmap/shop/copy --plan ${planFile}`, at);
    assert.equal(wrong.exit, 2);
    assert.match(wrong.err, /KEY-UNKNOWN.*\nhint: Perhaps configmaps\/shop\/copy\./);
  });

  test('a plan that someone changed is refused', async () => {
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, readFileSync(planFile, 'utf8').replace('"namespace":"shop"', '"namespace":"other"'));
    const { exit, err } = await typed(`recover --plan ${changed} --context new`, at);
    assert.equal(exit, 1);
    assert.match(err, /PLAN-DAMAGED/);
    assert.deepEqual(at.contexts.new.writes, []);
  });

  test('a dry run stores nothing, and what could not be tried is not green', async () => {
    const { exit, out, err } = await typed(`recover --plan ${planFile} --context new --dry-run`, at);
    assert.equal(exit, 3);
    assert.match(out, /\naccepted +1\nrefused +0\nnot run +\d+\n/);
    assert.match(err, /nothing was stored\n$/);
    assert.throws(() => at.contexts.new.at('namespaces/shop'));
  });

  test('recover brings it back, relinked, and tells every check', async () => {
    const { exit, out, err } = await typed(`recover --plan ${planFile} --context new --settle 0`, at);
    const { new: target } = at.contexts;
    const [owner] = target.at('configmaps/shop/copy').metadata.ownerReferences ?? [];
    assert.equal(owner?.uid, target.uid('configmaps/shop/prices'));
    assert.match(out, /^STEPS +COUNT\ndone +\d+\n/);
    assert.match(out, /\npresent +\d+ +0 +0\n/);
    assert.match(err, /\nlog: .*runs\//);
    assert.ok(exit === 0 || exit === 3, String(exit));
  });

  test('run again it writes nothing, and says so as JSON', async () => {
    const { writes } = at.contexts.new;
    const before = writes.length;
    const again = await typed('recover --point latest --context new --settle 0 -o json', at);
    const result = json<RunResult & { target: { fingerprint: string } }>(again);
    assert.equal(again.exit, result.exit);
    assert.equal(writes.length, before);
    assert.equal(result.counts.failed + result.counts.blocked, 0);
    assert.ok(result.adopted.length >= 4);
    assert.match(result.target.fingerprint, /^bbbb0000/);
  });

  test('a plan for one cluster is not carried out on another', async () => {
    const elsewhere = { ...at, contexts: { new: cluster('cccc0000-0000-4000-8000-000000000003') } };
    const { exit, err } = await typed(`recover --plan ${planFile} --context new`, elsewhere);
    assert.equal(exit, 1);
    assert.match(err, /WRONG-CLUSTER/);
    assert.deepEqual(elsewhere.contexts.new.writes, []);
  });
});

test('a selection is passed on, and one that matches nothing is refused', async () => {
  const at = desk();
  await typed('capture --context production', at);
  const none = await typed('plan --context new -n nowhere', at);
  assert.equal(none.exit, 1);
  assert.match(none.err, /NOTHING-SELECTED: .*namespaces nowhere/);
  const some = json<Plan>(await typed('plan --context new -n shop -l app=shop --field-ownership none -o json', at));
  const selection = { namespaces: ['shop'], selector: 'app=shop' };
  assert.deepEqual(some.policy, { selection, fieldOwnership: 'none' });
  assert.ok(some.omissions.some(({ key, reason }) => key === 'pods/shop/p' && reason.code === 'NOT-SELECTED'));
  const { err } = await typed('plan --context new -n shop -l app=shop --field-ownership none', at);
  assert.match(err, /recover --point \S+ -n shop -l app=shop --field-ownership none --context new\n$/);
});

test('an incomplete point is kept, names what is missing, and needs consent', async () => {
  const refused = things([], { script: () => rejection(403, 'things is forbidden', 'Forbidden') });
  const at = { ...desk(), contexts: { production: world([refused]), new: cluster('bbbb') } };
  const captured = await typed('capture --context production', at);
  assert.equal(captured.exit, 3);
  assert.match(captured.err, /the point is incomplete: 1 resource missing\n {2}things\.example\.org: LIST-FORBIDDEN: /);
  assert.match(captured.out, /\ncomplete {4}NO\n/);
  assert.equal((await typed('points show', at)).exit, 3);
  const planned = await typed('plan --context new', at);
  assert.equal(planned.exit, 1);
  assert.match(planned.err, /refused: POINT-INCOMPLETE: [\s\S]*--accept-incomplete/);
  assert.doesNotMatch(planned.err, /next:/);
  const accepted = await typed('plan --context new --accept-incomplete', at);
  assert.notEqual(accepted.exit, 1);
  assert.match(accepted.err, /next: .* --accept-incomplete/);
  assert.match((await typed('recover --point latest --context new', at)).err, /POINT-INCOMPLETE/);
});

test('context flags reach the cluster as kubectl means them; -n does not', async () => {
  const seen: OpenOptions[] = [];
  const at = { ...desk(), onOpen: (options: OpenOptions) => seen.push(options) };
  await typed('capture --context production --as eve --as-group a --as-group b --request-timeout 5s -s https://x', at);
  await typed('plan --context new -n shop --insecure-skip-tls-verify', at);
  assert.deepEqual(seen, [
    { context: 'production', as: 'eve', asGroup: ['a', 'b'], requestTimeout: '5s', server: 'https://x' },
    { context: 'new', insecureSkipTlsVerify: true },
  ]);
});

test('Ctrl-C during a recovery ends it with 130 and the command that goes on; that command finishes it', async () => {
  const at = desk();
  await typed('capture --context production', at);
  let interrupt: () => void = () => undefined;
  const { new: target } = at.contexts;
  target.script = ({ number }) => {
    if (number === 2) interrupt();
    return 'through';
  };
  const onListening = (listener: () => void) => {
    interrupt = listener;
  };
  const line = 'recover --point latest --context new --settle 0 --token geheim';
  const stopped = await typed(line, { ...at, onListening });
  assert.equal(stopped.exit, 130, stopped.err);
  assert.match(stopped.err, /stopping: .*Ctrl-C again kills/);
  assert.ok(
    /hint: Go on with: seaworthy recover --point \d{8}T\d{6}Z-[0-9a-f]{8} --context new --settle 0 --token TOKEN\n$/.test(
      stopped.err,
    ),
    stopped.err,
  );
  target.script = () => 'through';
  const resumed = await typed(line, at);
  assert.match(resumed.err, /\nresuming the run in /);
  assert.notEqual(resumed.exit, 130);
  assert.equal(
    target.at('configmaps/shop/copy').metadata.ownerReferences?.[0]?.uid,
    target.uid('configmaps/shop/prices'),
  );
});
