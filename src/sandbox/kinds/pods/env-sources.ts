import { configKey } from '../../schema/metadata/names.ts';
import { each, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, child, has, text } from '../values.ts';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** Field labels of Pods that the server can convert between versions. */
const CONVERTIBLE = [
  ...FIELDS,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
];

/** Where an environment variable takes its value from. */
export function validateEnvSource(env: Body, field: string): Problem[] {
  const from = child(env, 'valueFrom');
  if (from === undefined) return [];
  const found: Problem[] = [];
  const kinds = SOURCES.filter((kind) => has(from, kind));
  for (const kind of kinds) found.push(...source(kind, child(from, kind) ?? {}, `${field}.${kind}`));
  if (kinds.length === 0) {
    const said = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';
    found.push(invalidValue(field, '', said));
  } else if (text(env, 'value') !== '') {
    found.push(invalidValue(field, '', 'may not be specified when `value` is not empty'));
  } else if (kinds.length > 1) {
    found.push(invalidValue(field, '', 'may not have more than one field specified at a time'));
  }
  return found;
}

function source(kind: string, reference: Body, field: string): Problem[] {
  if (kind === 'configMapKeyRef' || kind === 'secretKeyRef') {
    const found: Problem[] = text(reference, 'name') === '' ? [required(`${field}.name`)] : [];
    const key = text(reference, 'key');
    return key === '' ? [...found, required(`${field}.key`)] : [...found, ...each(`${field}.key`, key, configKey(key))];
  }
  if (kind === 'resourceFieldRef') return text(reference, 'resource') === '' ? [required(`${field}.resource`)] : [];
  if (kind !== 'fieldRef') return [];
  const path = text(reference, 'fieldPath');
  if (path === '') return [required(`${field}.fieldPath`)];
  if (FIELDS.includes(path) || /^metadata\.(labels|annotations)\['[^']*'\]$/.test(path)) return [];
  if (!CONVERTIBLE.includes(path)) {
    return [invalidValue(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
  }
  return [notSupported(`${field}.fieldPath`, path, FIELDS)];
}
