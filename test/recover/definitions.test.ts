import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/objects/json.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { pointOf as pointFacts } from '../../src/recover/plan-recovery.ts';
import { surveyPoint } from '../../src/recover/survey-point.ts';
import { surveyTarget } from '../../src/recover/survey-target.ts';
import { EVERYTHING, namespace, pointOf, type Sample, temporaryFolder } from './captured-world.ts';
import { recoverSamples } from './recovering.ts';
import { ScriptedCluster } from './scripted-cluster.ts';

const EXTRA = { group: 'example.org', version: 'v1', resource: 'widgets', kind: 'Widget', namespaced: true };

const schema = (...fields: string[]): JsonObject => ({
  type: 'object',
  properties: {
    spec: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])) },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
});

const definition = (...fields: string[]): Sample => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name: 'widgets.example.org',
  rest: {
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: schema(...fields) },
        },
      ],
    },
  },
});

const widget: Sample = {
  apiVersion: 'example.org/v1',
  kind: 'Widget',
  name: 'w',
  namespace: 'team-a',
  fields: true,
  rest: { spec: { size: 'big' }, status: { observedGeneration: 3, phase: 'Ready' } },
};

test('custom resources follow their definition once it is served, with status and managed fields, in that order', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  cluster.establishAfter = 3;
  const result = await recoverSamples([namespace('team-a'), definition('size'), widget], cluster, folder.path, {
    extras: { extras: [EXTRA] },
  });
  assert.deepEqual([result.failed, result.blocked], [[], []]);
  const key = 'widgets.example.org/team-a/w';
  assert.deepEqual(cluster.at(key).status, { observedGeneration: 1, phase: 'Ready' });
  assert.deepEqual(
    cluster.writes.filter((write) => write.key === key).map(({ verb }) => verb),
    ['create', 'status', 'patch'],
  );
  assert.equal(cluster.at(key).metadata.managedFields?.[0]?.manager, 'kustomize-controller');
  assert.equal(result.exit, 0);
});

test('a definition that is never served fails, and its objects are blocked', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  cluster.establishAfter = 10_000;
  const result = await recoverSamples([namespace('team-a'), definition('size'), widget], cluster, folder.path, {
    extras: { extras: [EXTRA] },
  });
  assert.deepEqual(
    result.failed.map(({ reason }) => reason.code),
    ['NOT-ESTABLISHED'],
  );
  assert.deepEqual(
    result.blocked.map(({ key }) => key),
    ['widgets.example.org/team-a/w'],
  );
});

test('planning sees what the definition of the target would drop', async () => {
  const cluster = new ScriptedCluster();
  const { metadata: _, ...rest } = cluster.seed({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.org' },
    ...definition('colour').rest,
  });
  assert.ok(rest.spec);
  await cluster.get({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    resource: 'customresourcedefinitions',
    name: 'widgets.example.org',
  });
  const reader = pointOf([namespace('team-a'), definition('size'), widget], { extras: [EXTRA] });
  const survey = await surveyPoint(reader);
  const target = await surveyTarget(cluster, survey, reader);
  assert.deepEqual([...target.droppedFields], [['widgets.example.org/team-a/w', ['/spec/size']]]);
  const plan = makePlan({ survey, target, policy: EVERYTHING, point: pointFacts(reader.manifest) });
  assert.ok(plan.refusals.length > 0);
});
