import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openVault } from '../../src/vault/open-vault.ts';
import { advance, codes, many, recordOf, take } from './captures.ts';
import { rejection } from './scripted-cluster.ts';
import { apiService, configMaps, crd, object, things, world } from './world.ts';

describe('which resources and versions are read', () => {
  test('every resource once, in the preferred version; subresources and what cannot be listed never', async () => {
    const cluster = world([
      things(many(2)),
      {
        group: 'authorization.k8s.io',
        versions: ['v1'],
        resource: 'subjectaccessreviews',
        kind: 'SubjectAccessReview',
        verbs: ['create'],
      },
    ]);
    const point = await take(cluster);
    assert.ok(point.complete);
    assert.deepEqual(
      [recordOf(point, 'things.example.org')?.version, recordOf(point, 'things.example.org')?.served],
      ['v2', ['v1']],
    );
    assert.deepEqual(point.skipped, [
      { resource: 'subjectaccessreviews.authorization.k8s.io', rule: 'NO-LIST', count: 'not counted' },
    ]);
    assert.ok(!cluster.asked.some(({ resource }) => resource.includes('reviews')));
  });

  for (const [story, script, version] of [
    ['in its storage version when a webhook converts', { webhook: true, storage: 'v1' }, 'v1'],
    ['in the preferred version when that storage version is not served', { webhook: true, storage: 'v0' }, 'v2'],
    ['in its storage version also when nothing needs converting', { webhook: false, storage: 'v1' }, 'v1'],
  ] as const)
    test(`a custom resource is read ${story}`, async () => {
      const crds = [crd({ group: 'example.org', plural: 'things', versions: ['v0', 'v1', 'v2'], ...script })];
      const point = await take(world([things(many(1))], { crds }));
      assert.equal(recordOf(point, 'things.example.org')?.version, version);
      assert.ok(point.complete);
    });

  test('rules leave out events, leases, component statuses and metrics, with how many there were', async () => {
    const builtIn = (group: string, resource: string, count: number) =>
      things(many(count, resource), {
        group,
        resource,
        versions: ['v1'],
        announced: () => (resource === 'leases' ? undefined : count),
      });
    const cluster = world([
      builtIn('', 'events', 7),
      builtIn('events.k8s.io', 'events', 7),
      builtIn('coordination.k8s.io', 'leases', 3),
      builtIn('', 'componentstatuses', 3),
      builtIn('metrics.k8s.io', 'pods', 5),
      builtIn('custom.metrics.k8s.io', 'things', 5),
      builtIn('', 'endpoints', 2),
      builtIn('discovery.k8s.io', 'endpointslices', 2),
      builtIn('example.org', 'events', 4),
    ]);
    const point = await take(cluster);
    assert.ok(point.complete);
    assert.deepEqual(
      point.skipped.map(({ resource, rule, count }) => `${resource} ${rule} ${count}`),
      [
        'componentstatuses COMPONENT-STATUSES not counted',
        'events EVENTS 7',
        'events.events.k8s.io EVENTS 7',
        'leases.coordination.k8s.io LEASES not counted',
        'pods.metrics.k8s.io METRICS not counted',
        'things.custom.metrics.k8s.io METRICS not counted',
      ],
    );
    assert.deepEqual(
      ['endpoints', 'endpointslices.discovery.k8s.io', 'events.example.org'].map(
        (name) => recordOf(point, name)?.count,
      ),
      [2, 2, 4],
    );
    assert.ok(
      cluster.asked
        .filter(({ resource }) => /events$|events.k8s|leases/.test(resource))
        .every(({ limit }) => limit === 1),
    );
  });

  test('an object that stands in two groups is kept once, under the group that the server names first', async () => {
    const shared = many(4, 'ingress');
    const own = object('only-old');
    const ingresses = (group: string, objects: typeof shared) =>
      things(objects, { group, resource: 'ingresses', versions: ['v1'] });
    const vault = openVault('memory:');
    const point = await take(
      world([ingresses('networking.k8s.io', shared), ingresses('extensions', [...shared, own])]),
      { vault, parallel: 8 },
    );
    assert.ok(point.complete);
    assert.equal(recordOf(point, 'ingresses.networking.k8s.io')?.count, 4);
    assert.equal(recordOf(point, 'ingresses.extensions')?.count, 1);
    assert.deepEqual(point.skipped, [{ resource: 'ingresses.extensions', rule: 'SAME-OBJECT', count: 4 }]);
    const { entries } = await vault.open('latest');
    assert.equal(new Set(entries.map(({ uid }) => uid)).size, entries.length);
  });

  test('a CRD that was made just before the revision is not left out', async () => {
    const crds = [crd({ group: 'example.org', plural: 'things', versions: ['v1'], storage: 'v1' })];
    const cluster = world([], { crds });
    cluster.onDiscovery = (times) => {
      if (times === 2) cluster.resources.push(things(many(3), { versions: ['v1'] }));
    };
    const point = await take(cluster);
    assert.equal(recordOf(point, 'things.example.org')?.count, 3);
    assert.ok(point.complete);
  });

  test('a CRD none of whose versions is served makes the point incomplete', async () => {
    const crds = [
      crd({ group: 'example.org', plural: 'hidden', versions: ['v1'], served: [], storage: 'v1' }),
      crd({ group: 'example.org', plural: 'never', versions: ['v1'], storage: 'v1', established: false }),
    ];
    assert.deepEqual(codes(await take(world([], { crds }))), ['hidden.example.org NOT-SERVED']);
  });
});

