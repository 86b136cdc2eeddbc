import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeWrites, type Write } from './audit.ts';

const NOBODY: ReadonlySet<string> = new Set();
const write = (verb: string, name: string, uid: string, more: Partial<Write> = {}): Write => ({
  userAgent: 'seaworthy-bench-kill/k000z',
  verb,
  key: `configmaps./k000z-app/${name}`,
  subresource: '',
  code: verb === 'create' ? 201 : 200,
  uid,
  owners: [],
  ...more,
});

test('one creation, its second write and a child that names it are as they must be', () => {
  const owner = write('create', 'owner', 'u1');
  const child = write('create', 'child', 'u2', { owners: ['u1'] });
  const found = judgeWrites([owner, write('patch', 'owner', 'u1'), child], NOBODY);
  assert.deepEqual(found, { wrongUid: [], twice: [], staleOwners: [], stopped: 0, accepted: 3 });
});

test('a write to another object of that name is a write to a wrong UID, whoever made it', () => {
  const made = write('create', 'a', 'u1');
  assert.equal(judgeWrites([made, write('patch', 'a', 'u2')], NOBODY).wrongUid.length, 1);
  assert.equal(judgeWrites([write('patch', 'a', 'u2')], new Set(['u2'])).wrongUid.length, 1);
});

test('what the server refused does no harm and is counted', () => {
  const found = judgeWrites([write('create', 'a', 'u1'), write('patch', 'a', '', { code: 409 })], new Set(['']));
  assert.deepEqual([found.wrongUid, found.stopped, found.accepted], [[], 1, 1]);
});

test('an object created twice, and an owner that nobody made, are found', () => {
  const writes = [
    write('create', 'a', 'u1'),
    write('create', 'a', 'u2'),
    write('create', 'b', 'u3', { owners: ['old'] }),
  ];
  const found = judgeWrites(writes, NOBODY);
  assert.deepEqual([found.twice.length, found.staleOwners.length], [1, 1]);
});
