import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, ManagedFieldsEntry, MutableJsonObject } from '../../../src/objects/json.ts';
import type { ResourceName } from '../../../src/objects/key.ts';
import { compareObjects } from '../../../src/sandbox/fields/comparison.ts';
import { formatFieldSet, isEmptySet, parseFieldSet, union } from '../../../src/sandbox/fields/field-set.ts';
import { owned, withoutReset } from '../../../src/sandbox/fields/ownership.ts';
import { recordUpdate } from '../../../src/sandbox/fields/record-update.ts';
import { resetFields } from '../../../src/sandbox/fields/reset-fields.ts';
import { entriesAfterScale, scaleEntriesOf } from '../../../src/sandbox/fields/scale-entries.ts';
import { recordedObjects } from '../../../src/sandbox/recorded/recorded.ts';
import { builtInTypes } from '../../../src/sandbox/schema/built-in.ts';
import { emptyObject } from '../../../src/sandbox/schema/go-shape.ts';
import { RANDOM_KINDS, seeded } from './random-bodies.ts';

const CONFIG_MAP = builtInTypes().typeOf({ group: '', version: 'v1', kind: 'ConfigMap' });
const NOW = Date.UTC(2030, 0, 1);

interface Map {
  readonly data: Readonly<Record<string, string>>;
  readonly entries?: readonly unknown[];
}
const configMap = ({ data, entries }: Map): MutableJsonObject =>
  structuredClone({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', ...(entries === undefined ? {} : { managedFields: entries }) },
    data,
  }) as unknown as MutableJsonObject;

function write(live: MutableJsonObject | undefined, next: MutableJsonObject, manager: string, now = NOW) {
  assert.ok(CONFIG_MAP !== undefined);
  recordUpdate({ live: live as JsonObject | undefined, next, type: CONFIG_MAP, apiVersion: 'v1', manager, now });
  return next;
}
const entriesOf = (object: MutableJsonObject) =>
  (object.metadata as unknown as { managedFields?: ManagedFieldsEntry[] }).managedFields;
const stored = (object: MutableJsonObject): MutableJsonObject => ({
  ...object,
  metadata: { ...(object.metadata as MutableJsonObject), uid: 'u' },
});
const again = (live: MutableJsonObject, data: Readonly<Record<string, string>>): MutableJsonObject =>
  ({ ...structuredClone(live), data }) as unknown as MutableJsonObject;

test('the creator owns what it sent, and never name or namespace', () => {
  assert.deepEqual(entriesOf(write(undefined, configMap({ data: { a: '1' } }), 'ann')), [
    {
      manager: 'ann',
      operation: 'Update',
      apiVersion: 'v1',
      time: '2030-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } },
    },
  ]);
});

test('who changes a value takes it; who is left with nothing is gone; who changes nothing leaves all times', () => {
  const first = stored(write(undefined, configMap({ data: { a: '1', b: '1' } }), 'ann'));
  const second = write(first, again(first, { a: '2', b: '1' }), 'bob', NOW + 5000);
  assert.deepEqual(
    entriesOf(second)?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
    [
      ['ann', { 'f:data': { '.': {}, 'f:b': {} } }],
      ['bob', { 'f:data': { 'f:a': {} } }],
    ],
  );
  const third = write(second, again(second, { a: '2' }), 'cleo', NOW + 9000);
  assert.deepEqual(
    entriesOf(third)?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
    [
      ['ann', { 'f:data': { '.': {} } }],
      ['bob', { 'f:data': { 'f:a': {} } }],
    ].map(([manager, fields]) => [manager, manager === 'ann' ? { 'f:data': {} } : fields]),
  );
  const fourth = write(third, again(third, { a: '2' }), 'bob', NOW + 99_000);
  assert.deepEqual(entriesOf(fourth), entriesOf(third));
});

