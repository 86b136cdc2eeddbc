import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../bench/fidelity/compare.ts';
import { KNOWN_DIFFERENCES, knownDifference, MOST_KNOWN } from '../../bench/fidelity/known-differences.ts';
import { scriptOf } from '../../bench/fidelity/script.ts';
import type { Transcript } from '../../bench/fidelity/transcript.ts';
import type { Json } from '../../src/objects/json.ts';

const REAL = 'aaaaaaaa-0000-4000-8000-000000000001';
const OTHER = 'bbbbbbbb-0000-4000-8000-000000000002';
const script = (more: object = {}) =>
  scriptOf(
    { topic: 'watch', title: 'x', steps: [{ request: 'GET /a' }, { request: 'GET /b' }], ...more },
    'a.json',
    'a',
  );
const said = (...bodies: Json[]): Transcript => ({
  said: bodies.map((body) => ({ kind: 'answer', status: 200, headers: {}, body })),
  state: {},
});
const object = (uid: string, resourceVersion: string, more: Json = {}): Json => ({
  kind: 'ConfigMap',
  metadata: { name: 'a', uid, resourceVersion, creationTimestamp: '2026-01-01T00:00:00Z' },
  data: more,
});
const pointers = (one: Transcript, other: Transcript, of = script()): string[] =>
  compare(of, 'sx', one, other).map(({ step, pointer }) => `${step} ${pointer}`);

describe('two servers agree', () => {
  test('when only UIDs, times and the numbers of versions differ', () => {
    assert.deepEqual(
      pointers(said(object(REAL, '5'), object(REAL, '9')), said(object(OTHER, '101'), object(OTHER, '102'))),
      [],
    );
  });
  test('not when one makes a new version of an object that did not change', () => {
    assert.deepEqual(
      pointers(said(object(REAL, '5'), object(REAL, '5')), said(object(OTHER, '1'), object(OTHER, '2'))),
      ['2 /body/metadata/resourceVersion'],
    );
  });
  test('not when one gives the object a second life', () => {
    const found = pointers(said(object(REAL, '5'), object(REAL, '5')), said(object(OTHER, '1'), object(REAL, '2')));
    assert.ok(found.includes('2 /body/metadata/uid'));
  });
  test('not about an owner reference to another UID', () => {
    const owned = (uid: string): Json => ({ kind: 'Secret', metadata: { name: 'b', ownerReferences: [{ uid }] } });
    assert.deepEqual(pointers(said(object(REAL, '5'), owned(REAL)), said(object(OTHER, '5'), owned(OTHER))), []);
    assert.deepEqual(pointers(said(object(REAL, '5'), owned(REAL)), said(object(OTHER, '5'), owned(REAL))), [
      '2 /body/metadata/ownerReferences/0/uid',
    ]);
  });
  test('not when what the script asked for did not come back', () => {
    const asking = script({ steps: [{ request: 'POST /a', body: { spec: { clusterIP: '10.0.0.9' } } }] });
    const service = (clusterIP: string): Json => ({ spec: { clusterIP } });
    assert.deepEqual(pointers(said(service('10.0.0.9')), said(service('10.0.0.8')), asking), [
      '1 /body/spec/clusterIP',
    ]);
    assert.deepEqual(pointers(said(service('10.0.0.7')), said(service('10.0.0.8')), script()), []);
  });
  test('about the order of the state, and what the script leaves out, but not about the order of a list', () => {
    const list = (...names: string[]): Json => ({ items: names.map((name) => ({ metadata: { name } })) });
    assert.equal(pointers(said(list('a', 'b')), said(list('b', 'a'))).length, 2);
    const at = script({ state: ['/a'], ignore: ['/metadata/labels'] });
    const state = (...items: Json[]): Transcript => ({ said: [], state: { '/a': { status: 200, items } } });
    const [one, two] = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }];
    assert.deepEqual(pointers(state(one, two), state(two, { metadata: { name: 'a', labels: { x: 'y' } } }), at), []);
    assert.equal(pointers(state(one, two), state(one), at).length, 1);
  });
});

describe('known differences', () => {
  test('are few and give their reasons', () => {
    assert.ok(KNOWN_DIFFERENCES.length <= MOST_KNOWN);
    for (const { reason } of KNOWN_DIFFERENCES) assert.ok(reason.length > 20);
  });
  test('never excuse a status code, an owner, a finalizer or a UID', () => {
    const excuse = [{ name: 'all', reason: 'everything is excused', matches: () => true }];
    const at = (pointer: string) =>
      knownDifference({ script: 'a', step: 1, asked: 'GET /a', pointer, real: 1, sandbox: 2 }, excuse);
    assert.equal(at('/body/message')?.name, 'all');
    for (const pointer of [
      '/status',
      '/body/code',
      '/body/reason',
      '/body/metadata/uid',
      '/body/metadata/finalizers/0',
      '/body/metadata/ownerReferences/0/name',
      '/body/metadata/deletionTimestamp',
    ])
      assert.equal(at(pointer), undefined, pointer);
  });
});
