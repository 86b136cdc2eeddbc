import { isJsonObject, type MutableJson, type MutableJsonObject } from '../../../objects/json.ts';

type Kind = 'string' | 'int64' | 'bool' | 'Time' | 'strings' | 'texts' | 'owners' | 'managed' | 'fields';
const META: Readonly<Record<string, Kind>> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'string',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'int64',
  creationTimestamp: 'Time',
  deletionTimestamp: 'Time',
  deletionGracePeriodSeconds: 'int64',
  labels: 'strings',
  annotations: 'strings',
  ownerReferences: 'owners',
  finalizers: 'texts',
  managedFields: 'managed',
};
const OWNER: Readonly<Record<string, Kind>> = {
  apiVersion: 'string',
  kind: 'string',
  name: 'string',
  uid: 'string',
  controller: 'bool',
  blockOwnerDeletion: 'bool',
};
const MANAGED: Readonly<Record<string, Kind>> = {
  manager: 'string',
  operation: 'string',
  apiVersion: 'string',
  time: 'Time',
  fieldsType: 'string',
  fieldsV1: 'fields',
  subresource: 'string',
};
/** Named types that messages show with their Go name. */
const GO_TYPES: Readonly<Record<string, string>> = {
  uid: 'types.UID',
  operation: 'v1.ManagedFieldsOperationType',
  ownerReferences: '[]v1.OwnerReference',
  managedFields: '[]v1.ManagedFieldsEntry',
  finalizers: '[]string',
  labels: 'map[string]string',
  annotations: 'map[string]string',
};
/** Fields of owner references that are written even when they are empty. */
const ALWAYS = new Set(['apiVersion', 'kind', 'name', 'uid']);

/** Metadata has a field of a wrong type; the message is that of Go's JSON decoder. */
export class MalformedMeta extends Error {}

const jsonKind = (value: unknown): string =>
  value === true || value === false
    ? 'bool'
    : Array.isArray(value)
      ? 'array'
      : isJsonObject(value)
        ? 'object'
        : typeof value === 'number'
          ? 'number'
          : 'string';

function wrong(value: unknown, where: string, type: string): MalformedMeta {
  const kind =
    typeof value === 'number' && type.startsWith('int') && !Number.isInteger(value)
      ? `number ${value}`
      : jsonKind(value);
  return new MalformedMeta(`json: cannot unmarshal ${kind} into Go struct field ${where} of type ${type}`);
}

/**
 * Metadata as the server holds it after decoding: unknown fields gone (their paths are added to `unknown`), empty
 * values gone, types right. `path` is where it stands (`metadata`, `spec.template.metadata`).
 */
export function normalMeta(
  metadata: unknown,
  path: string,
  unknown?: string[],
  dropMalformed = false,
): MutableJsonObject {
  if (!isJsonObject(metadata)) {
    if (metadata === null) return {};
    throw new MalformedMeta(`json: cannot unmarshal ${jsonKind(metadata)} into Go value of type v1.ObjectMeta`);
  }
  const out: MutableJsonObject = {};
  for (const name of Object.keys(metadata)) {
    const kind = Object.hasOwn(META, name) ? META[name] : undefined;
    if (kind === undefined) {
      unknown?.push(`${path}.${name}`);
      continue;
    }
    try {
      const value = normalField(
        metadata[name] as MutableJson,
        kind,
        `ObjectMeta.${name}`,
        name,
        `${path}.${name}`,
        unknown,
      );
      if (value !== undefined) out[name] = value;
    } catch (error) {
      if (!dropMalformed || !(error instanceof MalformedMeta)) throw error;
    }
  }
  return out;
}

function normalField(
  value: MutableJson,
  kind: Kind,
  where: string,
  name: string,
  path: string,
  unknown?: string[],
): MutableJson | undefined {
  if (value === null) return undefined;
  switch (kind) {
    case 'string':
      if (typeof value !== 'string') throw wrong(value, where, GO_TYPES[name] ?? 'string');
      return value === '' ? undefined : value;
    case 'int64':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(value, where, 'int64');
      return value === 0 && name === 'generation' ? undefined : value;
    case 'bool':
      if (typeof value !== 'boolean') throw wrong(value, where, 'bool');
      return value;
    case 'Time':
      return normalTime(value);
    case 'fields':
      return value;
    case 'strings':
      return normalStrings(value, where, name);
    case 'texts': {
      if (!Array.isArray(value)) throw wrong(value, where, GO_TYPES[name] ?? '');
      for (const item of value) if (typeof item !== 'string' && item !== null) throw wrong(item, where, 'string');
      return value.length === 0 ? undefined : value.map((item) => item ?? '');
    }
    case 'owners':
      return normalList(value, OWNER, 'OwnerReference', where, name, path, unknown);
    case 'managed':
      return normalList(value, MANAGED, 'ManagedFieldsEntry', where, name, path, unknown);
  }
}

function normalTime(value: MutableJson): MutableJson {
  if (typeof value !== 'string')
    throw new MalformedMeta(`json: cannot unmarshal ${jsonKind(value)} into Go value of type string`);
  const time = Date.parse(value);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) || Number.isNaN(time)) {
    const told = JSON.stringify(value);
    throw new MalformedMeta(`parsing time ${told} as "2006-01-02T15:04:05Z07:00": cannot parse ${told} as "2006"`);
  }
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function normalStrings(value: MutableJson, where: string, name: string): MutableJson | undefined {
  if (!isJsonObject(value)) throw wrong(value, where, GO_TYPES[name] ?? '');
  const out: MutableJsonObject = {};
  let any = false;
  for (const key of Object.keys(value)) {
    const text = (value as MutableJsonObject)[key];
    if (typeof text !== 'string' && text !== null) throw wrong(text, where, 'string');
    out[key] = text ?? '';
    any = true;
  }
  return any ? out : undefined;
}

function normalList(
  value: MutableJson,
  fields: Readonly<Record<string, Kind>>,
  type: string,
  where: string,
  name: string,
  path: string,
  unknown?: string[],
): MutableJson | undefined {
  if (!Array.isArray(value)) throw wrong(value, where, GO_TYPES[name] ?? '');
  const list = value.map((item, index) => {
    if (!isJsonObject(item)) throw wrong(item, where, `v1.${type}`);
    const out: MutableJsonObject = {};
    if (type === 'OwnerReference') for (const field of ALWAYS) out[field] = '';
    for (const field of Object.keys(item)) {
      const kind = Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (kind === undefined) {
        unknown?.push(`${path}[${index}].${field}`);
        continue;
      }
      const inner = (item as MutableJsonObject)[field];
      const normal =
        inner === undefined
          ? undefined
          : normalField(inner, kind, `${type}.${where.slice('ObjectMeta.'.length)}.${field}`, field, '', undefined);
      if (normal !== undefined) out[field] = normal;
    }
    return out;
  });
  return list.length === 0 ? undefined : list;
}
