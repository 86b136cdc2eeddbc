import type { KubeObject, ObjectMeta, OwnerReference } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { sameJson } from '../../../objects/same-json.ts';
import type { Problem } from '../../status/problem.ts';
import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValue,
  masked,
  type NameCheck,
  pathSegment,
  qualifiedName,
} from './names.ts';
import { each, forbiddenField, IMMUTABLE, invalidValue, nonNegative, required } from './problems.ts';

const ANNOTATIONS_LIMIT = 256 * 1024;
const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** Resources whose names are not DNS subdomains. */
const NAMES: ReadonlyMap<string, NameCheck> = new Map<string, NameCheck>([
  ['namespaces', dnsLabel],
  ['services', dns1035Label],
  ['roles.rbac.authorization.k8s.io', pathSegment],
  ['rolebindings.rbac.authorization.k8s.io', pathSegment],
  ['clusterroles.rbac.authorization.k8s.io', pathSegment],
  ['clusterrolebindings.rbac.authorization.k8s.io', pathSegment],
  ['certificatesigningrequests.certificates.k8s.io', () => []],
  ['ipaddresses.networking.k8s.io', () => []],
  ['events', () => []],
]);

export interface MetaRules {
  readonly resource: ResourceName;
  readonly namespaced: boolean;
  /** Default: what the resource's names must be, DNS subdomains for resources that are not built in. */
  readonly nameCheck?: NameCheck;
}

/** Findings about the metadata of a new object, its name generated already; the server's order and sentences. */
export function validateObjectMeta(object: KubeObject, rules: MetaRules): Problem[] {
  const meta = object.metadata;
  const check = rules.nameCheck ?? NAMES.get(rules.resource) ?? dnsSubdomain;
  const found: Problem[] = [];
  const { generateName = '', name = '', namespace = '' } = meta;
  if (generateName !== '') found.push(...each('metadata.generateName', generateName, check(masked(generateName))));
  if (name === '') found.push(required('metadata.name', 'name or generateName is required'));
  else found.push(...each('metadata.name', name, check(name)));
  if (rules.namespaced) {
    if (namespace === '') found.push(required('metadata.namespace'));
    else found.push(...each('metadata.namespace', namespace, dnsLabel(namespace)));
  } else if (namespace !== '') found.push(forbiddenField('metadata.namespace', 'not allowed on this type'));
  found.push(...nonNegative('metadata.generation', meta.generation ?? 0));
  found.push(...bothCases(meta));
  for (const finalizer of meta.finalizers ?? []) {
    found.push(...each('metadata.finalizers', finalizer, qualifiedName(finalizer)));
  }
  if (meta.finalizers?.includes(ORPHAN) === true && meta.finalizers.includes(FOREGROUND)) {
    found.push(
      invalidValue('metadata.finalizers', meta.finalizers, `finalizer ${ORPHAN} and ${FOREGROUND} cannot be both set`),
    );
  }
  found.push(...validateManagedFields(meta));
  if (checksCoreFinalizers(rules.resource)) found.push(...validateCoreFinalizers(meta));
  return found;
}

