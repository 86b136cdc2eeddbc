import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { canonicalText } from '../../src/objects/canonical.ts';
import type { KubeObject } from '../../src/objects/json.ts';
import { getAt } from '../../src/objects/pointer.ts';
import { type Made, pathOf } from './api-objects.ts';
import { codesOf, complaints, type Ground, type Place, planned, recovered } from './lost-and-recovered.ts';
import { configMap, definition, namespace, secret, workload } from './manifests.ts';

const GROUP = 'shop.example.org';
const custom = (kind: string, name: string, version = 'v1', more: object = {}): Made => ({
  apiVersion: `${GROUP}/${version}`,
  kind,
  metadata: { name, namespace: 'shop' },
  spec: { price: 1 },
  ...more,
});
const PROGRESS = { status: { phase: 'Sold', observedGeneration: 2 } };
const WORDS = 4_000;

async function world({ objects, plane }: Place): Promise<void> {
  await objects.make(namespace('shop'), namespace('closing'));
  await objects.make({ ...configMap('shop/x'), metadata: { generateName: 'receipt-', namespace: 'shop' } });
  await objects.make(configMap('shop/frozen', {}, { immutable: true }), secret('shop/sealed', { immutable: true }));
  await objects.make(configMap('shop/guarded', { finalizers: ['example.org/guard'] }));
  const words = Object.fromEntries(Array.from({ length: WORDS }, (_, index) => [`word-${index}`, 'x'.repeat(200)]));
  const huge = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'huge', namespace: 'shop' }, data: words };
  const path = `${pathOf('v1 ConfigMap shop/huge')}?fieldManager=books&force=true`;
  const applied = await plane.ask('PATCH', path, huge, 'application/apply-patch+yaml');
  assert.equal(applied.status, 201, applied.body.slice(0, 500));
  await objects.make(
    definition(GROUP, 'Ware', [
      { name: 'v1beta1', status: true },
      { name: 'v1', status: true },
    ]),
    definition(GROUP, 'Note', [{ name: 'v1' }]),
  );
  await objects.make(
    custom('Ware', 'book'),
    custom('Ware', 'old-book', 'v1beta1'),
    custom('Note', 'page', 'v1', PROGRESS),
  );
  await objects.change(`${GROUP}/v1 Ware shop/book`, { spec: { price: 2 } });
  await objects.change(`${GROUP}/v1 Ware shop/book`, PROGRESS, 'status', 'till');
  await objects.make(workload('Deployment', 'shop/till', { replicas: 0 }));
  for (const replicas of [1, 0]) await objects.change('apps/v1 Deployment shop/till', { spec: { replicas } });
  await objects.make(configMap('shop/leaving', { finalizers: ['example.org/guard'] }));
  await objects.remove('v1 ConfigMap shop/leaving');
  await objects.make(configMap('closing/last', { finalizers: ['example.org/guard'] }), secret('closing/also'));
  await objects.change('v1 Secret closing/also', { metadata: { finalizers: ['example.org/guard'] } });
  await objects.remove('v1 Namespace closing');
  await objects.until('the controller has begun to empty it', async () => {
    const { metadata } = await objects.see('v1 ConfigMap closing/last');
    return metadata.deletionTimestamp !== undefined;
  });
}

/** As a captured object is compared with what came back: managers, operations, subresources, times and fields. */
const fields = (object: KubeObject): string[] =>
  (object.metadata.managedFields ?? []).map((entry) => canonicalText(entry)).sort();

