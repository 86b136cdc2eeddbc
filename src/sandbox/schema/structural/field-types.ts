import type { Json } from '../../../objects/json.ts';
import type { FieldType } from '../field-type.ts';
import type { SchemaNode } from './node.ts';

const STRING: FieldType = { kind: 'scalar', scalar: 'string' };
const INTEGER: FieldType = { kind: 'scalar', scalar: 'integer' };
const BOOLEAN: FieldType = { kind: 'scalar', scalar: 'boolean' };
const UNTYPED: FieldType = { kind: 'untyped' };
const STRINGS: FieldType = { kind: 'map', values: STRING, atomic: false };

function struct(fields: Readonly<Record<string, FieldType>>, atomic = false, preserve = false): FieldType {
  const map = new Map(Object.entries(fields));
  return { kind: 'struct', names: [...map.keys()], field: (name) => map.get(name), atomic, preserve };
}
const list = (items: FieldType, listType: 'atomic' | 'set' | 'map', keys: readonly string[] = []): FieldType => ({
  kind: 'list',
  items,
  listType,
  keys,
  keyDefaults: {},
});

const OWNER = struct(
  { apiVersion: STRING, kind: STRING, name: STRING, uid: STRING, controller: BOOLEAN, blockOwnerDeletion: BOOLEAN },
  true,
);
const MANAGED = struct({
  manager: STRING,
  operation: STRING,
  apiVersion: STRING,
  time: STRING,
  fieldsType: STRING,
  fieldsV1: { kind: 'map', values: UNTYPED, atomic: false },
  subresource: STRING,
});
/** The metadata of every object. */
export const OBJECT_META: FieldType = struct({
  name: STRING,
  generateName: STRING,
  namespace: STRING,
  selfLink: STRING,
  uid: STRING,
  resourceVersion: STRING,
  generation: INTEGER,
  creationTimestamp: STRING,
  deletionTimestamp: STRING,
  deletionGracePeriodSeconds: INTEGER,
  labels: STRINGS,
  annotations: STRINGS,
  ownerReferences: list(OWNER, 'map', ['uid']),
  finalizers: list(STRING, 'set'),
  managedFields: list(MANAGED, 'atomic'),
});

/** The type of a whole custom resource. Without a schema everything below metadata is untyped. */
export function rootType(node: SchemaNode | undefined, preserve: boolean): FieldType {
  const fields: Record<string, FieldType> = {};
  for (const [name, property] of node?.properties ?? []) fields[name] = fieldType(property);
  return struct(
    { ...fields, apiVersion: STRING, kind: STRING, metadata: OBJECT_META },
    node?.mapType === 'atomic',
    preserve || node === undefined || node.preserve,
  );
}

function fieldType(node: SchemaNode): FieldType {
  const { schema } = node;
  if (schema['x-kubernetes-int-or-string'] === true) return { kind: 'scalar', scalar: 'int-or-string' };
  switch (schema.type) {
    case 'string':
      return STRING;
    case 'integer':
      return INTEGER;
    case 'number':
      return { kind: 'scalar', scalar: 'number' };
    case 'boolean':
      return BOOLEAN;
    case 'array':
      return listField(node);
    case 'object':
      return objectField(node);
    default:
      return UNTYPED;
  }
}

function listField(node: SchemaNode): FieldType {
  const items = node.items === undefined ? UNTYPED : fieldType(node.items);
  const listType = node.listType === 'set' || node.listType === 'map' ? node.listType : 'atomic';
  const keyDefaults: Record<string, Json> = {};
  if (listType === 'map')
    for (const key of node.listKeys) {
      const value = node.items?.properties.get(key)?.default;
      if (value !== undefined) keyDefaults[key] = value;
    }
  return { kind: 'list', items, listType, keys: listType === 'map' ? node.listKeys : [], keyDefaults };
}

function objectField(node: SchemaNode): FieldType {
  const atomic = node.mapType === 'atomic';
  if (typeof node.additional === 'object') return { kind: 'map', values: fieldType(node.additional), atomic };
  const fields = new Map<string, FieldType>();
  for (const [name, property] of node.properties) fields.set(name, fieldType(property));
  if (node.embedded) {
    fields.set('apiVersion', STRING);
    fields.set('kind', STRING);
    fields.set('metadata', OBJECT_META);
  }
  if (fields.size === 0) return atomic ? { kind: 'map', values: UNTYPED, atomic } : UNTYPED;
  return {
    kind: 'struct',
    names: [...fields.keys()],
    field: (name) => fields.get(name),
    atomic,
    preserve: node.preserve,
    ...(node.default === undefined ? {} : { default: node.default }),
  };
}