/** The core group asks more of finalizers: a domain, or one of the three that have none. */
export function validateCoreFinalizers(meta: ObjectMeta): Problem[] {
  return (meta.finalizers ?? []).flatMap((name, at) =>
    name.includes('/') || BARE_FINALIZERS.includes(name)
      ? []
      : [
          invalidValue(
            `metadata.finalizers[${at}]`,
            name,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  );
}
const BUILT_IN =
  /^[a-z]+(\.(apps|batch|autoscaling|policy|(admissionregistration|certificates|coordination|discovery|flowcontrol\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage)\.k8s\.io))?$/;
/** Built-in kinds that leave the names of finalizers to the general rule. */
const LENIENT = /^(events|poddisruptionbudgets\.|leases\.|runtimeclasses\.|.*\.admissionregistration\.)/;
export const checksCoreFinalizers = (resource: string): boolean =>
  resource !== '' && BUILT_IN.test(resource) && !LENIENT.test(resource);
const BARE_FINALIZERS = [ORPHAN, FOREGROUND, 'kubernetes'];

/** Findings about a change of the metadata; after uid, timestamps and the like were put back where they may not change. */
export function validateObjectMetaUpdate(next: KubeObject, before: KubeObject): Problem[] {
  const [now, was] = [next.metadata, before.metadata];
  const found: Problem[] = [];
  if (was.deletionTimestamp !== undefined) {
    const fresh = (now.finalizers ?? []).filter((finalizer) => !(was.finalizers ?? []).includes(finalizer)).sort();
    if (fresh.length > 0) {
      const listed = `[]string{${fresh.map((name) => JSON.stringify(name)).join(', ')}}`;
      found.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers ${listed}`,
        ),
      );
    }
  }
  if ((now.resourceVersion ?? '') === '') {
    found.push(invalidValue('metadata.resourceVersion', '', 'must be specified for an update'));
  }
  if ((now.generation ?? 0) < (was.generation ?? 0)) {
    found.push(invalidValue('metadata.generation', now.generation ?? 0, 'must not be decremented'));
  }
  for (const field of FIXED) {
    if (!sameJson(now[field] ?? null, was[field] ?? null)) {
      found.push(invalidValue(`metadata.${field}`, now[field] ?? '', IMMUTABLE));
    }
  }
  found.push(...bothCases(now), ...validateManagedFields(now));
  return found;
}
const FIXED = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const satisfies readonly (keyof ObjectMeta)[];

function bothCases(meta: ObjectMeta): Problem[] {
  return [
    ...validateLabels(meta.labels, 'metadata.labels'),
    ...validateAnnotations(meta.annotations, 'metadata.annotations'),
    ...validateOwners(meta.ownerReferences ?? []),
  ];
}

/** Labels of any place: `metadata.labels`, a template's, a selector's matchLabels. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, field: string): Problem[] {
  const found: Problem[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    found.push(...each(field, key, qualifiedName(key)), ...each(field, value, labelValue(value)));
  }
  return found;
}

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  field: string,
): Problem[] {
  const found: Problem[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    found.push(...each(field, key, qualifiedName(key.toLowerCase())));
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > ANNOTATIONS_LIMIT) {
    found.push({ kind: 'too-long', field, detail: `may not be more than ${ANNOTATIONS_LIMIT} bytes` });
  }
  return found;
}

function validateOwners(owners: readonly OwnerReference[]): Problem[] {
  const field = 'metadata.ownerReferences';
  const found: Problem[] = [];
  let first = '';
  for (const owner of owners) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = owner;
    const parts = apiVersion.split('/');
    if (parts.length > 2 || (parts.at(-1) ?? '') === '') {
      found.push(invalidValue(`${field}.apiVersion`, apiVersion, 'version must not be empty'));
    }
    if (kind === '') found.push(invalidValue(`${field}.kind`, kind, 'must not be empty'));
    if (name === '') found.push(invalidValue(`${field}.name`, name, 'must not be empty'));
    if (uid === '') found.push(invalidValue(`${field}.uid`, uid, 'must not be empty'));
    if (apiVersion === 'v1' && kind === 'Event') {
      found.push(invalidValue(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (owner.controller !== true) continue;
    const told = `${kind}/${name}`;
    if (first === '') first = told;
    else {
      found.push(
        invalidValue(
          field,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${told}`,
        ),
      );
    }
  }
  return found;
}

function validateManagedFields(meta: ObjectMeta): Problem[] {
  const found: Problem[] = [];
  (meta.managedFields ?? []).forEach((entry, at) => {
    const field = `metadata.managedFields[${at}]`;
    const { operation = '', fieldsType = '', manager = '', subresource = '' } = entry;
    if (operation !== 'Apply' && operation !== 'Update') {
      found.push(invalidValue(`${field}.operation`, operation, 'must be `Apply` or `Update`'));
    }
    if (fieldsType !== '' && fieldsType !== 'FieldsV1') {
      found.push(invalidValue(`${field}.fieldsType`, fieldsType, 'must be `FieldsV1`'));
    }
    if (manager.length > 128)
      found.push({ kind: 'too-long', field: `${field}.manager`, detail: 'may not be more than 128 bytes' });
    if (subresource.length > 256) {
      found.push({ kind: 'too-long', field: `${field}.subresource`, detail: 'may not be more than 256 bytes' });
    }
  });
  return found;
}