export async function scenarios(on: Ground): Promise<void> {
  const point = await on.lost(world);
  const was = new Map<string, KubeObject>();
  for await (const { entry, bytes } of point.stream()) {
    if (entry.namespace !== 'shop') continue;
    was.set(`${entry.resource}/${entry.name}`, JSON.parse(Buffer.from(bytes).toString()) as KubeObject);
  }
  const captured = (key: string): KubeObject => was.get(key) ?? assert.fail(`${key} was captured`);
  const target = await on.place();
  after(() => target[Symbol.asyncDispose]());
  const { objects } = target;
  const { plan, result } = await recovered(target, point);

  test('nothing is complained of', () => {
    assert.deepEqual(complaints(result), []);
    assert.deepEqual(
      result.lost.map(({ reason }) => reason.sentence),
      [],
    );
    assert.equal(result.exit, 0);
  });

  test('the name that the server generated is kept, and what it was generated from', async () => {
    const [key] = [...was.keys()].filter((one) => one.startsWith('configmaps/receipt-'));
    const name = (key ?? '').slice('configmaps/'.length);
    const back = await objects.see(`v1 ConfigMap shop/${name}`);
    assert.equal(back.metadata.generateName, 'receipt-');
    assert.equal((await objects.names('v1 ConfigMap shop/')).filter((one) => one.startsWith('receipt-')).length, 1);
  });

  test('immutable objects come back immutable with their content', async () => {
    const frozen = await objects.see('v1 ConfigMap shop/frozen');
    assert.deepEqual([frozen.immutable, frozen.data], [true, { of: 'shop/frozen' }]);
    const sealed = await objects.see('v1 Secret shop/sealed');
    assert.deepEqual([sealed.immutable, sealed.data], [true, captured('secrets/sealed').data]);
  });

  test('finalizers come back', async () => {
    const { metadata } = await objects.see('v1 ConfigMap shop/guarded');
    assert.deepEqual(metadata.finalizers, ['example.org/guard']);
  });

  test('an object of nearly a megabyte comes back with all its managed fields', async () => {
    const huge = await objects.see('v1 ConfigMap shop/huge');
    assert.equal(Object.keys(huge.data as object).length, WORDS);
    assert.deepEqual(huge.data, captured('configmaps/huge').data);
    assert.deepEqual(fields(huge), fields(captured('configmaps/huge')));
  });

  test('custom objects come back once, with their status, where it is a part of them and where it is not', async () => {
    assert.deepEqual(await objects.names(`${GROUP}/v1 Ware shop/`), ['book', 'old-book']);
    const page = await objects.see(`${GROUP}/v1 Note shop/page`);
    assert.equal(getAt(page, '/status/phase'), 'Sold');
    const book = await objects.see(`${GROUP}/v1 Ware shop/book`);
    assert.equal(getAt(book, '/status/phase'), 'Sold');
    assert.equal(getAt(book, '/spec/price'), 2);
    assert.deepEqual(fields(book), fields(captured('wares.shop.example.org/book')));
    assert.deepEqual(fields(page), fields(captured('notes.shop.example.org/page')));
  });

  test('every served version of a definition is served again', async () => {
    for (const version of ['v1beta1', 'v1']) await objects.see(`${GROUP}/${version} Ware shop/old-book`);
  });

  test('a status says of the new generation what it said of the captured one', async () => {
    const before = captured('wares.shop.example.org/book');
    assert.equal(before.metadata.generation, getAt(before, '/status/observedGeneration'));
    const book = await objects.see(`${GROUP}/v1 Ware shop/book`);
    assert.equal(getAt(book, '/status/observedGeneration'), book.metadata.generation);
    const till = await objects.see('apps/v1 Deployment shop/till');
    assert.ok(Number(captured('deployments.apps/till').metadata.generation) >= 3);
    assert.equal(getAt(till, '/status/observedGeneration'), till.metadata.generation);
  });

  test('objects that were being deleted are omitted, each with a code', async () => {
    const codes = codesOf(plan.omissions);
    for (const expected of [
      'WAS-BEING-DELETED configmaps/shop/leaving',
      'WAS-BEING-DELETED namespaces/closing',
      'WAS-BEING-DELETED configmaps/closing/last',
    ])
      assert.ok(codes.includes(expected), expected);
    assert.equal(await objects.look('v1 ConfigMap shop/leaving'), undefined);
    assert.equal(await objects.look('v1 Namespace closing'), undefined);
    assert.deepEqual(
      plan.steps.filter(({ id }) => id.includes('/closing/')).map(({ id }) => id),
      [],
    );
  });

  test('a field that the definition of the target would drop is refused while planning, and nothing is written', async () => {
    await using narrow = await on.place({ controllerManager: false });
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    };
    await narrow.objects.make(definition(GROUP, 'Note', [{ name: 'v1', schema }]), namespace('ready'));
    await narrow.objects.until(
      'notes are served',
      async () => (await narrow.plane.ask('GET', pathOf(`${GROUP}/v1 Note`))).status === 200,
    );
    const refused = await planned(narrow, point);
    const refusals = refused.refusals.filter(({ reason }) => reason.code === 'FIELD-WOULD-BE-DROPPED');
    assert.deepEqual(
      refusals.map(({ key }) => key as string),
      ['notes.shop.example.org/shop/page'],
    );
    assert.match(refusals[0]?.reason.sentence ?? '', /\/spec\/price/);
    const before = await narrow.objects.writes();
    await assert.rejects(recovered(narrow, point, { plan: refused }), { code: 'PLAN-REFUSED' });
    assert.equal(await narrow.objects.writes(), before);
  });

  test('a definition that gets narrower after planning: the write is refused, and nothing is dropped in silence', async () => {
    await using narrow = await on.place();
    const wide = definition(GROUP, 'Note', [{ name: 'v1' }]);
    await narrow.objects.make(wide);
    await narrow.objects.until(
      'notes are served',
      async () => (await narrow.plane.ask('GET', pathOf(`${GROUP}/v1 Note`))).status === 200,
    );
    const early = await planned(narrow, point);
    assert.deepEqual(early.refusals, []);
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }];
    await narrow.objects.change('apiextensions.k8s.io/v1 CustomResourceDefinition notes.shop.example.org', {
      spec: { versions },
    });
    await narrow.objects.until('the definition is narrower', async () => {
      const trial = { ...custom('Note', 'trial'), metadata: { name: 'trial', namespace: 'default' } };
      const at = `${pathOf(`${GROUP}/v1 Note default/`)}?fieldValidation=Strict&dryRun=All`;
      return (await narrow.plane.ask('POST', at, trial)).status === 400;
    });
    const { result: partial } = await recovered(narrow, point, { plan: early });
    assert.deepEqual(complaints(partial), ['FIELD-DROPPED create notes.shop.example.org/shop/page']);
    assert.equal(partial.exit, 3);
    assert.equal(await narrow.objects.look(`${GROUP}/v1 Note shop/page`), undefined);
    await narrow.objects.see(`${GROUP}/v1 Ware shop/book`);
  });
}
