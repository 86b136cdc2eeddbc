import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubeObject } from './json.ts';
import { candidateUids, mentionsOf, uidFinder } from './mentions.ts';
import { dashedUidAt, uidInForm, visitUids } from './uid-text.ts';

const UID = 'a94f6701-f72b-491f-9107-bdde7b06d9f0';
const BARE = UID.replaceAll('-', '');
const is = (uid: string): boolean => uid === UID;
const secret = (parts: Partial<KubeObject>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {},
  ...parts,
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const data = '../shared/data';
const absent = existsSync(data) ? false : `${data} is not here`;

test('a UID is found in names, labels, keys, data and managed fields, each with its place', () => {
  const object = secret({
    metadata: {
      name: `${UID}-db`,
      uid: 'x',
      labels: { [`c${BARE}`]: UID.toUpperCase() },
      managedFields: [{ fieldsV1: { 'f:metadata': { 'f:ownerReferences': { [`k:{"uid":"${UID}"}`]: {} } } } }],
    },
    data: { a: base64(`id=${UID}`), b: base64(BARE), 'c/d': base64('nothing to see here, nothing at all, really') },
  });
  assert.deepEqual(mentionsOf(object, is), [
    { path: '/metadata/name', place: 'value', uid: UID, form: 'dashed', whole: false },
    { path: `/metadata/labels/c${BARE}`, place: 'key', uid: UID, form: 'bare', whole: false },
    { path: `/metadata/labels/c${BARE}`, place: 'value', uid: UID, form: 'dashed', whole: true },
    {
      path: `/metadata/managedFields/0/fieldsV1/f:metadata/f:ownerReferences/k:{"uid":"${UID}"}`,
      place: 'key',
      uid: UID,
      form: 'dashed',
      whole: false,
    },
    { path: '/data/a', place: 'value', uid: UID, form: 'dashed', whole: false, encoded: true },
    { path: '/data/b', place: 'value', uid: UID, form: 'bare', whole: true, encoded: true },
  ]);
});

test('its own UID and those of its owners are no mentions, unless asked for; its owner by name is', () => {
  const owner = { apiVersion: 'v1', kind: 'X', name: UID, uid: UID };
  const object = secret({
    metadata: { name: 'a', uid: UID, ownerReferences: [owner] },
    spec: { metadata: { uid: UID } },
  });
  const paths = (own: boolean): string[] => mentionsOf(object, is, { own }).map(({ path }) => path);
  assert.deepEqual(paths(false), ['/metadata/ownerReferences/0/name', '/spec/metadata/uid']);
  assert.deepEqual(paths(true), [
    '/metadata/uid',
    '/metadata/ownerReferences/0/name',
    '/metadata/ownerReferences/0/uid',
    '/spec/metadata/uid',
  ]);
});

test('data of other kinds is plain, binaryData of all is base64', () => {
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {},
    data: { a: base64(UID) },
    binaryData: { b: base64(UID) },
  };
  assert.deepEqual(
    mentionsOf(map, is).map(({ path }) => path),
    ['/binaryData/b'],
  );
});

test('a row number counts as yes from 0 up, a negative one as no', () => {
  const object = secret({ spec: { id: UID } });
  assert.equal(mentionsOf(object, () => 0).length, 1);
  assert.equal(mentionsOf(object, () => -1).length, 0);
});

test('a UID is found wherever it stands in a text, even with hex digits on both sides', () => {
  const around = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF-xyz ß"'), maxLength: 80 });
  const place = fc.tuple(fc.uuid(), fc.constantFrom('dashed' as const, 'bare' as const), fc.boolean(), around, around);
  fc.assert(
    fc.property(place, ([uid, form, upper, before, after]) => {
      const text = uidInForm(uid, form);
      const spec = { text: `${before}${upper ? text.toUpperCase() : text}${after}` };
      const found = mentionsOf(secret({ spec }), (candidate) => candidate === uid);
      assert.equal(found.length, 1, spec.text);
      assert.deepEqual(
        { ...found[0] },
        { path: '/spec/text', place: 'value', uid, form, whole: before + after === '' },
      );
      const raw = Buffer.from(JSON.stringify({ kind: 'X', spec }));
      assert.deepEqual(uidFinder([uid]).hits(raw), [uid]);
      assert.ok(candidateUids(raw).includes(uid));
    }),
    { numRuns: 500 },
  );
});

test('the quick scan sees the same places as a look at every position', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0a-'), minLength: 30, maxLength: 90 });
  const shape = /^(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/;
  const dense = fc
    .array(fc.constantFrom(UID, BARE, 'ab', 'x', '-', '1234'), { maxLength: 8 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(text, dense), (text) => {
      const quick = new Set<string>();
      visitUids(text, (start, form) => {
        quick.add(`${start} ${dashedUidAt(text, start, form)}`);
        return false;
      });
      const slow = Array.from(text, (_, at) => ({ at, found: shape.exec(text.slice(at))?.[0] })).flatMap(
        ({ at, found }) =>
          found === undefined ? [] : [`${at} ${dashedUidAt(found, 0, found.includes('-') ? 'dashed' : 'bare')}`],
      );
      assert.deepEqual([...quick].sort(), slow.sort());
    }),
    { numRuns: 1000 },
  );
});

test('known UIDs are found in the raw bytes of Secrets too, and unknown hashes are not', () => {
  const finder = uidFinder([UID]);
  const bytes = (object: KubeObject): Uint8Array => new TextEncoder().encode(JSON.stringify(object));
  assert.deepEqual(finder.hits(bytes(secret({ data: { a: base64(`key ${BARE}`) } }))), [UID]);
  assert.deepEqual(finder.hits(bytes(secret({ spec: { digest: 'b'.repeat(64) } }))), []);
  assert.deepEqual(finder.hits(bytes(secret({ metadata: { uid: UID, name: `x-${UID}` } }))), [UID, UID]);
  assert.ok(finder.has(UID) && !finder.has(BARE));
});

test('captured clusters: the raw scan finds every mention of a captured UID', { skip: absent }, () => {
  const lines = readdirSync(data)
    .filter((file) => file.endsWith('.objects.jsonl'))
    .flatMap((file) => readFileSync(`${data}/${file}`, 'utf8').trim().split('\n'));
  const objects = lines.map((line) => JSON.parse(line) as KubeObject);
  const finder = uidFinder(objects.flatMap(({ metadata }) => metadata.uid ?? []));
  let mentions = 0;
  for (const [index, object] of objects.entries()) {
    const found = mentionsOf(object, finder.has, { own: true }).map(({ uid }) => uid);
    assert.deepEqual(finder.hits(lines[index] ?? '').sort(), found.sort());
    mentions += mentionsOf(object, finder.has).length;
  }
  assert.ok(mentions >= 38, `${mentions}`);
});
