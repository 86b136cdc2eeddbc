import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commit, databaseOf } from '../../../src/sandbox/controllers/cnpg/database-life.ts';
import { type DatabaseCluster, database, databaseCluster, recoveryFrom } from './databases.ts';

const PREFIX = 's3://company/pg';
const HEALTHY = 'Cluster in healthy state';
const rowsOf = ({ sandbox, outside }: DatabaseCluster, name: string): readonly string[] | undefined =>
  databaseOf(sandbox.api, outside, 'db', name)?.rows;
const write = ({ sandbox, outside }: DatabaseCluster, name: string, ...rows: string[]): void =>
  commit(sandbox.api, outside, 'db', name, rows, sandbox.clock.now());
const backUp = async (at: DatabaseCluster, name: string): Promise<void> => {
  const metadata = { name: `${name}-1`, namespace: 'db' };
  await at.post({ apiVersion: 'postgresql.cnpg.io/v1', kind: 'Backup', metadata, spec: { cluster: { name } } });
  await at.sandbox.advance(5_000);
};

/** A shop with a base backup, a row before it and two after it. */
async function shop(): Promise<DatabaseCluster> {
  const production = await databaseCluster();
  await production.post(database('shop', {}));
  await production.sandbox.advance(120_000);
  write(production, 'shop', 'order 1');
  await backUp(production, 'shop');
  write(production, 'shop', 'order 2');
  write(production, 'shop', 'order 3');
  return production;
}

test('a new database is initialised by a Job, runs in a Pod and becomes healthy', async () => {
  const at = await databaseCluster();
  await at.post(database('shop', {}));
  await at.sandbox.advance(120_000);
  const { phase, conditions } = at.cluster('shop');
  assert.equal(phase, HEALTHY);
  assert.deepEqual(
    ['Ready', 'Initialized', 'ConsistentSystemID', 'ContinuousArchiving'].map(
      (type) => conditions?.find((one) => one.type === type)?.status,
    ),
    ['True', 'True', 'True', 'True'],
  );
  const claim = at.sandbox.api.get('persistentvolumeclaims' as never, 'db', 'shop-1');
  assert.equal(claim?.metadata.annotations?.['cnpg.io/pvcStatus'], 'ready');
  assert.deepEqual(rowsOf(at, 'shop'), []);
});

test('a recovery from the object store of a lost cluster has every archived row', async () => {
  const lost = await shop();
  const target = await databaseCluster(lost.outside.store);
  await target.post(database('shop', recoveryFrom('shop'), 'shop-again'));
  await target.sandbox.advance(180_000);
  assert.equal(target.cluster('shop').phase, HEALTHY);
  assert.deepEqual(rowsOf(target, 'shop'), ['order 1', 'order 2', 'order 3']);
});

test('a database bootstrapped anew is healthy and empty: only its rows tell', async () => {
  const lost = await shop();
  const target = await databaseCluster(lost.outside.store);
  await target.post(database('shop', {}, 'elsewhere'));
  await target.sandbox.advance(180_000);
  assert.equal(target.cluster('shop').phase, HEALTHY);
  assert.deepEqual(rowsOf(target, 'shop'), []);
});

test('a recovery that archives to where it comes from is stopped: expected empty archive', async () => {
  const lost = await shop();
  const target = await databaseCluster(lost.outside.store);
  await target.post(database('shop', recoveryFrom('shop')));
  await target.sandbox.advance(60_000);
  assert.equal(target.cluster('shop').phase, 'Setting up primary');
  assert.ok(
    target.log.some((line) => line.includes('WAL archive check failed for server shop: Expected empty archive')),
  );
  assert.equal(rowsOf(target, 'shop'), undefined);
});

test('a new database under the prefix of another runs, and its archiving fails', async () => {
  const lost = await shop();
  const target = await databaseCluster(lost.outside.store);
  await target.post(database('shop', {}));
  await target.sandbox.advance(180_000);
  const archiving = target.cluster('shop').conditions?.find(({ type }) => type === 'ContinuousArchiving');
  assert.deepEqual([target.cluster('shop').phase, archiving?.status], [HEALTHY, 'False']);
  assert.match(archiving?.message ?? '', /Expected empty archive/);
});

test('archiving that stops silently loses what came after it, and the condition stays True', async () => {
  const lost = await shop();
  lost.outside.store.stopArchiving(`${PREFIX}/shop`);
  write(lost, 'shop', 'order 4');
  await lost.sandbox.advance(60_000);
  const condition = lost.cluster('shop').conditions?.find(({ type }) => type === 'ContinuousArchiving');
  assert.equal(condition?.status, 'True');
  const target = await databaseCluster(lost.outside.store);
  await target.post(database('shop', recoveryFrom('shop'), 'shop-again'));
  await target.sandbox.advance(180_000);
  assert.deepEqual(rowsOf(target, 'shop'), ['order 1', 'order 2', 'order 3']);
});
