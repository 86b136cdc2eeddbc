import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/objects/json.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { accepted, type ContractRoom, configMap, map, maps, rejected, uidOf, waitFor } from './contract-room.ts';

/** What is read: objects, lists, watches. */
export function readsContract(room: ContractRoom): void {
  test('an object that is created can be read, and is listed with the bytes that it has', async () => {
    const ns = await room.space();
    const made = accepted(await room.cluster.create(maps(ns), configMap('first', { text: 'ä "quoted" \\ text' })));
    assert.equal(made.status, 201);
    const got = accepted(await room.cluster.get(map(ns, 'first'))).object;
    assert.deepEqual(got, made.object);
    assert.equal(got.metadata.managedFields?.[0]?.manager, 'seaworthy');
    const seen: unknown[] = [];
    const outcome = await room.cluster.list(maps(ns), (item) => {
      seen.push([item.name, item.namespace, item.uid, item.resourceVersion]);
      const parsed = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject;
      assert.deepEqual(parsed.data, got.data);
      assert.deepEqual(parsed.metadata, got.metadata);
    });
    assert.deepEqual(seen, [['first', ns, got.metadata.uid, got.metadata.resourceVersion]]);
    assert.ok(outcome.kind === 'complete' && outcome.end.items === 1 && outcome.end.bytes > 100);
    assert.deepEqual([outcome.end.apiVersion, outcome.end.kind], ['v1', 'ConfigMapList']);
    assert.ok(Number(outcome.end.revision) >= Number(got.metadata.resourceVersion));
  });

  test('a name that is taken, a name that is not there and a body that is not valid are told apart', async () => {
    const ns = await room.space();
    await room.make(ns, 'taken');
    rejected(await room.cluster.create(maps(ns), configMap('taken')), 409, 'AlreadyExists');
    rejected(await room.cluster.get(map(ns, 'absent')), 404, 'NotFound');
    const no = rejected(await room.cluster.create(maps(ns), configMap('Not A Name')), 422, 'Invalid');
    assert.equal(no.causes[0]?.field, 'metadata.name');
    assert.ok((no.causes[0]?.message ?? '') !== '');
    rejected(await room.cluster.create(maps('no-such-namespace'), configMap('x')), 404, 'NotFound');
  });

  test('pages bring every object once, in order, and all of one revision', async () => {
    const ns = await room.space();
    const names = Array.from({ length: 25 }, (_, index) => `m-${String(index).padStart(3, '0')}`);
    for (const name of names) await room.make(ns, name);
    const seen: string[] = [];
    const outcome = await room.cluster.list(
      maps(ns),
      async (item) => {
        seen.push(item.name);
        if (seen.length === 3) await room.make(ns, 'm-999-late');
      },
      { limit: 4 },
    );
    assert.equal(outcome.kind, 'complete');
    assert.deepEqual(seen, names);
  });

  test('one page tells how many there are, and no more is read', async () => {
    const ns = await room.space();
    for (const name of ['a', 'b', 'c', 'd']) await room.make(ns, name);
    const seen: string[] = [];
    const take = (item: { readonly name: string }) => void seen.push(item.name);
    const one = await room.cluster.list(maps(ns), take, { limit: 1, firstPageOnly: true });
    assert.ok(one.kind === 'complete' && one.end.announced === 4 && one.end.items === 1);
    assert.deepEqual(seen, ['a']);
    const all = await room.cluster.list(maps(ns), () => undefined, { limit: 3 });
    assert.ok(all.kind === 'complete' && all.end.announced === 4 && all.end.items === 4);
  });

  test('a list at an exact revision hides what was made later, page by page', async () => {
    const ns = await room.space();
    await room.make(ns, 'a');
    const last = await room.make(ns, 'b');
    await room.make(ns, 'c');
    const seen: string[] = [];
    const exact = last.metadata.resourceVersion ?? '';
    const outcome = await room.cluster.list(maps(ns), (item) => void seen.push(item.name), {
      limit: 1,
      revision: { exact },
    });
    assert.deepEqual(seen, ['a', 'b']);
    assert.ok(outcome.kind === 'complete' && outcome.end.revision === exact);
  });

  test('a revision that is yet to come is refused', async () => {
    const outcome = await room.cluster.list(maps('default'), () => undefined, { revision: { exact: '999999999' } });
    assert.ok(outcome.kind === 'rejected' && outcome.status === 504 && outcome.reason === 'Timeout');
    assert.equal(outcome.causes[0]?.reason, 'ResourceVersionTooLarge');
  });

  test('metadata alone can be listed, and labels and fields select', async () => {
    const ns = await room.space();
    await room.make(ns, 'a', { big: 'x'.repeat(5000) });
    accepted(
      await room.cluster.create(maps(ns), { ...configMap('b'), metadata: { name: 'b', labels: { tier: 'back' } } }),
    );
    const sizes: number[] = [];
    const shape = await room.cluster.list(maps(ns), (item) => void sizes.push(item.bytes.length), {
      shape: 'metadata',
    });
    assert.ok(shape.kind === 'complete' && shape.end.kind === 'PartialObjectMetadataList');
    assert.equal(sizes.length, 2);
    assert.ok(Math.max(...sizes) < 2000);
    const chosen: string[] = [];
    await room.cluster.list(maps(ns), (item) => void chosen.push(item.name), { labelSelector: 'tier=back' });
    await room.cluster.list(maps(ns), (item) => void chosen.push(item.name), { fieldSelector: 'metadata.name=a' });
    assert.deepEqual(chosen, ['b', 'a']);
  });

  test('a revision that was compacted away has expired, for lists and between pages', async (t) => {
    const { compact } = room.harness;
    if (compact === undefined) {
      t.skip('this cluster cannot compact');
      return;
    }
    const ns = await room.space();
    const old = await room.make(ns, 'a');
    for (const name of ['b', 'c', 'd']) await room.make(ns, name);
    let given = 0;
    const between = await room.cluster.list(
      maps(ns),
      async () => {
        if (++given > 1) return;
        await room.make(ns, 'e');
        await room.make(ns, 'f');
        await compact();
        await waitFor(async () => {
          const again = await room.cluster.list(maps(ns), () => undefined, {
            revision: { exact: old.metadata.resourceVersion ?? '' },
          });
          return again.kind === 'expired';
        });
      },
      // Page two may be under way when the first item is given out; page three cannot be.
      { limit: 1 },
    );
    assert.deepEqual(between, { kind: 'expired' });
    assert.ok(given < 4);
  });

  test('a watch tells what happens from a revision on, and ends at its time', async () => {
    const ns = await room.space();
    const first = await room.make(ns, 'w');
    const uid = uidOf(first);
    accepted(await room.cluster.patch(map(ns, 'w'), { kind: 'merge', body: { data: { a: '2' } } }, { uid }));
    accepted(await room.cluster.delete(map(ns, 'w'), { uid }));
    const story: string[] = [];
    const fromRevision = String(Number(first.metadata.resourceVersion) - 1);
    for await (const event of room.cluster.watch(maps(ns), { fromRevision, timeoutSeconds: 3 })) {
      if (event.kind !== 'bookmark') story.push(event.kind);
      else assert.notEqual(event.revision, '');
    }
    assert.deepEqual(story, ['added', 'modified', 'deleted']);
  });

  test('a watch can begin with everything that is there', async () => {
    const ns = await room.space();
    await room.make(ns, 'one');
    await room.make(ns, 'two');
    const names: string[] = [];
    for await (const event of room.cluster.watch(maps(ns), { sendInitialEvents: true, timeoutSeconds: 20 })) {
      if (event.kind === 'added') names.push(event.object.metadata.name ?? '');
      if (event.kind === 'bookmark' && event.initialEventsEnd) break;
      assert.ok(event.kind === 'added' || event.kind === 'bookmark', event.kind);
    }
    assert.deepEqual(names.sort(), ['one', 'two']);
  });

  test('a watch ends when its caller has had enough', async () => {
    const stop = new AbortController();
    const waiting = (async () => {
      for await (const event of room.cluster.watch(maps('default'), { signal: stop.signal })) assert.ok(event.kind);
    })();
    setTimeout(() => stop.abort(), 100);
    await assert.rejects(waiting, (error) => isFault(error, 'ABORTED'));
  });
}
