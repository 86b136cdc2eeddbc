import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/objects/json.ts';
import type { KeyText } from '../../src/objects/key.ts';
import { isFault } from '../../src/outcome/fault.ts';
import type { Plan, Step, Target } from '../../src/plan/plan.ts';
import { configMap, namespace, type Sample, temporaryFolder } from './captured-world.ts';
import { id, NOTHING, recoverSamples } from './recovering.ts';
import { ScriptedCluster } from './scripted-cluster.ts';

const operator = (cluster: ScriptedCluster): { target: Target; uid: never } => {
  const deployment = cluster.seed({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'operator', namespace: 'default' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'operator' } } },
    status: { replicas: 2, observedGeneration: 1 },
  });
  const key = 'deployments.apps/default/operator' as KeyText;
  const target = {
    key,
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    resource: 'deployments',
    namespace: 'default',
    name: 'operator',
  };
  return { target, uid: deployment.metadata.uid as never };
};

const webhook = (cluster: ScriptedCluster): { target: Target; uid: never } => {
  const configuration = cluster.seed({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      name: 'guard',
      managedFields: [{ manager: 'helm', operation: 'Update', apiVersion: 'v1', time: '2025-01-01T00:00:00Z' }],
    },
    webhooks: [{ name: 'a.b.c', clientConfig: { service: { namespace: 'default', name: 'operator' } } }],
  });
  const key = 'validatingwebhookconfigurations.admissionregistration.k8s.io/guard' as KeyText;
  const [resource, kind] = ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'];
  const target = { key, group: 'admissionregistration.k8s.io', version: 'v1', kind, resource, name: 'guard' };
  return { target, uid: configuration.metadata.uid as never };
};

const endpoint = (cluster: ScriptedCluster): void => {
  cluster.seed({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'operator-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'operator' } },
    endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
  });
};

/** A plan whose operator lives in the target, is held, and is released when `a` is back. */
function holding(cluster: ScriptedCluster, consent = false): (plan: Plan) => Plan {
  const [workload, guard] = [operator(cluster), webhook(cluster)];
  const hold: Step = {
    ...NOTHING,
    kind: 'hold',
    id: id('hold x'),
    stage: 'hold',
    system: 'x',
    workloads: [{ ...workload, replicas: 2 }],
    webhooks: [guard],
  };
  const why = [{ key: 'configmaps/team-a/a' as KeyText, sentence: 'it would come back empty' }];
  return (plan) => {
    const release: Step = {
      ...NOTHING,
      kind: 'release',
      id: id('release x'),
      stage: 'release',
      system: 'x',
      needs: [hold.id, ...plan.steps.map((step) => step.id)],
      workloads: [{ target: workload.target, replicas: 2 }],
      ...(consent ? { consent: { flag: 'accept-empty-databases' as const, why } } : {}),
    };
    return {
      ...plan,
      steps: [hold, ...plan.steps.map((step) => ({ ...step, needs: [...step.needs, hold.id] })), release],
    };
  };
}

const SMALL: readonly Sample[] = [namespace('team-a'), configMap('a')];

test('an operator that lives in the target is held only with consent, and nothing is written without', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const bend = holding(cluster);
  await assert.rejects(recoverSamples(SMALL, cluster, folder.path, { bend }), (error) =>
    isFault(error, 'HOLD-EXISTING'),
  );
  assert.deepEqual(cluster.writes, []);
});

test('a held operator is at 0 without webhooks while objects are written, and gets both back at its release', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const bend = holding(cluster);
  endpoint(cluster);
  const seen: unknown[] = [];
  cluster.script = ({ verb, key }) => {
    const guard = cluster.objects.has('validatingwebhookconfigurations.admissionregistration.k8s.io/guard' as KeyText);
    if (verb === 'create' && key === 'configmaps/team-a/a') seen.push([replicasOf(cluster), guard]);
    return 'through';
  };
  const result = await recoverSamples(SMALL, cluster, folder.path, { bend, consents: { holdExisting: true } });
  assert.deepEqual([result.failed, result.withheld, seen], [[], [], [[0, false]]]);
  assert.equal(replicasOf(cluster), 2);
  const guard = cluster.at('validatingwebhookconfigurations.admissionregistration.k8s.io/guard');
  assert.equal(guard.metadata.managedFields?.[0]?.manager, 'helm');
  assert.deepEqual((guard.webhooks as JsonObject[])[0]?.name, 'a.b.c');
});

