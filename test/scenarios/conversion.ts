import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Made, pathOf } from './api-objects.ts';
import { codesOf, complaints, type Ground, recovered } from './lost-and-recovered.ts';
import { configMap, definition, namespace } from './manifests.ts';

const GROUP = 'shop.example.org';
const VERSIONS = [{ name: 'v1' }, { name: 'v2' }];
const ware = (version: string): Made => ({
  apiVersion: `${GROUP}/${version}`,
  kind: 'Ware',
  metadata: { name: 'book', namespace: 'shop' },
  spec: { price: 1 },
});
/** Nobody listens there. */
const DOWN = {
  strategy: 'Webhook',
  webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:9/convert' } },
};

export async function scenarios(on: Ground): Promise<void> {
  const point = await on.lost(async ({ objects }) => {
    await objects.make(namespace('shop'), definition(GROUP, 'Ware', VERSIONS), ware('v2'), configMap('shop/plain'));
    await objects.change(`${GROUP}/v1 Ware shop/book`, { spec: { colour: 'red' } }, '', 'painter');
    await objects.change('v1 ConfigMap shop/plain', { data: { more: 'x' } }, '', 'painter');
  });
  const target = await on.place();
  after(() => target[Symbol.asyncDispose]());
  const { objects, plane } = target;
  const made = definition(GROUP, 'Ware', VERSIONS);
  await objects.make({ ...made, spec: { ...(made.spec as object), conversion: DOWN } });
  await objects.until(
    'wares are served',
    async () => (await plane.ask('GET', pathOf(`${GROUP}/v2 Ware`))).status === 200,
  );
  const { plan, result } = await recovered(target, point);

  test('the definition of the target is used, and the plan says that it is another', () => {
    assert.deepEqual(plan.refusals, []);
    const key = 'customresourcedefinitions.apiextensions.k8s.io/wares.shop.example.org';
    assert.ok(codesOf(plan.findings).includes(`DEFINITION-DIFFERS ${key}`));
  });

  test('managed fields that the server drops because it cannot convert them are reported as lost', async () => {
    const live = await objects.see(`${GROUP}/v2 Ware shop/book`);
    assert.deepEqual(live.spec, { price: 1, colour: 'red' });
    const managers = (live.metadata.managedFields ?? []).map(({ manager }) => manager);
    assert.ok(!managers.includes('painter'), 'the server has dropped them (lab 8)');
    assert.deepEqual(complaints(result), ['FIELDS-LOST create wares.shop.example.org/shop/book']);
    assert.equal(result.exit, 3);
  });

  test('those of objects beside it are kept', async () => {
    const plain = await objects.see('v1 ConfigMap shop/plain');
    assert.ok(plain.metadata.managedFields?.some(({ manager }) => manager === 'painter'));
  });
}
