import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { staleOwners } from '../../bench/children/stale-owners.ts';
import { platform } from '../../bench/worlds/platform.ts';
import { isJsonObject, type JsonObject } from '../../src/objects/json.ts';
import type { RehearsalReport } from '../../src/rehearsal/report.ts';
import type { PointReader, Vault } from '../../src/vault/vault.ts';
import { creating, fateOf, rehearsed, vaultOf } from './rehearsed.ts';

let vault: Vault;
let reader: PointReader;
before(async () => {
  vault = await vaultOf(await platform({ objects: 0, claims: 1, databases: 2, applications: 1, owned: 2 }));
  reader = await vault.open('latest');
});
after(() => vault.close());

const statusOf = ({ checks }: RehearsalReport, id: string): string => {
  const found = checks.find((one) => one.id.startsWith(id));
  return found === undefined ? 'no such check' : `${found.status} ${found.code}`;
};
const DATABASE = 'clusters.postgresql.cnpg.io/databases/db-0';

describe('a platform into an empty cluster', () => {
  let report: RehearsalReport;
  before(async () => {
    report = await rehearsed(reader);
  });

  test('comes back whole: operators are held, released and act', () => {
    const { refused, blocked, withheld, collected, deleted, replaced, accepted } = report.counts;
    assert.deepEqual([refused, blocked, withheld, collected, deleted, replaced], [0, 0, 0, 0, 0, 0]);
    assert.ok(accepted > 40);
    assert.equal(fateOf(report, 'tenants.platform.example.com/teams/tenant-0').outcome, 'accepted');
    assert.deepEqual(
      report.checks.filter(({ status }) => status === 'failed'),
      [],
    );
  });

  test('finds what stands outside again: nothing is created, deleted or paid for twice', () => {
    assert.deepEqual(report.outside, { created: [], deleted: [], twice: [] });
    const verified = report.checks.filter(({ kind, status }) => kind === 'external' && status === 'verified');
    assert.equal(verified.length, 3);
  });

  test('keeps every password, under its old name and under the new UID', () => {
    assert.deepEqual([report.secrets.changed, report.secrets.gone], [[], []]);
    assert.ok(report.objects.some(({ copyOf, outcome }) => copyOf !== undefined && outcome === 'accepted'));
  });

  test('says of databases that they start, and claims no data', () => {
    assert.deepEqual(
      report.databases.map(({ key, phase, data }) => [key.slice(-4), phase, data]),
      [
        ['db-0', 'Cluster in healthy state', 'not run'],
        ['db-1', 'Cluster in healthy state', 'not run'],
      ],
    );
    assert.equal(statusOf(report, `data ${DATABASE}`), 'not run DATA-NOT-RUN');
    assert.equal(report.exit, 3);
    assert.deepEqual(
      report.assumed.map(({ flag }) => flag),
      ['accept-empty-databases'],
    );
  });

  test('names who makes what by itself, and who changes what was written', () => {
    const jobs = report.made.find(
      ({ by, resource }) => by === 'cloudnative-pg' && resource === 'persistentvolumeclaims',
    );
    assert.equal(jobs?.keys.length, 2);
    const composite = report.objects.find(({ key }) => key.startsWith('nopresources.') && key.includes('tenant-0'));
    assert.equal(composite?.outcome, 'accepted');
  });

  test('a minute of settling takes no minute, and the estimate says where its rate is from', () => {
    assert.ok(report.tookSeconds < 50, `${report.tookSeconds} s`);
    const { writes, seconds, settleSeconds, from } = report.estimate;
    assert.ok(writes > 80 && seconds > settleSeconds && settleSeconds === 10);
    assert.match(from, /1,650 small writes/);
  });
});

describe('a recovery that goes wrong', () => {
  test('stale owners are collected, each with the owner that is missing', async () => {
    const report = await rehearsed(reader, {
      bend: ({ cluster }) => {
        const bad = staleOwners(cluster);
        return {
          cluster: new Proxy(cluster, {
            get(target, name) {
              if (name === 'create')
                return (at: { namespace?: string }, ...rest: [never, never]) =>
                  (at.namespace === 'tangled' ? bad : target).create(at as never, ...rest);
              const value: unknown = Reflect.get(target, name, target);
              return typeof value === 'function' ? value.bind(target) : value;
            },
          }),
        };
      },
    });
    assert.equal(report.counts.collected, 2);
    const fate = fateOf(report, 'configmaps/tangled/owned-0');
    assert.equal(fate.reason?.code, 'COLLECTED');
    assert.match(
      fate.reason?.sentence ?? '',
      /is deleted by garbage-collector-controller: its owner ConfigMap root \(0000dead-.+\) does not exist/,
    );
    assert.equal(report.exit, 3);
  });

  test('an identity that is lost makes a second thing, and the report counts it', async () => {
    const report = await rehearsed(reader, { bend: ({ cluster }) => ({ cluster: creating(cluster, forgetful) }) });
    assert.deepEqual(
      report.outside.created.map(({ kind }) => kind),
      ['db'],
    );
    assert.equal(report.outside.twice.length, 1);
    assert.equal(report.outside.twice[0]?.length, 2);
    assert.equal(statusOf(report, 'external nopresources.nop.crossplane.io'), 'failed IDENTITY-CHANGED');
    assert.equal(report.exit, 3);
  });

  test('a database that hangs on an object store is not run, whatever its model says', async () => {
    const report = await rehearsed(reader, {
      bend: (stage) => ({
        unknown: (system, object) => stage.unknown(system, withStore(object as never) as never),
      }),
    });
    assert.deepEqual(
      report.databases.map(({ phase, data }) => [phase, data]),
      [
        ['not run', 'not run'],
        ['not run', 'not run'],
      ],
    );
    assert.equal(statusOf(report, `ready ${DATABASE}`), 'not run OUTSIDE-UNKNOWN');
  });

  test('without nodes no operator runs: what they would do is not run, and never green', async () => {
    const report = await rehearsed(reader, { stage: { nodes: false } });
    assert.equal(statusOf(report, 'external nopresources'), 'not run NOBODY-RUNS-IT');
    assert.equal(statusOf(report, 'model tenants.platform.example.com'), 'not run NOBODY-RUNS-IT');
    assert.equal(report.databases[0]?.phase, 'not run');
    assert.equal(report.exit, 3);
  });
});

/** Crossplane's managed resource of a generated identity comes without it. */
function forgetful(body: JsonObject): JsonObject {
  const metadata = body.metadata;
  if (body.kind !== 'NopResource' || !isJsonObject(metadata) || !isJsonObject(metadata.annotations)) return body;
  const name = 'crossplane.io/external-name';
  if (!String(metadata.annotations[name]).startsWith('db-')) return body;
  const { [name]: _, ...annotations } = metadata.annotations;
  return { ...body, metadata: { ...metadata, annotations } };
}

function withStore(cluster: { readonly spec: object }): object {
  return { ...cluster, spec: { ...cluster.spec, backup: { barmanObjectStore: { destinationPath: 's3://backups' } } } };
}
