import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { planDigest } from '../src/plan/make-plan.ts';
import type { Plan } from '../src/plan/plan.ts';
import { play } from './play.ts';
import { Story } from './story.ts';

const TENANTS = 3;
const folder = await mkdtemp(join(tmpdir(), 'seaworthy-demo-test-'));
after(() => rm(folder, { recursive: true }));
const quiet = (): Story => new Story(() => undefined, false);
const own = (): Promise<string> => mkdtemp(join(folder, 'run-'));
const share = (good: number, all: number) => ({ good, all });

describe('the demo on three tenants', async () => {
  const played = await play(quiet(), { tenants: TENANTS, folder: await own() });

  test('the incident takes Namespaces, databases, volumes and rows, and asks nothing of the cloud', () => {
    const { before, after: left, cloudDeletes, archivedRows, silentlyUnarchived } = played.incident;
    assert.equal(before.namespaces - left.namespaces, TENANTS);
    assert.equal(before.deployments - left.deployments, TENANTS);
    assert.deepEqual([before.databases, before.volumes, before.rows], [3, 3, 120]);
    assert.deepEqual([left.databases, left.volumes, left.rows], [0, 0, 0]);
    assert.deepEqual([cloudDeletes, archivedRows, silentlyUnarchived], [0, 100, 1]);
  });

  test("Velero's rules end in the two states of lab 5 and the silent duplicates of lab 6", () => {
    const { velero, restored, refusals } = played;
    assert.deepEqual(restored.failed, []);
    assert.deepEqual(
      velero.phases,
      new Map([
        ['Waiting for the instances to become active', 2],
        ['Unable to create required cluster objects', 1],
      ]),
    );
    const sentence = 'refusing to reconcile service: orders-r, not owned by the cluster';
    assert.ok(refusals.length > 1 && refusals.every((line) => line.includes(sentence)));
    assert.deepEqual(velero.databasesAccepted, share(0, TENANTS));
    assert.deepEqual([velero.createdTwice, velero.cloudCreates, velero.cloudDeletes], [6, 6, 0]);
    assert.deepEqual(velero.claimsReady, share(TENANTS, TENANTS));
    assert.deepEqual(velero.passwordsKept, share(TENANTS, 2 * TENANTS));
    assert.ok(velero.ownersRight.good < velero.ownersRight.all / 2);
    assert.ok(velero.objectsBack.good > 0.95 * velero.objectsBack.all, 'the objects themselves do come back');
  });

  test("Seaworthy's column is whole, and the data of databases is not run", () => {
    const { seaworthy, rows, good } = played;
    for (const name of ['objectsBack', 'ownersRight', 'fieldsKept', 'databasesAccepted', 'passwordsKept'] as const)
      assert.ok(seaworthy[name].all > 0 && seaworthy[name].good === seaworthy[name].all, name);
    assert.deepEqual([seaworthy.createdTwice, seaworthy.cloudCreates, seaworthy.cloudDeletes], [0, 0, 0]);
    assert.equal(rows.find(({ what }) => what.startsWith('rows'))?.seaworthy, 'not run (0 of 120 there)');
    assert.ok(good);
  });
});

/** Every owner reference is forgotten, as by a planner that does not relink. */
function withoutOwners(plan: Plan): Plan {
  const steps = plan.steps.map((step) =>
    'writing' in step ? { ...step, writing: { ...step.writing, owners: [] } } : step,
  );
  const altered = { ...plan, steps };
  return { ...altered, digest: planDigest(altered) };
}

test('a Seaworthy that forgets owners turns the demo red', async () => {
  const { rows, good } = await play(quiet(), { tenants: 2, folder: await own(), alterPlan: withoutOwners });
  const bad = rows.filter((row) => row.good === false).map(({ what }) => what);
  assert.ok(bad.includes('owners right') && bad.includes('databases accepted by their operator'), bad.join());
  assert.equal(good, false);
});