test('managed fields that a body names are taken as they are; [] and [{}] ask for a fresh start', () => {
  const live = stored(write(undefined, configMap({ data: { a: '1' } }), 'ann'));
  const sent = { ...entriesOf(live)?.[0], manager: 'restored', time: '2001-01-01T00:00:00Z' };
  assert.deepEqual(entriesOf(write(live, configMap({ data: { a: '1' }, entries: [sent] }), 'bob')), [sent]);
  for (const entries of [[], [{}]]) {
    const reset = write(live, { ...configMap({ data: { a: '1' }, entries }), ...uid() }, 'bob');
    assert.equal(entriesOf(reset), undefined);
  }
  // None at all, and some that cannot be read: the living ones count.
  for (const entries of [undefined, [{ manager: 'x', operation: 'Guess' }]])
    assert.deepEqual(
      entriesOf(write(live, configMap({ data: { a: '1' }, ...(entries === undefined ? {} : { entries }) }), 'bob')),
      entriesOf(live),
    );
});
const uid = (): MutableJsonObject => ({ metadata: { name: 'c', uid: 'u', managedFields: [] } });

test('the eleventh updater makes the two oldest share one entry', () => {
  let live = stored(write(undefined, configMap({ data: { k0: '' } }), 'm0', NOW));
  for (let at = 1; at <= 10; at += 1)
    live = write(
      live,
      again(live, { ...(live.data as Record<string, string>), [`k${at}`]: '' }),
      `m${at}`,
      NOW + at * 1000,
    );
  const entries = entriesOf(live) ?? [];
  assert.equal(entries.length, 10);
  assert.equal(entries[0]?.manager, 'ancient-changes');
  assert.equal(entries[0]?.time, '2030-01-01T00:00:01Z');
  assert.deepEqual(entries[0]?.fieldsV1, { 'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {} } });
});

test('the quick way of a create and the general way say the same', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const random = seeded(seed);
    const kind = RANDOM_KINDS[seed % RANDOM_KINDS.length];
    assert.ok(kind !== undefined);
    const { group, version } = kind.gvk;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const type = builtInTypes().typeOf(kind.gvk);
    assert.ok(type !== undefined);
    const next = { apiVersion, kind: kind.gvk.kind, ...kind.whole(random) } as unknown as MutableJsonObject;
    const reset = resetFields(kind.resource as ResourceName, '', kind.status);
    const { added, modified } = compareObjects(emptyObject(kind.gvk), next as JsonObject, type);
    const set = owned(withoutReset(union(added, modified), reset));
    recordUpdate({ live: undefined, next, type, apiVersion, manager: 'm', now: NOW, reset });
    const fields = entriesOf(next)?.[0]?.fieldsV1;
    // The text is compared, because the order of a set is the server's.
    assert.equal(JSON.stringify(fields), isEmptySet(set) ? undefined : JSON.stringify(formatFieldSet(set)));
  }
});

test('a set of the real server is read and written again byte for byte', () => {
  let count = 0;
  for (const { metadata } of recordedObjects('beside-manager'))
    for (const { fieldsV1 } of metadata.managedFields ?? []) {
      const set = parseFieldSet(fieldsV1 ?? {});
      assert.ok(set !== undefined);
      assert.equal(JSON.stringify(formatFieldSet(set)), JSON.stringify(fieldsV1));
      count += 1;
    }
  assert.ok(count > 100);
});

test('a write to /scale moves the replicas to an entry of the scaler', () => {
  const paths = { 'apps/v1': ['f:spec', 'f:replicas'] };
  const entry = (manager: string, fieldsV1: JsonObject, more: object): ManagedFieldsEntry => ({
    manager,
    operation: 'Update',
    apiVersion: 'apps/v1',
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...more,
  });
  const time = '2030-01-01T00:00:00Z';
  const parent = [entry('ann', { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } }, { time })];
  const inScale = { 'f:spec': { 'f:replicas': {} } };
  assert.deepEqual(scaleEntriesOf(parent, paths), [
    { ...entry('ann', inScale, { time }), apiVersion: 'autoscaling/v1' },
  ]);
  const scaled = { ...entry('bob', inScale, { subresource: 'scale', time }), apiVersion: 'autoscaling/v1' };
  assert.deepEqual(entriesAfterScale(parent, [scaled], 'apps/v1', paths), [
    entry('bob', inScale, { subresource: 'scale' }),
    entry('ann', { 'f:spec': { 'f:paused': {} } }, { time }),
  ]);
});
