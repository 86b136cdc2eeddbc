import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedDocument, recordedGroupVersions } from '../../../src/sandbox/recorded/recorded.ts';
import { builtInTypes } from '../../../src/sandbox/schema/built-in.ts';
import type { FieldType } from '../../../src/sandbox/schema/field-type.ts';
import { emptyObject, shapeOf } from '../../../src/sandbox/schema/go-shape.ts';

const types = builtInTypes();
const POD = { group: '', version: 'v1', kind: 'Pod' };

function at(type: FieldType | undefined, path: string): FieldType {
  let here = type;
  for (const name of path.split('.')) {
    if (here?.kind === 'list') here = here.items;
    assert.ok(here?.kind === 'struct', `${path}: ${name} stands in no struct`);
    here = here.field(name);
  }
  assert.ok(here !== undefined, path);
  return here;
}

test('every kind that discovery names has a type and a shape', () => {
  for (const path of recordedGroupVersions()) {
    const groupVersion = path.replace(/^\/apis?\//, '');
    const slash = groupVersion.indexOf('/');
    const own = { group: groupVersion.slice(0, Math.max(slash, 0)), version: groupVersion.slice(slash + 1) };
    const resources = recordedDocument(path)?.resources as unknown as {
      kind: string;
      group?: string;
      version?: string;
    }[];
    for (const { kind, group = own.group, version = own.version } of resources) {
      // Answers of connections, not objects.
      if (kind.endsWith('Options')) continue;
      assert.equal(types.typeOf({ group, version, kind })?.kind, 'struct', `${group}/${version} ${kind}`);
      assert.ok(shapeOf({ group, version, kind }) !== undefined, `${group}/${version} ${kind}`);
    }
  }
});

test('lists tell how their items are told apart, and what a key is when it is absent', () => {
  const ports = at(types.typeOf(POD), 'spec.containers.ports');
  assert.ok(ports.kind === 'list');
  assert.deepEqual(
    [ports.listType, ports.keys, ports.keyDefaults],
    ['map', ['containerPort', 'protocol'], { containerPort: 0, protocol: 'TCP' }],
  );
  const finalizers = at(types.typeOf(POD), 'metadata.finalizers');
  assert.ok(finalizers.kind === 'list' && finalizers.listType === 'set');
  const args = at(types.typeOf(POD), 'spec.containers.args');
  assert.ok(args.kind === 'list' && args.listType === 'atomic');
  const rules = at(types.typeOf({ group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRole' }), 'rules');
  assert.ok(rules.kind === 'list' && rules.listType === 'atomic');
});

test('strategic rules stand on the struct that has the field', () => {
  const spec = at(types.typeOf(POD), 'spec');
  assert.ok(spec.kind === 'struct');
  assert.deepEqual(spec.patchStrategies?.get('volumes'), { strategies: ['merge', 'retainKeys'], mergeKey: 'name' });
});

test('quantities, int-or-string and atomic maps are known', () => {
  const resources = at(types.typeOf(POD), 'spec.containers.resources.limits');
  assert.ok(resources.kind === 'map' && resources.values.kind === 'scalar' && resources.values.scalar === 'quantity');
  const port = at(types.typeOf({ group: '', version: 'v1', kind: 'Service' }), 'spec.ports.targetPort');
  assert.deepEqual(port, { kind: 'scalar', scalar: 'int-or-string' });
  const selector = at(types.typeOf({ group: 'apps', version: 'v1', kind: 'Deployment' }), 'spec.selector');
  assert.ok(selector.kind === 'struct' && selector.atomic);
});

test('schemas that hold themselves are made as far as they are asked for', () => {
  const definition = types.typeOf({ group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' });
  assert.equal(at(definition, 'spec.versions.schema.openAPIV3Schema.not.not.not.type').kind, 'scalar');
});

test('an empty object of a kind has what is always there', () => {
  assert.deepEqual(emptyObject({ group: 'apps', version: 'v1', kind: 'Deployment' }), {
    metadata: {},
    spec: { selector: null, template: { metadata: {}, spec: { containers: null } }, strategy: {} },
    status: {},
    apiVersion: 'apps/v1',
    kind: 'Deployment',
  });
  assert.deepEqual(emptyObject({ group: 'example.org', version: 'v1', kind: 'Boat' }), {
    apiVersion: 'example.org/v1',
    kind: 'Boat',
  });
});
