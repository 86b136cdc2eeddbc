import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantityText } from '../../../src/objects/quantity.ts';
import { admissionChain } from '../../../src/sandbox/admission/chain.ts';
import { plus, quantity } from '../../../src/sandbox/admission/quantity.ts';
import type { WebhookCall } from '../../../src/sandbox/admission/webhooks/caller.ts';
import { stage } from './stage.ts';

const send = (method: string, path: string, body?: object) => ({
  as: 'admin',
  method,
  path,
  ...(body === undefined ? {} : { body }),
});
const configMap = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const message = (body: unknown): string => (body as { message: string }).message;

test('the chain has the order of the real one', () => {
  const names = admissionChain({ api: () => assert.fail('nobody asks') }).map(({ name }) => name);
  assert.deepEqual(names, [
    // No plugin of the real chain: the server of definitions refuses by itself.
    'TerminatingDefinition',
    'NamespaceLifecycle',
    'LimitRanger',
    'ServiceAccount',
    'TaintNodesByCondition',
    'PodSecurity',
    'Priority',
    'DefaultTolerationSeconds',
    'DefaultStorageClass',
    'StorageObjectInUseProtection',
    'PersistentVolumeClaimResize',
    'RuntimeClass',
    'CertificateApproval',
    'CertificateSigning',
    'DefaultIngressClass',
    'MutatingAdmissionWebhook',
    'ValidatingAdmissionWebhook',
    'ResourceQuota',
  ]);
});

test('of creates that race for a quota exactly as many are made as it holds', async () => {
  const { ask, settle, api } = await stage({});
  await ask(send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }));
  await settle();
  const hard = { secrets: '5' };
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { hard } };
  await ask(send('POST', '/api/v1/namespaces/n/resourcequotas', quota));
  await settle();
  const secret = (index: number): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `s${index}` } });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => ask(send('POST', '/api/v1/namespaces/n/secrets', secret(index)))),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 5);
  const refused = answers.filter(({ status }) => status === 403);
  assert.equal(refused.length, 15);
  assert.match(
    message(refused[0]?.body),
    /exceeded quota: q, requested: secrets=1, used: secrets=5, limited: secrets=5$/,
  );
  await ask(send('DELETE', '/api/v1/namespaces/n/secrets/s0'));
  await settle();
  const status = api.get('resourcequotas' as never, 'n', 'q')?.status as { used: object };
  assert.deepEqual(status.used, { secrets: '4' });
});

test('a webhook is asked again when a later one changed what it saw, if it wants that', async () => {
  const calls: string[] = [];
  const { ask } = await stage(
    {},
    {
      webhooks: {
        async caller(call: WebhookCall) {
          const name = new URL(call.url).pathname.slice(1);
          const { uid, object } = (call.body as { request: { uid: string; object: { data?: object } } }).request;
          calls.push(`${name} ${JSON.stringify(object.data ?? {})}`);
          const data = { ...object.data, [name]: 'was here' };
          const patch = Buffer.from(JSON.stringify([{ op: 'add', path: '/data', value: data }])).toString('base64');
          const response = { uid, allowed: true, patchType: 'JSONPatch', patch };
          return {
            status: 200,
            body: JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response }),
          };
        },
      },
    },
  );
  const webhook = (name: string, reinvocationPolicy: string): object => ({
    name: `${name}.example.com`,
    clientConfig: { url: `https://127.0.0.1:1/${name}` },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    reinvocationPolicy,
  });
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'both' },
    webhooks: [webhook('first', 'IfNeeded'), webhook('second', 'Never')],
  };
  const path = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
  assert.equal((await ask(send('POST', path, configuration))).status, 201);
  const made = await ask(send('POST', '/api/v1/namespaces/default/configmaps', configMap('a')));
  assert.deepEqual((made.body as { data: object }).data, { first: 'was here', second: 'was here' });
  assert.deepEqual(calls, [
    'first {}',
    'second {"first":"was here"}',
    'first {"first":"was here","second":"was here"}',
  ]);
});

test('an amount keeps its size and has one spelling', () => {
  const suffix = fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'n', 'u', 'e3');
  const amount = fc.tuple(fc.nat(5_000_000), suffix).map(([size, unit]) => `${size}${unit}`);
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const text = quantityText(quantity(a));
      assert.equal(quantityText(quantity(text)), text);
      assert.equal(quantity(text).nano, quantity(a).nano);
      assert.equal(plus(quantity(a), quantity(b)).nano, plus(quantity(b), quantity(a)).nano);
    }),
    { numRuns: 300 },
  );
  const spelled = ['2000m', '1024Mi', '0.5', '1536Mi', '100e2', '1.5Gi', '1000', '0', '1Ki', '512'];
  assert.deepEqual(
    spelled.map((text) => quantityText(quantity(text))),
    ['2', '1Gi', '500m', '1536Mi', '10e3', '1536Mi', '1k', '0', '1Ki', '512'],
  );
});
