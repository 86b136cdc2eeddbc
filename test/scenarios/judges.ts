import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { getAt } from '../../src/objects/pointer.ts';
import type { Made } from './api-objects.ts';
import { complaints, type Ground, type Place, recovered, without } from './lost-and-recovered.ts';
import {
  configMap,
  definition,
  job,
  namespace,
  pod,
  podSpec,
  readyEndpoint,
  secret,
  service,
  webhook,
} from './manifests.ts';

const ADMISSION = 'admissionregistration.k8s.io/v1';
const policy: Made = {
  apiVersion: ADMISSION,
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'no-pets' },
  spec: {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    validations: [{ expression: "!has(object.metadata.labels) || !('pet' in object.metadata.labels)" }],
  },
};
const binding: Made = {
  apiVersion: ADMISSION,
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: 'no-pets' },
  spec: { policyName: 'no-pets', validationActions: ['Deny'] },
};
const widget = (name: string): Made => ({
  apiVersion: 'shop.example.org/v1',
  kind: 'Widget',
  metadata: { name, namespace: 'plain' },
});
const pet: Made = { ...pod('plain/cat'), metadata: { name: 'cat', namespace: 'plain', labels: { pet: 'yes' } } };

/** Each judge comes after what it would refuse today. Pods wait for the widgets, and those for their definition: judges could be faster. */
async function world(source: Place): Promise<void> {
  const { objects } = source;
  await objects.make(namespace('full'), namespace('limited'), namespace('strict'), namespace('plain'));
  await objects.make(definition('shop.example.org', 'Widget'), widget('one'), pet);
  await objects.make(pod('full/first'), pod('full/second'), secret('full/a'), secret('full/b'));
  const hard = { pods: '1', secrets: '2' };
  await objects.make({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'full' },
    spec: { hard },
  });
  await objects.until('the quota counts two Pods', async () => {
    return getAt(await objects.see('v1 ResourceQuota full/q'), '/status/used/pods') === '2';
  });
  await objects.make(pod('limited/unlimited'), {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'l', namespace: 'limited' },
    spec: { limits: [{ type: 'Container', default: { cpu: '100m' }, defaultRequest: { cpu: '50m' } }] },
  });
  const privileged = { containers: [{ name: 'main', image: 'x', securityContext: { privileged: true } }] };
  await objects.make(
    pod('strict/old-timer', privileged),
    configMap('strict/settings'),
    job('strict/suspended', { suspend: true }),
  );
  await objects.make({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: 'strict' },
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: { spec: { template: { spec: { ...podSpec(), restartPolicy: 'Never' } } } },
    },
  });
  await objects.change('v1 Namespace strict', {
    metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  await objects.make(policy, binding);
  const ports = [{ port: 443 }];
  await objects.make(
    service('plain/judge', { ports }),
    readyEndpoint('plain/judge'),
    service('plain/nobody', { ports }),
  );
  await objects.make(webhook('with-backend', 'plain/judge', ['nothing.example.org'], ['things']));
  await objects.make(webhook('without-backend', 'plain/nobody', ['nothing.example.org'], ['things']));
  // Refuses every Secret from here on, as its backend is gone.
  await objects.make(webhook('of-the-dead', 'plain/no-such-service', [''], ['secrets']));
}

export async function scenarios(on: Ground): Promise<void> {
  const point = await on.lost(world);
  const target = await on.place();
  after(() => target[Symbol.asyncDispose]());
  const { objects } = target;
  const { plan, result } = await recovered(target, point);

  test('only the Pod that its namespace forbids, its schedule and the webhooks without backend are missing', () => {
    assert.deepEqual(complaints(result), [
      'BACKEND-NOT-READY create validatingwebhookconfigurations.admissionregistration.k8s.io/of-the-dead',
      'BACKEND-NOT-READY create validatingwebhookconfigurations.admissionregistration.k8s.io/without-backend',
      'BLOCKED amend cronjobs.batch/strict/nightly released',
      'BLOCKED barrier complete strict',
      'POD-SECURITY create pods/strict/old-timer',
    ]);
    assert.equal(result.exit, 3);
  });

  test('a quota that is exceeded comes after what exceeds it', async () => {
    assert.deepEqual(await objects.names('v1 Pod full/'), ['first', 'second']);
    assert.deepEqual(await objects.names('v1 Secret full/'), ['a', 'b']);
    await objects.see('v1 ResourceQuota full/q');
  });

  test('a LimitRange changes nothing of what was there before it', async () => {
    await objects.see('v1 LimitRange limited/l');
    const back = await objects.see('v1 Pod limited/unlimited');
    assert.deepEqual(getAt(back, '/spec/containers/0/resources'), {});
  });

  test('an admission policy is bound after the objects that it would refuse', async () => {
    await objects.see('v1 Pod plain/cat');
    await objects.see(`${ADMISSION} ValidatingAdmissionPolicyBinding no-pets`);
  });

  test('a webhook configuration comes back when its backend is ready, and stays withheld where it is not', async () => {
    assert.deepEqual(await objects.names(`${ADMISSION} ValidatingWebhookConfiguration`), ['with-backend']);
    const withheld = result.withheld.find(({ key }) => key?.endsWith('/without-backend'));
    assert.match(withheld?.reason.sentence ?? '', /plain\/nobody/);
  });

  test('a Pod that Pod security refuses is a failed check with its name', async () => {
    const check = result.checks.find(({ key }) => key === 'pods/strict/old-timer');
    assert.equal(check?.status, 'failed');
    assert.equal(check?.code, 'POD-SECURITY');
    assert.match(check?.sentence ?? '', /old-timer/);
    assert.equal(await objects.look('v1 Pod strict/old-timer'), undefined);
    await objects.see('v1 ConfigMap strict/settings');
    await objects.see('batch/v1 Job strict/suspended');
  });

  test('the schedule of a namespace that is not complete stays suspended', async () => {
    assert.equal(getAt(await objects.see('batch/v1 CronJob strict/nightly'), '/spec/suspend'), true);
    assert.ok(plan.steps.some(({ id }) => id === ('barrier complete strict' as string)));
  });

  test('without these rules the judges refuse what they came too early for', async () => {
    await using careless = await on.place();
    const rules = ['JUDGES-THE-NAMESPACE', 'JUDGES-THE-CLUSTER', 'WEBHOOK-WITHOUT-BACKEND'];
    const harmed = await recovered(careless, point, { systems: without(...rules) });
    const missing = harmed.result.failed.map(({ key }) => key);
    assert.ok(missing.includes('pods/plain/cat' as never), 'the policy refuses the cat');
    assert.ok((await careless.objects.names('v1 Pod full/')).length < 2, 'the quota refuses a Pod');
    const limited = await careless.objects.see('v1 Pod limited/unlimited');
    assert.equal(getAt(limited, '/spec/containers/0/resources/limits/cpu'), '100m', 'the LimitRange changes a Pod');
    const dead = await careless.objects.names(`${ADMISSION} ValidatingWebhookConfiguration`);
    assert.ok(dead.includes('of-the-dead'), 'a webhook that nobody answers refuses every Secret from now on');
  });
}
