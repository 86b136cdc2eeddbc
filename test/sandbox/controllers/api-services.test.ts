import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitionOf } from '../definitions/definition-of.ts';
import { openStage } from './stage.ts';

const SERVICES = 'apiservices.apiregistration.k8s.io';
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

test('a version of a group has an APIService while some definition serves it', async () => {
  await using stage = await openStage();
  await stage.create(DEFINITIONS, definitionOf('boats', {}), '');
  await stage.create(DEFINITIONS, definitionOf('cars', {}), '');
  await stage.settle();
  const made = stage.get(SERVICES, 'v1.try.example', '');
  assert.equal(made?.metadata.labels?.['kube-aggregator.kubernetes.io/automanaged'], 'true');
  assert.equal((made?.status as { conditions: readonly { reason: string }[] }).conditions[0]?.reason, 'Local');
  await stage.remove(SERVICES, 'v1.try.example', '');
  await stage.settle();
  assert.notEqual(stage.get(SERVICES, 'v1.try.example', '')?.metadata.uid, made?.metadata.uid);
  await stage.remove(DEFINITIONS, 'boats.try.example', '');
  await stage.settle();
  assert.ok(stage.get(SERVICES, 'v1.try.example', ''));
  await stage.remove(DEFINITIONS, 'cars.try.example', '');
  await stage.pass(1);
  assert.equal(stage.get(SERVICES, 'v1.try.example', ''), undefined);
});
