import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, getJson } from './api.ts';
import { type KubeObject, resourceTypes } from './captured.ts';
import { discover } from './discovery.ts';
import { controlPlaneAvailable, startControlPlane } from './fixture.ts';
import { pathOf, placer } from './places.ts';

const availability = await controlPlaneAvailable();
const skip = availability.kind === 'unavailable' ? `${availability.why}; ${availability.hint}` : false;

/** One object of each resource whose place in the store has an old name or might be thought to have a group. */
const pod = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const SAMPLES: readonly (readonly [path: string, object: object])[] = [
  ['/api/v1/nodes', {}],
  ['/api/v1/namespaces/default/replicationcontrollers', { spec: { selector: { a: 'b' }, template: pod } }],
  ['/api/v1/namespaces/default/services', { spec: { ports: [{ port: 80 }] } }],
  ['/api/v1/namespaces/default/endpoints', {}],
  ['/apis/apps/v1/namespaces/default/deployments', { spec: { selector: { matchLabels: { a: 'b' } }, template: pod } }],
  [
    '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
    { spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } } },
  ],
  ['/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', { spec: { podSelector: {} } }],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
    {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['limitranges'] }],
        },
        validations: [{ expression: 'true' }],
      },
    },
  ],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
    { spec: { policyName: 'sample', validationActions: ['Deny'] } },
  ],
  ['/apis/storage.k8s.io/v1/storageclasses', { provisioner: 'example.org/none' }],
  ['/apis/node.k8s.io/v1/runtimeclasses', { handler: 'sample' }],
  ['/apis/resource.k8s.io/v1/deviceclasses', { spec: {} }],
  [
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    {
      metadata: { name: 'boats.example.org' },
      spec: {
        group: 'example.org',
        scope: 'Namespaced',
        names: { plural: 'boats', singular: 'boat', kind: 'Boat' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    },
  ],
  ['/apis/example.org/v1/namespaces/default/boats', { apiVersion: 'example.org/v1', kind: 'Boat' }],
];

/** What the API server keeps beside objects: allocations and the like. */
const NOT_OBJECTS = /^\/registry\/(ranges|masterleases|peerserverleases|events)\//;

test('every object lies in etcd under the key derived for it, and nothing else does', { skip }, async () => {
  await using plane = await startControlPlane();
  for (const [path, object] of SAMPLES) {
    const deadline = performance.now() + 10_000;
    const body = { metadata: { name: 'sample' }, ...object };
    let answer = await ask(plane, 'POST', path, body);
    // The sample definition takes a moment to be served.
    while ((answer.status === 404 || answer.status === 429) && performance.now() < deadline) {
      answer = await ask(plane, 'POST', path, body);
    }
    assert.equal(answer.status, 201, answer.body);
  }
  // Controllers that go on writing would change the keys between the two looks at them.
  await plane.stopControllerManager();

  const discovery = await discover(plane, 'preferred');
  const objects: KubeObject[] = [];
  for (const type of resourceTypes(discovery)) {
    if (!type.listable || !type.writable || type.kind === 'Event') continue;
    const { apiVersion, items } = (await getJson(plane, pathOf(type))) as { apiVersion: string; items: KubeObject[] };
    objects.push(...items.map((item) => ({ ...item, apiVersion, kind: type.kind })));
  }
  const place = placer(objects, discovery, discovery);
  const derived = objects.map((object) => {
    const placement = place(object);
    return placement.kind === 'placed' ? placement.key : `${placement.name}: ${placement.why}`;
  });
  const stored = (await plane.rawKeys('/registry/')).filter((key) => !NOT_OBJECTS.test(key));
  assert.deepEqual(derived.sort(), stored.sort());
});