function replicasOf(cluster: ScriptedCluster): unknown {
  return (cluster.at('deployments.apps/default/operator').spec as JsonObject).replicas;
}

test('webhooks whose backend does not come are withheld, and put back by the same recover once it is there', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const bend = holding(cluster);
  const consents = { holdExisting: true };
  const first = await recoverSamples(SMALL, cluster, folder.path, { bend, consents });
  assert.deepEqual(
    first.withheld.map(({ id, reason }) => [id, reason.code]),
    [['release x', 'BACKEND-NOT-READY']],
  );
  assert.equal(first.exit, 3);
  assert.equal(replicasOf(cluster), 2);
  endpoint(cluster);
  const before = cluster.writes.length;
  const second = await recoverSamples(SMALL, cluster, folder.path);
  assert.deepEqual([second.withheld, second.exit], [[], 0]);
  assert.deepEqual(
    cluster.writes.slice(before).map(({ verb }) => verb),
    ['create', 'patch'],
  );
});

test('empty databases are released only with consent, by the same run again, and are withheld before, exit 3', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const bend = holding(cluster, true);
  endpoint(cluster);
  const first = await recoverSamples(SMALL, cluster, folder.path, { bend, consents: { holdExisting: true } });
  assert.deepEqual(
    first.withheld.map(({ reason }) => reason.code),
    ['CONSENT-NEEDED'],
  );
  assert.equal(replicasOf(cluster), 0);
  assert.equal(first.exit, 3);
  // Someone has scaled it up in between.
  const operator = cluster.at('deployments.apps/default/operator');
  cluster.objects.set('deployments.apps/default/operator' as KeyText, {
    ...operator,
    spec: { ...(operator.spec as object), replicas: 5 },
  });
  const replicas: unknown[] = [];
  cluster.script = ({ key, body }) => {
    if (key === 'deployments.apps/default/operator') replicas.push((body.spec as JsonObject).replicas);
    return 'through';
  };
  const third = await recoverSamples(SMALL, cluster, folder.path);
  assert.deepEqual([third.withheld.length, replicas], [1, [0]], 'held is seen, not assumed');
  const second = await recoverSamples(SMALL, cluster, folder.path, { consents: { acceptEmptyDatabases: true } });
  assert.deepEqual(
    [second.failed, second.blocked, second.withheld, second.exit, replicasOf(cluster)],
    [[], [], [], 0, 2],
  );
});

test('a hold without a controller manager says so; one whose Pods stay fails, and nothing after it is written', async () => {
  using quiet = temporaryFolder();
  using stuck = temporaryFolder();
  const still = new ScriptedCluster();
  still.controllers = false;
  endpoint(still);
  const said = await recoverSamples(SMALL, still, quiet.path, {
    bend: holding(still),
    consents: { holdExisting: true },
  });
  assert.deepEqual(
    said.remarks.map(({ reason }) => reason.code),
    ['NO-CONTROLLER-MANAGER'],
  );
  const cluster = new ScriptedCluster();
  cluster.seed({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', labels: { app: 'operator' } },
  });
  const result = await recoverSamples(SMALL, cluster, stuck.path, {
    bend: holding(cluster),
    consents: { holdExisting: true },
  });
  assert.deepEqual(
    result.failed.map(({ reason }) => reason.code),
    ['HOLD-FAILED'],
  );
  assert.equal(result.counts.blocked, 3);
  assert.ok(cluster.objects.has('validatingwebhookconfigurations.admissionregistration.k8s.io/guard' as KeyText));
});
