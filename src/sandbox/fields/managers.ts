import type { JsonObject, ManagedFieldsEntry } from '../../objects/json.ts';
import { compareText } from '../../objects/key.ts';
import { timestamp } from '../clock.ts';
import { emptySet, type FieldSet, formatFieldSet, isEmptySet, parseFieldSet, union } from './field-set.ts';

/** One field manager as the server tells them apart: name, operation, subresource, and the version for updates. */
export interface ManagerId {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
}
export interface Owner extends ManagerId {
  /** Of the fields; also part of who it is when it updates. */
  readonly apiVersion: string;
  readonly set: FieldSet;
  /** As written, whole seconds. */
  readonly time: string | undefined;
}
/** Owners by their identity. */
export type Owners = Map<string, Owner>;

export function ownerKey({ manager, operation, subresource }: ManagerId, apiVersion: string): string {
  return JSON.stringify([manager, operation, operation === 'Update' ? apiVersion : '', subresource]);
}

/** Undefined when an entry is none that the server could have written: then it takes the live ones instead. */
export function readOwners(entries: readonly ManagedFieldsEntry[] | undefined): Owners | undefined {
  const owners: Owners = new Map();
  for (const entry of entries ?? []) {
    const { manager = '', operation, apiVersion = '', fieldsType, fieldsV1, subresource = '', time } = entry;
    if (operation !== 'Apply' && operation !== 'Update') return undefined;
    if (apiVersion === '' || fieldsType !== 'FieldsV1') return undefined;
    const set = fieldsV1 === undefined || fieldsV1 === null ? emptySet() : parseFieldSet(fieldsV1);
    if (set === undefined) return undefined;
    const id: ManagerId = { manager, operation, subresource };
    owners.set(ownerKey(id, apiVersion), { ...id, apiVersion, set, time: time ?? undefined });
  }
  return owners;
}

const formatted = new WeakMap<FieldSet, JsonObject>();

/** The entries in the server's order; undefined when nobody owns anything. */
export function writeOwners(owners: Owners): ManagedFieldsEntry[] | undefined {
  if (owners.size === 0) return undefined;
  const sorted = owners.size === 1 ? [...owners.values()] : [...owners.values()].sort(compareOwners);
  return sorted.map(({ manager, operation, apiVersion, set, time, subresource }) => {
    let fieldsV1 = formatted.get(set);
    if (fieldsV1 === undefined) {
      fieldsV1 = formatFieldSet(set.owned ? { owned: false, below: set.below } : set);
      formatted.set(set, fieldsV1);
    }
    return {
      ...(manager === '' ? {} : { manager }),
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1,
      ...(subresource === '' ? {} : { subresource }),
    };
  });
}

const seconds = ({ time }: Owner): number => (time === undefined ? 0 : Math.floor(Date.parse(time) / 1000));

function compareOwners(a: Owner, b: Owner): number {
  return (
    compareText(a.operation, b.operation) ||
    seconds(a) - seconds(b) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

export function setOwner(owners: Owners, id: ManagerId, apiVersion: string, set: FieldSet, now: number): void {
  owners.set(ownerKey(id, apiVersion), { ...id, apiVersion, set, time: timestamp(now) });
}

export function changeSet(owners: Owners, key: string, set: FieldSet): void {
  const owner = owners.get(key);
  if (owner === undefined) return;
  if (isEmptySet(set)) owners.delete(key);
  else if (set !== owner.set) owners.set(key, { ...owner, set });
}

/** The text by which the server itself tells managers apart, and sorts them. */
export function identityText({ manager, operation, apiVersion, subresource }: Owner): string {
  return JSON.stringify({
    manager,
    operation,
    ...(operation === 'Update' ? { apiVersion } : {}),
    ...(subresource === '' ? {} : { subresource }),
  });
}

const MOST_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

/** More than ten managers that update: the oldest of a version share one entry. */
export function capUpdaters(owners: Owners): void {
  const updaters = [...owners].filter(([, { operation }]) => operation === 'Update');
  let count = updaters.length;
  if (count <= MOST_UPDATERS) return;
  updaters.sort((a, b) => seconds(a[1]) - seconds(b[1]) || compareText(identityText(a[1]), identityText(b[1])));
  const firsts = new Map<string, string>();
  for (const [key, owner] of updaters) {
    if (count <= MOST_UPDATERS) return;
    const { apiVersion } = owner;
    const first = firsts.get(apiVersion);
    if (first === undefined) {
      firsts.set(apiVersion, key);
      continue;
    }
    const id: ManagerId = { manager: ANCIENT, operation: 'Update', subresource: '' };
    const bucket = ownerKey(id, apiVersion);
    const earlier = owners.get(bucket) ?? owners.get(first);
    if (!owners.has(bucket)) owners.delete(first);
    owners.delete(key);
    owners.set(bucket, {
      ...id,
      apiVersion,
      set: earlier === undefined ? owner.set : union(owner.set, earlier.set),
      time: owner.time,
    });
    count -= 1;
  }
}
