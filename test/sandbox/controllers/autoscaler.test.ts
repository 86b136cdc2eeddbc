import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deployment, openStage, type Stage } from './stage.ts';

const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
interface Autoscaler {
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
    readonly currentReplicas?: number;
    readonly desiredReplicas: number;
    readonly lastScaleTime?: string;
  };
}
const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } };
const autoscaler = (target: object, more: object = {}) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: { scaleTargetRef: target, minReplicas: 2, maxReplicas: 4, metrics: [cpu], ...more },
});
const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const replicasOf = (stage: Stage): number | undefined =>
  stage.get<{ readonly metadata: object; readonly spec: { readonly replicas: number } }>('deployments.apps', 'web')
    ?.spec.replicas;
const told = (stage: Stage): string[] =>
  (stage.get<Autoscaler & { readonly metadata: object }>(AUTOSCALERS, 'web')?.status.conditions ?? []).map(
    ({ type, status, reason }) => `${type}=${status} ${reason}`,
  );

describe('a horizontal autoscaler without metrics', () => {
  test('keeps the bounds, first after its period', async () => {
    await using stage = await openStage();
    await stage.create('deployments.apps', deployment('web', 7));
    await stage.create(AUTOSCALERS, autoscaler(WEB));
    await stage.pass(14);
    assert.equal(replicasOf(stage), 7);
    await stage.pass(2);
    assert.equal(replicasOf(stage), 4);
    assert.deepEqual(told(stage), ['AbleToScale=True SucceededRescale']);
    await stage.merge('deployments.apps', 'web', { spec: { replicas: 1 } });
    await stage.pass(16);
    assert.equal(replicasOf(stage), 2);
    const reasons = stage
      .list<{ reason: string; message: string }>('events')
      .filter(({ reason }) => reason === 'SuccessfulRescale');
    assert.deepEqual(
      reasons.map(({ message }) => message),
      [
        'New size: 4; reason: Current number of replicas above Spec.MaxReplicas',
        'New size: 2; reason: Current number of replicas below Spec.MinReplicas',
      ],
    );
  });

  test('within the bounds says why it cannot compute a number, and changes nothing', async () => {
    await using stage = await openStage();
    await stage.create('deployments.apps', deployment('web', 3));
    await stage.create(AUTOSCALERS, autoscaler(WEB));
    await stage.pass(60);
    assert.equal(replicasOf(stage), 3);
    assert.deepEqual(told(stage), [
      'AbleToScale=True SucceededGetScale',
      'ScalingActive=False FailedGetResourceMetric',
    ]);
    const { status } = stage.get<Autoscaler & { readonly metadata: object }>(AUTOSCALERS, 'web') ?? {};
    assert.deepEqual([status?.currentReplicas, status?.desiredReplicas], [3, 0]);
  });

  test('leaves a target alone that somebody scaled to zero', async () => {
    await using stage = await openStage();
    await stage.create('deployments.apps', deployment('web', 0));
    await stage.create(AUTOSCALERS, autoscaler(WEB));
    await stage.pass(40);
    assert.equal(replicasOf(stage), 0);
    assert.deepEqual(told(stage), ['AbleToScale=True SucceededGetScale', 'ScalingActive=False ScalingDisabled']);
  });

  for (const [what, target] of [
    ['is not there', { ...WEB, name: 'absent' }],
    ['is of no kind', { ...WEB, kind: 'Nonsense' }],
    ['has no replicas', { apiVersion: 'v1', kind: 'ConfigMap', name: 'web' }],
  ] as const)
    test(`tells when its target ${what}`, async () => {
      await using stage = await openStage();
      await stage.create(AUTOSCALERS, autoscaler(target));
      await stage.pass(16);
      assert.deepEqual(told(stage), ['AbleToScale=False FailedGetScale']);
    });
});
