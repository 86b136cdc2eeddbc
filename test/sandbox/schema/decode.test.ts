import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MutableJsonObject } from '../../../src/objects/json.ts';
import { recordedObjects } from '../../../src/sandbox/recorded/recorded.ts';
import { asStored } from '../../../src/sandbox/schema/as-stored.ts';
import { decodeBuiltIn, WrongType } from '../../../src/sandbox/schema/decode.ts';
import { canonicalQuantity } from '../../../src/sandbox/schema/quantity.ts';

const gvkOf = (apiVersion: string, kind: string) => ({
  group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
  version: apiVersion.slice(apiVersion.indexOf('/') + 1),
  kind,
});
const DEPLOYMENT = gvkOf('apps/v1', 'Deployment');
const deployment = (container: object): MutableJsonObject =>
  structuredClone({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [{ name: 'c', ...container }] } } },
  }) as unknown as MutableJsonObject;

test('an object of the real server stays as it is', () => {
  for (const object of recordedObjects('beside-manager')) {
    const gvk = gvkOf(object.apiVersion, object.kind);
    const body = structuredClone(object) as unknown as MutableJsonObject;
    assert.deepEqual(decodeBuiltIn(body, gvk), []);
    asStored(body, gvk);
    assert.deepEqual(body, object);
  }
});

test('a body becomes what the server would answer: the empty gone, what is always there there', () => {
  const body = deployment({ image: '', env: [], resources: { limits: { cpu: '1000m' } } });
  assert.deepEqual(decodeBuiltIn(body, DEPLOYMENT), []);
  assert.deepEqual(body.spec, {
    selector: null,
    template: { metadata: {}, spec: { containers: [{ name: 'c', resources: { limits: { cpu: '1' } } }] } },
    strategy: {},
  });
});

test('unknown fields are dropped and told in the order of the body', () => {
  const body = { ...deployment({ bogus: 1, ports: [{ x: 1 }] }), top: 1 };
  assert.deepEqual(decodeBuiltIn(body, DEPLOYMENT), [
    'unknown field "spec.template.spec.containers[0].bogus"',
    'unknown field "spec.template.spec.containers[0].ports[0].x"',
    'unknown field "top"',
  ]);
  assert.ok(!JSON.stringify(body).includes('bogus'));
});

test('a wrong type is refused in the words of the server', () => {
  // Each line was answered by kube-apiserver v1.34.4.
  const lines: readonly (readonly [object, string])[] = [
    [
      { ports: [{ containerPort: '80' }] },
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32',
    ],
    [
      { livenessProbe: { httpGet: { port: true } } },
      'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.template.spec.containers.livenessProbe.httpGet.port of type int32',
    ],
    [
      { resources: { limits: { cpu: 'zz' } } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      { command: 'x' },
      'json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.command of type []string',
    ],
  ];
  for (const [container, message] of lines)
    assert.throws(
      () => decodeBuiltIn(deployment(container), DEPLOYMENT),
      (error) => error instanceof WrongType && error.message === message,
    );
});

test('an empty list of managed fields is kept, because it asks for a fresh start', () => {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { managedFields: [] } } as unknown as MutableJsonObject;
  decodeBuiltIn(body, gvkOf('v1', 'ConfigMap'));
  assert.deepEqual(body.metadata, { managedFields: [] });
});

test('what is stored as protobuf forgets that a list was empty, what is stored as JSON does not', () => {
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: {}, rules: [] };
  asStored(role, gvkOf('rbac.authorization.k8s.io/v1', 'ClusterRole'));
  assert.equal(role.rules, null);
});

test('quantities are answered as the server answers them', () => {
  // Read from kube-apiserver v1.34.4.
  const answers = {
    '1000m': '1',
    '0.5': '500m',
    '1024Mi': '1Gi',
    '1.5Gi': '1536Mi',
    '0.5Mi': '512Ki',
    '1025Ki': '1025Ki',
    '1000k': '1M',
    '1E3': '1E3',
    '+1': '+1',
    '1234567.891': '1234567.891',
    '00.10': '100m',
    '0Mi': '0',
  };
  for (const [sent, value] of Object.entries(answers)) assert.deepEqual(canonicalQuantity(sent), { value }, sent);
  assert.ok('problem' in canonicalQuantity('1 Gi'));
});
