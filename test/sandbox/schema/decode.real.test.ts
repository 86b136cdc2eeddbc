import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MutableJsonObject } from '../../../src/objects/json.ts';
import { decodeBuiltIn, WrongType } from '../../../src/sandbox/schema/decode.ts';
import { ask } from '../../control-plane/api.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';

const availability = await controlPlaneAvailable();
const skip = availability.kind === 'unavailable' ? `${availability.why}; ${availability.hint}` : false;

let plane: ControlPlane;
before(async () => {
  if (skip === false) plane = await startControlPlane({ controllerManager: false });
});
after(async () => {
  await plane?.stop();
});

interface Case {
  readonly gvk: { readonly group: string; readonly version: string; readonly kind: string };
  readonly path: string;
  readonly body: object;
}

const deployment = (container: object, spec: object = {}, pod: object = {}, more: object = {}): Case => ({
  gvk: { group: 'apps', version: 'v1', kind: 'Deployment' },
  path: '/apis/apps/v1/namespaces/default/deployments',
  body: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: {
        metadata: { labels: { a: 'b' } },
        spec: { containers: [{ name: 'c', image: 'i', ...container }], ...pod },
      },
      ...spec,
    },
    ...more,
  },
});
const core = (kind: string, plural: string, more: object): Case => ({
  gvk: { group: '', version: 'v1', kind },
  path: `/api/v1/namespaces/default/${plural}`,
  body: { apiVersion: 'v1', kind, metadata: { name: 'c' }, ...more },
});
const configMap = (more: object): Case => core('ConfigMap', 'configmaps', more);
const lease = (renewTime: unknown): Case => ({
  gvk: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' },
  path: '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' }, spec: { renewTime } },
});
const created = (creationTimestamp: unknown): Case => configMap({ metadata: { name: 'c', creationTimestamp } });

/** Every one is refused by the strict decoder. */
const CASES: readonly Case[] = [
  ...['3', 1.5, 3_000_000_000, true, {}, []].map((replicas) => deployment({}, { replicas })),
  deployment({}, { paused: 'x' }),
  deployment({}, { strategy: 'x' }),
  deployment({}, { template: [] }),
  deployment({}, {}, { containers: 'x' }),
  deployment({}, {}, { nodeSelector: { a: 1 } }),
  deployment({}, {}, { volumes: [{ name: 1 }] }),
  deployment({ ports: [{ containerPort: '80' }] }),
  deployment({ env: [{ name: 'a', value: 1 }] }),
  deployment({ args: [1] }),
  deployment({ command: 'x' }),
  deployment({ imagePullPolicy: 1 }),
  deployment({ securityContext: { runAsUser: 'x' } }),
  ...['zz', true, '', '1 Gi'].map((cpu) => deployment({ resources: { limits: { cpu } } })),
  ...[true, 1.5].map((port) => deployment({ livenessProbe: { httpGet: { port } } })),
  ...[{ a: 1 }, ['a'], 'x'].map((labels) => configMap({ metadata: { name: 'c', labels } })),
  ...[{ a: 1 }, [], 'x'].map((data) => configMap({ data })),
  ...['***', 'AAA', 1].map((a) => configMap({ binaryData: { a } })),
  configMap({ immutable: 'x' }),
  configMap({ metadata: 'x' }),
  configMap({ metadata: { name: 5 } }),
  configMap({ metadata: { name: 'c', generation: '1' } }),
  configMap({ metadata: { name: 'c', finalizers: [1] } }),
  configMap({ metadata: { name: 'c', ownerReferences: [{ controller: 'x' }] } }),
  core('Secret', 'secrets', { data: { a: 'plain text' } }),
  core('Secret', 'secrets', { stringData: { a: 1 } }),
  core('Service', 'services', { spec: { ports: [{ port: '80' }] } }),
  core('Service', 'services', { spec: 'x' }),
  ...['x', '2020-01-01', '2020-01-01T00:00:00Z'].map(lease),
  ...[5, 'x', '2020-13-01T00:00:00Z', '2020-02-30T00:00:00Z', '2020-01-01T00:00:00'].map(created),
  deployment({ bogus: 1 }, { z: 1, b: 1 }, { affinity: { q: 1 } }, { top: 1 }),
  deployment({ ports: [{ containerPort: 80, x: 1 }], image: 5 }, { z: 1 }),
];

test('what the strict decoder refuses is refused here in the same words', { skip }, async () => {
  const differing: unknown[] = [];
  for (const { gvk, path, body } of CASES) {
    const answer = await ask(plane, 'POST', `${path}?dryRun=All&fieldValidation=Strict`, body);
    const { message } = JSON.parse(answer.body) as { message: string };
    const why = complaintOf(structuredClone(body) as MutableJsonObject, gvk);
    const ours = `${gvk.kind} in version "v1" cannot be handled as a ${gvk.kind}: ${why}`;
    if (answer.status !== 400 || ours !== message) differing.push({ status: answer.status, real: message, ours });
  }
  assert.deepEqual(differing, []);
});

function complaintOf(body: MutableJsonObject, gvk: Case['gvk']): string {
  try {
    return `strict decoding error: ${decodeBuiltIn(body, gvk).join(', ')}`;
  } catch (error) {
    if (error instanceof WrongType) return error.message;
    throw error;
  }
}
