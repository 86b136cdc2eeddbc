import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MutableJsonObject } from '../../../src/objects/json.ts';
import { fieldPath, putAt, valueAt } from '../../../src/sandbox/controllers/crossplane/field-path.ts';
import { policyOf } from '../../../src/sandbox/controllers/crossplane/policy.ts';
import { patchFromComposite, templatesOf } from '../../../src/sandbox/controllers/crossplane/template.ts';

const managed = (deletionPolicy: string, managementPolicies: string[]) =>
  policyOf({ apiVersion: 'x/v1', kind: 'X', metadata: {}, spec: { deletionPolicy, managementPolicies } });

test('whether a deletion reaches the outside follows the truth table, its surprise included', () => {
  assert.deepEqual(
    [
      managed('Delete', ['*']).delete,
      managed('Orphan', ['*']).delete,
      managed('Orphan', ['Observe', 'Create', 'Delete']).delete,
      managed('Delete', ['Observe', 'Create', 'Update']).delete,
      managed('Delete', ['Observe']).delete,
    ],
    [true, false, true, false, false],
  );
  assert.equal(managed('Delete', []).paused, true);
  assert.notEqual(managed('Delete', ['Update']).invalid, undefined);
});

test('field paths go through annotations with dots and lists', () => {
  assert.deepEqual(fieldPath('metadata.annotations[crossplane.io/external-name]'), [
    'metadata',
    'annotations',
    'crossplane.io/external-name',
  ]);
  const object: MutableJsonObject = {};
  putAt(object, 'spec.subnets[0].id', 'a');
  assert.deepEqual(object, { spec: { subnets: [{ id: 'a' }] } });
  assert.equal(valueAt(object, 'spec.subnets[0].id'), 'a');
  assert.equal(valueAt(object, 'spec.subnets[1].id'), undefined);
});

test('resources and the input of function-patch-and-transform are the same templates; patch sets are laid in', () => {
  const resources = [
    {
      name: 'db',
      base: { apiVersion: 'v1', kind: 'X' },
      patches: [
        { type: 'PatchSet', patchSetName: 'size' },
        {
          fromFieldPath: 'metadata.uid',
          toFieldPath: 'spec.secret',
          transforms: [{ type: 'string', string: { fmt: '%s-db' } }],
          type: 'FromCompositeFieldPath',
        },
      ],
    },
  ];
  const patchSets = [{ name: 'size', patches: [{ type: 'FromCompositeFieldPath', fromFieldPath: 'spec.size' }] }];
  const plain = templatesOf({ mode: 'Resources', resources, patchSets });
  const piped = templatesOf({
    mode: 'Pipeline',
    pipeline: [{ step: 'a', input: { resources, patchSets } }, { step: 'ready' }],
  });
  assert.deepEqual(plain, piped);
  const body: MutableJsonObject = {};
  patchFromComposite(body, { metadata: { uid: 'u' }, spec: { size: 'small' } }, plain[0]?.patches ?? []);
  assert.deepEqual(body, { spec: { size: 'small', secret: 'u-db' } });
});