describe('APIs that are not the API server’s own', () => {
  const services = [
    apiService('example.org', 'v2', 'their-server'),
    apiService('example.org', 'v1', 'their-server'),
    apiService('', 'v1', undefined),
  ];

  test('are listed without a revision and recorded so', async () => {
    const cluster = world([things(many(2)), configMaps(many(1))], { services });
    cluster.resources.push(things(many(1), { group: 'bare.org', script: () => undefined }));
    const point = await take(cluster);
    assert.ok(point.complete);
    assert.equal(cluster.asked.find(({ resource }) => resource === 'things.example.org')?.exact, undefined);
    assert.deepEqual(recordOf(point, 'things.example.org')?.revision, { kind: 'own', revision: '100' });
    assert.equal(cluster.asked.find(({ resource }) => resource === 'configmaps')?.exact, '100');
  });

  test('make the point incomplete when they do not answer, and the rest is captured', async () => {
    const cluster = world(
      [things(many(2), { script: () => rejection(503, 'service unavailable') }), configMaps(many(4))],
      { services },
    );
    cluster.dead = [
      { group: 'dead.example.org', version: 'v1', why: 'the server is currently unable to handle the request' },
    ];
    const point = await take(cluster);
    assert.ok(!point.complete);
    assert.deepEqual(codes(point), ['dead.example.org/v1 GROUP-DEAD', 'things.example.org GROUP-UNAVAILABLE']);
    assert.equal(recordOf(point, 'configmaps')?.count, 4);
  });

  test('that a rule leaves out anyway may be dead', async () => {
    const cluster = world([configMaps(many(1))]);
    cluster.dead = ['metrics.k8s.io', 'custom.metrics.k8s.io', 'external.metrics.k8s.io'].map((group) => ({
      group,
      version: 'v1beta1',
      why: 'dead',
    }));
    const point = await take(cluster);
    assert.ok(point.complete);
    assert.deepEqual(
      point.dead.map(({ rule }) => rule),
      ['METRICS', 'METRICS', 'METRICS'],
    );
  });

  test('a resource that refuses an exact revision is listed without and recorded so', async () => {
    for (const status of [400, 404, 405, 422]) {
      const script = ({ exact }: { exact: string | undefined }) =>
        exact === undefined ? undefined : rejection(status, 'no');
      const cluster = world([things(many(2), { script })], {
        crdScript: { script: () => advance(cluster, 5) },
      });
      const point = await take(cluster);
      assert.deepEqual(recordOf(point, 'things.example.org')?.revision, { kind: 'own', revision: '105' });
      assert.ok(point.complete, String(status));
    }
  });
});
