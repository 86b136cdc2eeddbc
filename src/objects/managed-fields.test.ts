import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '../outcome/fault.ts';
import type { KubeObject, ManagedFieldsEntry } from './json.ts';
import { pointerOfLeaf } from './leaf-pointers.ts';
import {
  fieldsOf,
  keySegment,
  leafText,
  leavesOf,
  ownersOfLeaves,
  parseFieldSegment,
  renameUids,
} from './managed-fields.ts';

const OLD = 'a94f6701-f72b-491f-9107-bdde7b06d9f0';
const NEW = '11111111-2222-4333-8444-555555555555';
const BARE = OLD.replaceAll('-', '');
const data = '../shared/data';
const absent = existsSync(data) ? false : `${data} is not here`;

function captured(): KubeObject[] {
  return readdirSync(data)
    .filter((file) => file.endsWith('.objects.jsonl'))
    .flatMap((file) => readFileSync(`${data}/${file}`, 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as KubeObject);
}

const segment = fc.oneof(
  fc.string().map((text) => parseFieldSegment(`f:${text}`)),
  fc.dictionary(fc.constantFrom('name', 'uid', 'port'), fc.string(), { minKeys: 1 }).map(keySegment),
  fc.jsonValue().map((value) => parseFieldSegment(`v:${JSON.stringify(value)}`)),
  fc.nat().map((index) => parseFieldSegment(`i:${index}`)),
);

test('the paths of a set make the same set again', () => {
  const leaf = fc.array(segment, { maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(leaf, { selector: leafText, maxLength: 12 }), (leaves) => {
      const fields = fieldsOf(leaves);
      const back = leavesOf(fields);
      assert.deepEqual(back.map(leafText).sort(), leaves.map(leafText).sort());
      assert.equal(JSON.stringify(fieldsOf(back)), JSON.stringify(fields));
    }),
    { numRuns: 300 },
  );
});

test('every managed field of the captured clusters comes back to the byte', { skip: absent }, () => {
  let sets = 0;
  for (const object of captured())
    for (const { fieldsV1 } of object.metadata.managedFields ?? []) {
      if (fieldsV1 === undefined) continue;
      sets++;
      assert.equal(JSON.stringify(fieldsOf(leavesOf(fieldsV1))), JSON.stringify(fieldsV1));
    }
  assert.ok(sets > 500, `${sets}`);
});

test('the owned paths of captured objects stand in them, bar those of fields that are gone', { skip: absent }, () => {
  let found = 0;
  let lost = 0;
  for (const object of captured())
    for (const { leaf } of ownersOfLeaves(object.metadata.managedFields ?? []).values())
      if (pointerOfLeaf(object, leaf) === undefined) lost++;
      else found++;
  assert.ok(found > 1_000 && lost < found / 100, `${found} found, ${lost} lost`);
});

test('what is no FieldsV1 set is refused', () => {
  for (const fields of [{ x: {} }, { 'z:a': {} }, { 'f:a': 'text' }, { 'f:a': { '': {} } }] as const)
    assert.throws(
      () => leavesOf(fields),
      (error) => isFault(error, 'FIELDS-MALFORMED'),
      JSON.stringify(fields),
    );
});

test('a path shared by two managers has both as owners', () => {
  const entries: ManagedFieldsEntry[] = [
    { manager: 'a', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:x': {} } } },
    { manager: 'b', operation: 'Update', subresource: 'status', fieldsV1: { 'f:spec': { 'f:x': {}, 'f:y': {} } } },
  ];
  const owned = [...ownersOfLeaves(entries).values()].map(({ owners }) => owners.map(({ manager }) => manager));
  assert.deepEqual(owned, [['a', 'b'], ['b']]);
});

test('a path of typed segments points to the item that it means', () => {
  const object = { spec: { ports: [{ port: 80 }, { port: 443, name: 'tls' }], set: ['x', 'y'] } };
  const at = (...texts: string[]): string | undefined => pointerOfLeaf(object, texts.map(parseFieldSegment));
  assert.equal(at('f:spec', 'f:ports', 'k:{"port":443,"protocol":"TCP"}', 'f:name'), '/spec/ports/1/name');
  assert.equal(at('f:spec', 'f:set', 'v:"y"'), '/spec/set/1');
  assert.equal(at('f:spec', 'f:set', 'i:0'), '/spec/set/0');
  assert.equal(at('f:spec', 'f:ports', 'k:{"port":1}'), undefined);
  assert.equal(at('f:spec', 'f:gone'), undefined);
});

const owned = (...uids: string[]): ManagedFieldsEntry => ({
  manager: 'm',
  fieldsV1: {
    'f:metadata': {
      'f:labels': { '.': {}, 'f:app': {} },
      'f:ownerReferences': { '.': {}, ...Object.fromEntries(uids.map((uid) => [`k:{"uid":"${uid}"}`, {}])) },
    },
  },
});

test('owner keys get the new UID in the format of the server', () => {
  const [entry] = renameUids([owned(OLD)], (uid) => (uid === OLD ? NEW : undefined));
  assert.equal(JSON.stringify(entry), JSON.stringify(owned(NEW)));
});

test('without anything to rename the same entries come back', () => {
  const entries = [owned(OLD), { manager: 'n' }];
  assert.equal(
    renameUids(entries, () => undefined),
    entries,
  );
});

test('a dropped owner takes its key, the list with the last one, and an entry that owned nothing else', () => {
  const [one] = renameUids([owned(OLD, NEW)], (uid) => (uid === OLD ? null : undefined));
  assert.deepEqual(one, owned(NEW));
  const [none] = renameUids([owned(OLD)], () => null);
  assert.deepEqual(none?.fieldsV1, { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } } });
  const only = { fieldsV1: { 'f:metadata': { 'f:ownerReferences': { '.': {}, [`k:{"uid":"${OLD}"}`]: {} } } } };
  assert.deepEqual(
    renameUids([only], () => null),
    [],
  );
});

test('a uid key that stands elsewhere is no owner', () => {
  const entries = [{ fieldsV1: { 'f:spec': { 'f:ownerReferences': { [`k:{"uid":"${OLD}"}`]: {} } } } }];
  assert.equal(
    renameUids(entries, () => NEW),
    entries,
  );
});

test('keys named by a UID are renamed through the second map, in both forms, and keys that meet are merged', () => {
  const entry = { fieldsV1: { 'f:data': { [`f:${OLD}-db`]: {}, [`f:${BARE}`]: {}, 'f:plain': {} } } };
  const rename = (key: string): string => key.replace(OLD, NEW).replace(BARE, NEW.replaceAll('-', ''));
  const [renamed] = renameUids([entry], () => undefined, rename);
  assert.deepEqual(Object.keys(renamed?.fieldsV1?.['f:data'] ?? {}), [
    `f:${NEW}-db`,
    `f:${NEW.replaceAll('-', '')}`,
    'f:plain',
  ]);
  const two = { fieldsV1: { 'f:m': { [`f:${OLD}`]: { 'f:a': {} }, [`f:${NEW}`]: {} } } };
  const [met] = renameUids([two], () => undefined, rename);
  assert.deepEqual(met?.fieldsV1, { 'f:m': { [`f:${NEW}`]: { '.': {}, 'f:a': {} } } });
  const [dropped] = renameUids(
    [entry],
    () => undefined,
    () => null,
  );
  assert.deepEqual(dropped?.fieldsV1, { 'f:data': { 'f:plain': {} } });
});
