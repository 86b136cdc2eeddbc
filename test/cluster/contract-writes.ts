import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/cluster/port.ts';
import type { JsonObject } from '../../src/objects/json.ts';
import { accepted, type ContractRoom, configMap, map, maps, OTHER, rejected, uidOf, waitFor } from './contract-room.ts';

/** What is written: patches, statuses, dry runs, deletes. */
export function writesContract(room: ContractRoom): void {
  for (const kind of ['merge', 'json', 'apply'] as const)
    test(`a ${kind} patch changes the object that is meant and no other of its name`, async () => {
      const ns = await room.space();
      const uid = uidOf(await room.make(ns, 'p'));
      const patch =
        kind === 'json'
          ? ({ kind, body: [{ op: 'replace', path: '/data/a', value: '2' }] } as const)
          : kind === 'apply'
            ? ({ kind, body: configMap('p', { a: '2' }), force: true } as const)
            : ({ kind, body: { data: { a: '2' } } } as const);
      const done = accepted(await room.cluster.patch(map(ns, 'p'), patch, { uid }));
      assert.deepEqual(done.object.data, { a: '2' });
      assert.equal(uidOf(done.object), uid);
      rejected(await room.cluster.patch(map(ns, 'p'), patch, { uid: OTHER }), 409, 'Conflict');
      const gone = await room.cluster.patch(map(ns, 'absent'), patch, { uid });
      assert.equal(gone.kind, 'rejected', 'a patch never creates');
      rejected(await room.cluster.get(map(ns, 'absent')), 404, 'NotFound');
    });

  test('a status patch reaches no other object of its name either, custom resources included', async () => {
    const crds = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };
    const names = { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' };
    const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const version = {
      name: 'v1',
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: { openAPIV3Schema },
    };
    accepted(
      await room.cluster.create(crds, {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'boats.harbour.example' },
        spec: { group: 'harbour.example', scope: 'Cluster', names, versions: [version] },
      }),
    );
    const at = { group: 'harbour.example', version: 'v1', resource: 'boats' };
    const boat = { apiVersion: 'harbour.example/v1', kind: 'Boat', metadata: { name: 'b' } };
    let made: Answer | undefined;
    await waitFor(async () => {
      made = await room.cluster.create(at, boat);
      return made.kind === 'accepted';
    });
    assert.ok(made?.kind === 'accepted');
    const one = { ...at, name: 'b' };
    const door = { subresource: 'status' } as const;
    const merge = { kind: 'merge', body: { status: { x: 1 } } } as const;
    const apply = { kind: 'apply', body: { ...boat, status: { x: 1 } }, force: true } as const;
    const json = { kind: 'json', body: [{ op: 'add', path: '/status', value: { x: 1 } }] } as const;
    for (const patch of [merge, apply, json])
      rejected(await room.cluster.patch(one, patch, { uid: OTHER }, door), 409, 'Conflict');
    assert.equal(accepted(await room.cluster.get(one)).object.status, undefined);
    for (const patch of [merge, apply, json])
      assert.deepEqual(
        accepted(await room.cluster.patch(one, patch, { uid: uidOf(made.object) }, door)).object.status,
        {
          x: 1,
        },
      );
  });

  test('a status is written by its own door', async () => {
    const ns = await room.space();
    const at = { group: 'apps', version: 'v1', resource: 'deployments', namespace: ns };
    const labels = { app: 'x' };
    const made = accepted(
      await room.cluster.create(at, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } },
        },
        status: { replicas: 7 },
      }),
    ).object;
    const one = { ...at, name: 'd' };
    assert.notDeepEqual((made.status as JsonObject).replicas, 7);
    const body = { status: { replicas: 3, observedGeneration: 1 } };
    const done = accepted(
      await room.cluster.patch(one, { kind: 'merge', body }, { uid: uidOf(made) }, { subresource: 'status' }),
    );
    assert.equal((done.object.status as JsonObject).replicas, 3);
    const put = { ...done.object, status: { replicas: 4 } } as unknown as JsonObject;
    const replaced = accepted(await room.cluster.replace(one, put, { subresource: 'status' }));
    assert.equal((replaced.object.status as JsonObject).replicas, 4);
  });

  test('a dry run writes nothing', async () => {
    const ns = await room.space();
    const dry = { dryRun: true };
    assert.equal(accepted(await room.cluster.create(maps(ns), configMap('d'), dry)).object.metadata.name, 'd');
    rejected(await room.cluster.get(map(ns, 'd')), 404, 'NotFound');
    const uid = uidOf(await room.make(ns, 'kept'));
    accepted(await room.cluster.patch(map(ns, 'kept'), { kind: 'merge', body: { data: { a: '9' } } }, { uid }, dry));
    accepted(await room.cluster.delete(map(ns, 'kept'), { uid }, dry));
    assert.deepEqual(accepted(await room.cluster.get(map(ns, 'kept'))).object.data, { a: '1' });
  });

  test('a field that the schema would drop is refused unless asked otherwise', async () => {
    const ns = await room.space();
    const body = { ...configMap('s'), surprise: true };
    rejected(await room.cluster.create(maps(ns), body), 400, 'BadRequest');
    const warned = accepted(await room.cluster.create(maps(ns), body, { fieldValidation: 'Warn' }));
    assert.match(warned.warnings.join(), /unknown field "surprise"/);
    assert.equal(warned.object.surprise, undefined);
  });

  test('a delete takes only the object that is meant', async () => {
    const ns = await room.space();
    const made = await room.make(ns, 'x');
    rejected(await room.cluster.delete(map(ns, 'x'), { uid: OTHER }), 409, 'Conflict');
    rejected(await room.cluster.delete(map(ns, 'x'), { uid: uidOf(made), resourceVersion: '1' }), 409, 'Conflict');
    const { resourceVersion = '' } = made.metadata;
    accepted(
      await room.cluster.delete(map(ns, 'x'), { uid: uidOf(made), resourceVersion }, { propagation: 'Background' }),
    );
    rejected(await room.cluster.delete(map(ns, 'x'), { uid: uidOf(made) }), 404, 'NotFound');
  });

  test('managed fields are taken as they are written back', async () => {
    const ns = await room.space();
    const made = await room.make(ns, 'm');
    const managedFields = [
      {
        manager: 'someone-else',
        operation: 'Apply',
        apiVersion: 'v1',
        time: '2020-01-02T03:04:05Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} } },
      },
    ];
    const body = { ...made, metadata: { ...made.metadata, managedFields } } as unknown as JsonObject;
    const done = accepted(await room.cluster.replace(map(ns, 'm'), body)).object;
    assert.deepEqual(done.metadata.managedFields, managedFields);
    const stale = {
      ...body,
      data: { a: '3' },
      metadata: { ...made.metadata, resourceVersion: '1' },
    } as unknown as JsonObject;
    rejected(await room.cluster.replace(map(ns, 'm'), stale), 409, 'Conflict');
  });
}
