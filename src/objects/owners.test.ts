import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnerReference } from './json.ts';
import { controllerOf, namesSameOwner, ownersOf, sameOwner, sameOwners, withOwnerUid } from './owners.ts';

const owner: OwnerReference = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u1', controller: true };
const other: OwnerReference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'web', uid: 'u2' };

test('the controller is the owner that says so', () => {
  assert.equal(controllerOf({ metadata: { ownerReferences: [other, owner] } }), owner);
  assert.equal(controllerOf({ metadata: { ownerReferences: [other] } }), undefined);
  assert.deepEqual(ownersOf({ metadata: {} }), []);
});

test('owners are equal in any order, a false flag is an absent one, another UID is another owner', () => {
  assert.ok(sameOwners([owner, other], [{ ...other, controller: false, blockOwnerDeletion: false }, owner]));
  assert.ok(!sameOwners([owner, other], [owner]));
  assert.ok(!sameOwners([owner, other], [owner, owner]));
  assert.ok(!sameOwner(owner, withOwnerUid(owner, 'u9')));
  assert.ok(!sameOwner(owner, { ...owner, controller: false }));
});

test('a relinked owner still names the same one, in another version too, but not in another group', () => {
  assert.ok(namesSameOwner(owner, { ...withOwnerUid(owner, 'u9'), apiVersion: 'apps/v1beta2' }));
  assert.ok(!namesSameOwner(owner, { ...owner, apiVersion: 'extensions/v1' }));
  assert.deepEqual(Object.keys(withOwnerUid(owner, 'u9')), Object.keys(owner));
});
