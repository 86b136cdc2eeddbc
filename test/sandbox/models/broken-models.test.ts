import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capturedObjects } from '../../../bench/models/captured.ts';
import { playCnpg } from '../../../bench/models/cnpg-play.ts';
import { CNPG_ROWS } from '../../../bench/models/cnpg-rows.ts';
import { playCrossplane } from '../../../bench/models/crossplane-play.ts';
import { CROSSPLANE_ROWS } from '../../../bench/models/crossplane-rows.ts';
import { type CrossplaneOptions, CrossplaneWorld } from '../../../bench/models/crossplane-world.ts';
import { differences } from '../../../bench/models/judge.ts';
import { playRestore } from '../../../bench/models/restore-play.ts';
import { RESTORE_ROWS } from '../../../bench/models/restore-rows.ts';
import type { ReconcileOptions } from '../../../src/sandbox/controllers/cnpg/reconcile.ts';
import type { ControllerMaker } from '../../../src/sandbox/controllers/controller.ts';
import { garbageCollector } from '../../../src/sandbox/controllers/garbage-collector.ts';
import { jobController } from '../../../src/sandbox/controllers/job.ts';
import { persistentVolumeBinder } from '../../../src/sandbox/controllers/persistent-volumes.ts';

/** A row that cannot turn red proves nothing: each of these breaks one thing and looks for the rows that must notice. */
const [pg, xp] = [capturedObjects('cnpg-cluster'), capturedObjects('crossplane-cluster')];
const skip = pg === undefined || xp === undefined ? 'no captured clusters in ../shared/data' : false;

async function brokenCnpg(part: string, options: ReconcileOptions): Promise<readonly string[]> {
  const row = CNPG_ROWS.find((one) => one.row.includes(part));
  assert.ok(row !== undefined && pg !== undefined);
  const simulated = await playCnpg(pg, row, options);
  return differences([{ table: '5', row: row.row, recorded: row.recorded, simulated }]).map(({ what }) => what);
}
async function brokenCrossplane(part: string, options: CrossplaneOptions): Promise<readonly string[]> {
  const row = CROSSPLANE_ROWS.find((one) => one.row.includes(part));
  assert.ok(row !== undefined && xp !== undefined);
  const world = await CrossplaneWorld.open(xp, options);
  const simulated = await playCrossplane(world, row);
  await world.close();
  return differences([{ table: '6', row: row.row, recorded: row.recorded, simulated }]).map(({ what }) => what);
}
async function brokenRestore(part: string, without: ControllerMaker): Promise<readonly string[]> {
  const row = RESTORE_ROWS.find((one) => one.row.includes(part));
  assert.ok(row !== undefined);
  const simulated = await playRestore(row, [without]);
  return differences([{ table: '8', row: row.row, recorded: row.recorded, simulated }]).map(({ what }) => what);
}

test('an operator that does not refuse foreign Services is noticed', { skip }, async () => {
  assert.ok((await brokenCnpg('without the PVC', { refusesForeignServices: false })).includes('phase'));
});

test('an operator that does not adopt orphan volumes is noticed', { skip }, async () => {
  assert.ok((await brokenCnpg('with the PVC (empty', { adoptsOrphans: false })).includes('PVC owners'));
});

test('without the garbage collector stale owners do no harm, and that is noticed', { skip }, async () => {
  const wrong = await brokenCrossplane('only the garbage collector', { garbage: false });
  assert.ok(wrong.includes('managed resources being deleted'));
  assert.ok(wrong.includes('connection Secrets'));
});

test('a Crossplane that names what it composes at random, or does not, is noticed where versions differ', {
  skip,
}, async () => {
  const wrong = await brokenCrossplane('stale owner UIDs, everything running', { version: '2.3.4' });
  assert.ok(wrong.some((what) => what.startsWith('said: cannot compose resources')));
});

test('a provider that forgets external-name, or a claim that ignores its saved composite, is noticed', {
  skip,
}, async () => {
  assert.ok((await brokenCrossplane('relinked, Crossplane stopped', { break: 'external-name' })).includes('creates'));
  assert.ok((await brokenCrossplane('relinked, Crossplane stopped', { break: 'resourceRef' })).length > 0);
});

test('each controller of lab 8 is missed when it does not run', async () => {
  assert.deepEqual(await brokenRestore('PV with', persistentVolumeBinder), ['hostPath', 'CSI']);
  assert.deepEqual(await brokenRestore('a Complete Job', jobController), ['Pods started']);
  assert.deepEqual(await brokenRestore('owner in another namespace', garbageCollector), ['child in another namespace']);
});
