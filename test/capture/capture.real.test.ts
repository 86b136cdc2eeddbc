import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { capturePoint } from '../../src/capture/capture-point.ts';
import { incompleteness } from '../../src/capture/incompleteness.ts';
import { openCluster } from '../../src/cluster/open.ts';
import { splitResourceName } from '../../src/objects/key.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { ask } from '../control-plane/api.ts';
import { controlPlaneAvailable } from '../control-plane/fixture.ts';
import { kubectl } from '../control-plane/kubectl.ts';

import {
  bench,
  CONFIG_MAPS,
  CRDS,
  codes,
  configMap,
  crd,
  create,
  interrupted,
  NOWHERE,
  THING,
  until,
} from './real-cluster.ts';

const available = await controlPlaneAvailable();
const clock = { now: () => new Date() };

if (available.kind === 'unavailable')
  test('captures of a real API server', { skip: `${available.why} ${available.hint}` }, () => undefined);
else
  describe('a capture of a real API server', () => {
    test('holds the bytes of kubectl get --raw at its revision, and nothing that was made after the first list', async () => {
      await using it = await bench({ controllerManager: true });
      const { plane, cluster } = it;
      for (let i = 0; i < 1203; i += 100)
        await Promise.all(
          Array.from({ length: 100 }, (_, j) => create(plane, CONFIG_MAPS, configMap(`settings-${i + j}`))),
        );
      await create(plane, CRDS, crd('gadgets', 'v1', { strategy: 'None' }));
      const gadgets = '/apis/example.org/v2/namespaces/default/gadgets';
      await until('gadgets are served', async () => (await ask(plane, 'GET', gadgets)).status === 200);
      await create(plane, gadgets, THING('Gadgets', 'v2', 'one'));
      let made = 0;
      const busy = interrupted(cluster, async (resource) => {
        if (resource === 'namespaces') return;
        await create(plane, CONFIG_MAPS, configMap(`later-${made++}`));
        if (made === 1) await ask(plane, 'DELETE', `${CONFIG_MAPS}/settings-7`);
      });
      const vault = openVault('memory:');
      const point = await capturePoint({ cluster: busy, vault, clock });
      assert.deepEqual(codes(point), []);
      assert.ok(point.complete && made > 10);
      const reader = await vault.open('latest');
      const maps = reader.entries.filter(({ resource }) => resource === 'configmaps').map(({ name }) => name);
      assert.equal(maps.filter((name) => name.startsWith('settings-')).length, 1300);
      assert.ok(maps.includes('settings-7') && !maps.some((name) => name.startsWith('later-')));
      assert.ok(point.resources.every(({ revision }) => revision.kind === 'exact'));

      let compared = 0;
      for (const { resource, version, kind, count } of point.resources) {
        const { group, resource: plural } = splitResourceName(resource);
        const apiVersion = group === '' ? version : `${group}/${version}`;
        const path = `${group === '' ? '/api/v1' : `/apis/${apiVersion}`}/${plural}?resourceVersion=${point.revision}&resourceVersionMatch=Exact`;
        const answer = await kubectl('1.33', ['get', '--raw', path], { kubeconfig: plane.kubeconfig });
        const body = answer.kind === 'ran' ? answer.stdout : (await ask(plane, 'GET', path)).body;
        const texts: string[] = [];
        for (const { row } of reader.entries.filter((entry) => entry.resource === resource))
          texts.push(Buffer.from(await reader.read(row)).toString('utf8'));
        assert.equal(texts.length, count, resource);
        const given = `{"apiVersion":"${apiVersion}","kind":"${kind}",`;
        for (const text of texts) assert.ok(text.startsWith(given), `${resource}: ${text.slice(0, 80)}`);
        const typed = /"items":\[\{"apiVersion"/.test(body);
        const items = texts.map((text) => (typed ? text : `{${text.slice(given.length)}`));
        assert.ok(body.includes(`"items":[${items.join(',')}]`), `${resource} is byte for byte what kubectl gets`);
        compared += texts.length;
      }
      assert.equal(compared, point.objects);
      const skips = Object.fromEntries(point.skipped.map(({ resource, rule }) => [resource, rule]));
      assert.equal(skips.events, 'EVENTS');
      assert.equal(skips['leases.coordination.k8s.io'], 'LEASES');
      assert.equal(skips.componentstatuses, 'COMPONENT-STATUSES');
      assert.equal(skips['subjectaccessreviews.authorization.k8s.io'], 'NO-LIST');
      const uids = new Set(reader.entries.map(({ uid }) => uid));
      assert.equal(uids.size, reader.entries.length, 'every object once');
    });

    test('begins again at a new revision when etcd is compacted between two lists', async () => {
      await using it = await bench({ extraApiServerArgs: ['--feature-gates=ListFromCacheSnapshot=false'] });
      const { plane, cluster } = it;
      await create(plane, CONFIG_MAPS, configMap('before'));
      let rounds = 0;
      let compacted = '';
      const disturbed = interrupted(cluster, async (resource) => {
        if (resource === 'namespaces') rounds++;
        if (resource !== 'configmaps' || compacted !== '') return;
        const { body: text } = await ask(plane, 'GET', '/api/v1/namespaces?limit=1');
        compacted = (JSON.parse(text) as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
        await create(plane, CONFIG_MAPS, configMap('between'));
        await plane.compact();
        const old = `/api/v1/configmaps?resourceVersion=${compacted}&resourceVersionMatch=Exact`;
        await until('the old revision is gone', async () => (await ask(plane, 'GET', old)).status === 410);
      });
      const vault = openVault('memory:');
      const point = await capturePoint({ cluster: disturbed, vault, clock });
      assert.deepEqual(codes(point), []);
      assert.equal(rounds, 2);
      assert.ok(Number(point.revision) > Number(compacted));
      const { entries } = await vault.open('latest');
      assert.ok(entries.some(({ name }) => name === 'between'));
      assert.equal((await vault.points()).length, 1);
    });

    test('names a dead aggregated API, and passes over dead metrics', async () => {
      await using it = await bench();
      const { plane, cluster } = it;
      for (const [group, version] of [
        ['dead.example.org', 'v1'],
        ['metrics.k8s.io', 'v1beta1'],
      ]) {
        const service = { name: 'nothing', namespace: 'default', port: 443 };
        const spec = {
          group,
          version,
          service,
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
        };
        await create(plane, '/apis/apiregistration.k8s.io/v1/apiservices', {
          metadata: { name: `${version}.${group}` },
          spec,
        });
      }
      await until('discovery names both as dead', async () => (await cluster.discovery()).dead.length === 2);
      const point = await capturePoint({ cluster, vault: openVault('memory:'), clock });
      assert.equal(point.complete, false);
      assert.deepEqual(codes(point), ['dead.example.org/v1 GROUP-DEAD']);
      assert.deepEqual(point.dead.map(({ group, rule }) => [group, rule]).sort(), [
        ['dead.example.org', undefined],
        ['metrics.k8s.io', 'METRICS'],
      ]);
    });

    test('reads the storage version past a dead conversion webhook, and says where two stored versions need it', async () => {
      await using it = await bench();
      const { plane, cluster } = it;
      for (const plural of ['mixed', 'plains']) {
        const path = `/apis/example.org/v1/namespaces/default/${plural}`;
        await create(plane, CRDS, crd(plural, 'v1', { strategy: 'None' }));
        await until(`${plural} are served`, async () => (await ask(plane, 'GET', path)).status === 200);
        await create(
          plane,
          path,
          THING(
            plural.replace(/^./, (first) => first.toUpperCase()),
            'v1',
            'stored-as-v1',
          ),
        );
      }
      const patch = async (plural: string, storage: string) => {
        const { versions } = crd(plural, storage, {}).spec;
        const { status, body: text } = await ask(
          plane,
          'PATCH',
          `${CRDS}/${plural}.example.org`,
          { spec: { versions, conversion: NOWHERE } },
          'application/merge-patch+json',
        );
        assert.equal(status, 200, text);
      };
      await patch('mixed', 'v2');
      await patch('plains', 'v1');
      await until('the webhook is asked, and dead', async () =>
        (
          await Promise.all([
            ask(plane, 'GET', '/apis/example.org/v2/mixed'),
            ask(plane, 'GET', '/apis/example.org/v2/plains'),
          ])
        ).every(({ status, body }) => status >= 400 && body.includes('conversion webhook')),
      );
      const point = await capturePoint({ cluster, vault: openVault('memory:'), clock });
      assert.deepEqual(codes(point), ['mixed.example.org CONVERSION-FAILED']);
      const plains = point.resources.find(({ resource }) => resource === 'plains.example.org');
      assert.deepEqual([plains?.version, plains?.served, plains?.count], ['v1', ['v2'], 1]);
    });

    test('of somebody who may read little names every refusal; without the namespaces there is no point', async () => {
      const users = ['reader', 'stranger'].map((name) => ({ name, groups: ['people'], token: `token-of-${name}` }));
      await using it = await bench({ users });
      const { plane } = it;
      const role = (name: string, rules: readonly object[]) =>
        create(plane, '/apis/rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name }, rules });
      const bind = (name: string) =>
        create(plane, '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
          metadata: { name },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
        });
      await role('reader', [{ apiGroups: [''], resources: ['namespaces', 'configmaps'], verbs: ['get', 'list'] }]);
      await role('stranger', [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get'] }]);
      for (const { name } of users) await bind(name);
      await create(plane, CONFIG_MAPS, configMap('readable'));
      const reader = await openCluster({ kubeconfig: plane.kubeconfigOf('reader') });
      const stranger = await openCluster({ kubeconfig: plane.kubeconfigOf('stranger') });
      try {
        await until(
          'the role holds',
          async () => (await reader.mayI({ verb: 'list', group: '', resource: 'configmaps' })).allowed,
        );
        const point = await capturePoint({ cluster: reader, vault: openVault('memory:'), clock });
        assert.equal(point.complete, false);
        const refused = new Set(incompleteness(point).map(({ code }) => code));
        assert.deepEqual([...refused], ['LIST-FORBIDDEN']);
        const missing = point.resources
          .filter((record) => record.missing !== undefined)
          .map(({ resource }) => String(resource));
        assert.ok(missing.includes('secrets') && missing.includes('customresourcedefinitions.apiextensions.k8s.io'));
        assert.ok(!missing.includes('configmaps') && missing.length === point.resources.length - 2);
        const vault = openVault('memory:');
        await assert.rejects(capturePoint({ cluster: stranger, vault, clock }), (error) =>
          isFault(error, 'NAMESPACES-REFUSED'),
        );
        assert.deepEqual(await vault.points(), []);
      } finally {
        await reader.close();
        await stranger.close();
      }
    });
  });
