import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BUILT_IN, type World } from '../../bench/worlds/world.ts';
import { planText } from '../../src/plan/plan-text.ts';
import { planRecovery } from '../../src/recover/plan-recovery.ts';
import type { RehearsalReport } from '../../src/rehearsal/report.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { json, type Typed, typed } from '../cli/typed.ts';
import { captured, vaultOf } from './rehearsed.ts';

const labels = { app: 'web' };
const world: World = {
  kinds: BUILT_IN,
  objects: () => [
    captured(1, 'v1', 'Namespace', undefined, 'shop', { spec: {}, status: { phase: 'Active' } }),
    captured(2, 'v1', 'ConfigMap', 'shop', 'prices', { data: { tea: '3' } }),
    captured(3, 'v1', 'Secret', 'shop', 'login', { type: 'Opaque', data: { password: 'cHc=' } }),
    captured(4, 'apps/v1', 'Deployment', 'shop', 'web', {
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
      },
    }),
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-rehearse-'));
let vault: Vault;
let target: Sandbox;
before(async () => {
  vault = await vaultOf(world);
  target = await startSandbox({ seed: 4 });
});
after(async () => {
  await target.close();
  rmSync(folder, { recursive: true });
});
const type = (line: string): Promise<Typed> => {
  const cluster = target.cluster({ name: 'live' });
  // The desk's vault and cluster outlive each command.
  const kept = { ...vault, close: async () => undefined, open: vault.open.bind(vault) };
  return typed(line, { vault: Object.assign(Object.create(vault) as Vault, kept), contexts: { live: cluster } });
};

describe('seaworthy rehearse', () => {
  test('into an empty cluster: all green, exit 0, and the recovery that comes next', async () => {
    const { exit, out, err } = await type('rehearse --vault v');
    assert.equal(exit, 0, out + err);
    assert.match(out, /would come back, every check verified/);
    assert.match(out, /\naccepted +4\n/);
    assert.match(out, /replicaset-controller +pods +2\n/);
    assert.match(out, /secrets: 1 hold what they held, 0 changed, 0 gone/);
    assert.match(out, /duration: about 10 s: \d+ writes/);
    assert.match(err, /\nnext: seaworthy recover --vault v --point \d{8}T\d{6}Z-[0-9a-f]{8} --context CONTEXT\n$/);
  });

  test('tells every object with --all, and in JSON', async () => {
    assert.match((await type('rehearse --vault v --all')).out, /\naccepted +configmaps\/shop\/prices\n/);
    const report = json<RehearsalReport>(await type('rehearse --vault v -n shop -o json'));
    assert.equal(report.objects.length, 4);
    assert.equal(report.counts.accepted, 4);
    assert.deepEqual(report.policy.selection, { namespaces: ['shop'] });
  });

  test('like a living target it writes nothing there, and the next command names its context', async () => {
    const revision = (await target
      .cluster()
      .list({ group: '', version: 'v1', resource: 'namespaces' }, () => undefined)) as {
      end: { revision: string };
    };
    const { exit, out, err } = await type('rehearse --vault v --target-like live');
    assert.equal(exit, 0, out + err);
    assert.match(out, /rehearsed in a cluster like the target/);
    assert.match(out, new RegExp(`fingerprint ${await target.cluster().fingerprint()}`));
    assert.match(err, /target: reading live/);
    assert.match(err, /--context live\n$/);
    const now = await target.cluster().list({ group: '', version: 'v1', resource: 'namespaces' }, () => undefined);
    assert.equal(now.kind === 'complete' ? now.end.revision : '', revision.end.revision);
  });

  test('a reviewed plan is rehearsed as it is, with or without its target', async () => {
    const reader = await vault.open('latest');
    const policy = { selection: {}, fieldOwnership: 'all' } as const;
    const plan = await planRecovery({ cluster: target.cluster(), reader, policy });
    const file = join(folder, 'plan.json');
    writeFileSync(file, planText(plan));
    for (const line of [`rehearse --vault v --plan ${file}`, `rehearse --vault v --plan ${file} --target-like live`]) {
      const { exit, out, err } = await type(`${line} -o json`);
      assert.equal(exit, 0, err);
      assert.equal((JSON.parse(out) as RehearsalReport).plan, plan.digest);
      assert.ok(err.includes(`next: seaworthy recover --vault v --plan ${file}`));
    }
  });

  test('Ctrl-C ends it: exit 130, and nothing was written', async () => {
    const { exit, err } = await typed('rehearse --vault v', {
      vault: Object.assign(Object.create(vault) as Vault, {
        close: async () => undefined,
        open: vault.open.bind(vault),
      }),
      onListening: (interrupt) => setTimeout(interrupt, 1),
    });
    assert.equal(exit, 130);
    assert.match(err, /REHEARSAL-INTERRUPTED: .+nothing was written anywhere/);
  });

  test('contradictions are told before anything is opened', async () => {
    for (const [line, said] of [
      ['rehearse --vault v --plan a --point b', /either --plan FILE or --point POINT/],
      ['rehearse --vault v --plan a -n shop', /what is recovered stands in the plan/],
      ['rehearse --vault v --kubeconfig k', /--target-like/],
    ] as const) {
      const { exit, err } = await typed(line);
      assert.equal(exit, 2);
      assert.match(err, said);
    }
  });
});
