import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareClusters } from './compare.ts';
import type { Holding } from './read-back.ts';
import type { Thing } from './world/api.ts';

const NAME = 'crossplane.io/external-name';
const thing = (metadata: Partial<Thing['metadata']> & { name: string; uid: string }, password?: string) => ({
  apiVersion: 'v1',
  kind: 'Any',
  path: '/any',
  metadata,
  ...(password === undefined ? {} : { data: { password } }),
});
const owner = (uid: string) => ({ apiVersion: 'v1', kind: 'Any', name: 'composite', uid });
const fields = (time: string) => [{ manager: 'crossplane', operation: 'Update', time }];

/** A composite, a managed resource that it owns, and a Secret named by its UID, in a cluster where the composite has this UID. */
function holding(uid: string, change: Partial<Record<'owner' | 'name' | 'password' | 'time', string>> = {}): Holding {
  const managed = {
    name: 'managed',
    uid: `${uid}-managed`,
    annotations: { [NAME]: change.name ?? 'outside' },
    ownerReferences: [owner(change.owner ?? uid)],
    managedFields: fields(change.time ?? '2026-01-01T00:00:00Z'),
  };
  return new Map([
    ['composites/composite', thing({ name: 'composite', uid })],
    ['manageds/managed', thing(managed)],
    [`secrets/home/lost-db`, thing({ name: 'lost-db', uid: `${uid}-1` }, change.password ?? 'old')],
    [`secrets/home/${uid}-db`, thing({ name: `${uid}-db`, uid: `${uid}-2` }, change.password ?? 'old')],
  ]);
}
/** Where Seaworthy stays the manager of these fields. */
function written(fieldsV1: object): Holding {
  const found = new Map(holding('new'));
  const managed = found.get('manageds/managed');
  assert.ok(managed !== undefined);
  const managedFields = [...fields('2026-01-01T00:00:00Z'), { manager: 'seaworthy', operation: 'Update', fieldsV1 }];
  found.set('manageds/managed', { ...managed, metadata: { ...managed.metadata, managedFields } });
  return found;
}
const WRITTEN = ['composites/composite', 'manageds/managed', 'secrets/home/lost-db'];
const lost = holding('lost');
const bad = (found: Holding, later = found, written = WRITTEN): string[] =>
  compareClusters(lost, found, later, written).flatMap(({ what, good }) => (good ? [] : [what]));

describe('the closing table of the demo', () => {
  test('is all good where everything is back', () => {
    assert.deepEqual(bad(holding('new')), []);
  });

  test('has a bad row for whatever is not as it was', () => {
    assert.deepEqual(bad(holding('new'), holding('new'), [...WRITTEN, 'composites/other']), [
      'objects that the plan writes are there',
    ]);
    assert.deepEqual(bad(holding('new', { owner: 'lost' })), [
      'their owner references are relinked',
      'owner references of anything lead to a living owner',
    ]);
    assert.deepEqual(bad(holding('new'), new Map()), ['objects that were collected since']);
    assert.deepEqual(bad(holding('new', { time: '2026-02-02T00:00:00Z' })), ['objects kept their managed fields']);
    assert.deepEqual(bad(written({ 'f:spec': { 'f:replicas': {} } })), [], 'an operator that is held');
    assert.deepEqual(bad(written({ 'f:spec': { 'f:size': {} } })), ['objects kept their managed fields']);
    assert.deepEqual(bad(holding('new', { name: 'second' })), ['things outside have their old name']);
    assert.deepEqual(bad(holding('new', { password: 'fresh' })), [
      'passwords are the old ones',
      'passwords named by a UID are there under the new UID too',
    ]);
  });
});
