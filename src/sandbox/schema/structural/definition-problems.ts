import type { KubeObject } from '../../../objects/json.ts';
import { resourceName } from '../../../objects/key.ts';
import type { Problem } from '../../status/problem.ts';
import { dns1035Label, dnsSubdomain } from '../metadata/names.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../metadata/object-meta.ts';
import { IMMUTABLE } from '../metadata/problems.ts';
import { approvalProblems } from './approval.ts';
import { conversionProblems } from './conversion-problems.ts';
import { deepEqual } from './deep-equal.ts';
import { conditionIsTrue, type DefinitionNames, type DefinitionSpec, specOf, statusOf } from './definition.ts';
import { type Finder, versionPartProblems } from './version-problems.ts';

const RESOURCE = resourceName('apiextensions.k8s.io', 'customresourcedefinitions');

/** What is wrong with a new definition, its metadata included, in the server's order. */
export function newDefinitionProblems(definition: KubeObject): Problem[] {
  const spec = specOf(definition);
  const wanted = `${spec.names?.plural ?? ''}.${spec.group ?? ''}`;
  return [
    ...validateObjectMeta(definition, {
      resource: RESOURCE,
      namespaced: false,
      nameCheck: (name) => [
        ...dnsSubdomain(name),
        ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group']),
      ],
    }),
    ...specProblems(spec),
    ...statusProblems(definition),
    ...approvalProblems(definition, undefined),
    ...preserveProblems(spec, undefined),
  ];
}

export function changedDefinitionProblems(next: KubeObject, before: KubeObject): Problem[] {
  const spec = specOf(next);
  const old = specOf(before);
  const found = [...validateObjectMetaUpdate(next, before), ...specProblems(spec)];
  const fixed = (field: string, value: unknown, was: unknown): void => {
    if (!deepEqual(value, was)) found.push({ kind: 'invalid', field: `spec.${field}`, value, detail: IMMUTABLE });
  };
  if (conditionIsTrue(before, 'Established')) {
    fixed('scope', spec.scope, old.scope);
    fixed('names.kind', spec.names.kind, old.names.kind);
  }
  fixed('group', spec.group, old.group);
  fixed('names.plural', spec.names.plural, old.names.plural);
  found.push(...statusProblems(next), ...approvalProblems(next, before), ...preserveProblems(spec, old));
  return found;
}

/** Of an update of /status. */
export function changedStatusProblems(next: KubeObject, before: KubeObject): Problem[] {
  return [
    ...validateObjectMetaUpdate(next, before),
    ...namesProblems(statusOf(next).acceptedNames ?? {}, 'status.acceptedNames'),
  ];
}

function statusProblems(definition: KubeObject): Problem[] {
  const { acceptedNames = {}, storedVersions = [] } = statusOf(definition);
  return [
    ...namesProblems(acceptedNames, 'status.acceptedNames'),
    ...storedVersionProblems(storedVersions, specOf(definition)),
  ];
}

function storedVersionProblems(stored: readonly string[], spec: DefinitionSpec): Problem[] {
  const field = 'status.storedVersions';
  if (stored.length === 0)
    return [{ kind: 'invalid', field, value: null, detail: 'must have at least one stored version' }];
  const found: Problem[] = [];
  const names = new Set(spec.versions.map(({ name }) => name));
  const left = new Set(stored);
  for (const version of spec.versions) {
    // Each stored version counts for one version of the definition, even when two have its name.
    if (!left.delete(version.name) && version.storage)
      found.push({ kind: 'invalid', field, value: stored, detail: `must have the storage version ${version.name}` });
  }
  stored.forEach((name, index) => {
    if (names.has(name)) return;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    found.push({ kind: 'invalid', field: `${field}[${index}]`, value: name, detail });
  });
  return found;
}

function preserveProblems(spec: DefinitionSpec, old: DefinitionSpec | undefined): Problem[] {
  if (spec.preserveUnknownFields !== true || old?.preserveUnknownFields === true) return [];
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [{ kind: 'invalid', field: 'spec.preserveUnknownFields', value: true, detail }];
}

/**
 * The server moves what all versions have in common to the top before it validates, so most definitions, which have one
 * version, are told problems of `spec.validation` and not of `spec.versions[0].schema`.
 */
function specProblems(spec: DefinitionSpec): Problem[] {
  const found: Problem[] = [];
  const find: Finder = {
    invalid: (field, value, detail) => void found.push({ kind: 'invalid', field, value, detail }),
    required: (field, detail = '') => void found.push({ kind: 'required', field, detail }),
  };
  const { group = '', scope = '', names = {} } = spec;
  const versions = spec.versions ?? [];
  if (group === '') find.required('spec.group');
  else if (dnsSubdomain(group).length > 0) find.invalid('spec.group', group, dnsSubdomain(group).join(','));
  else if (!group.includes('.')) find.invalid('spec.group', group, 'should be a domain with at least one dot');
  if (scope === '') find.required('spec.scope');
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    found.push({ kind: 'not-supported', field: 'spec.scope', value: scope, supported: ['Cluster', 'Namespaced'] });
  const [first] = versions;
  const shared = <Part>(part: (version: (typeof versions)[number]) => Part): boolean =>
    versions.every((version) => deepEqual(part(version), first === undefined ? undefined : part(first)));
  const top = {
    schema: shared((version) => version.schema),
    subresources: shared((version) => version.subresources),
    columns: shared((version) => version.additionalPrinterColumns),
    selectable: shared((version) => version.selectableFields),
  };
  if (!(top.schema && first?.schema?.openAPIV3Schema !== undefined))
    versions.forEach((version, index) => {
      if ((top.schema ? undefined : version.schema?.openAPIV3Schema) === undefined)
        find.required(`spec.versions[${index}].schema.openAPIV3Schema`);
    });
  const seen = new Set<string>();
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}]`;
    const wrong = dns1035Label(version.name ?? '');
    if (wrong.length > 0) find.invalid(`${path}.name`, version.name ?? '', wrong.join(','));
    deprecationProblems(version, path, find);
    versionPartProblems(
      {
        ...(top.schema ? {} : { schema: version.schema }),
        ...(top.subresources ? {} : { subresources: version.subresources }),
        ...(top.columns ? {} : { columns: version.additionalPrinterColumns }),
        ...(top.selectable ? {} : { selectable: version.selectableFields }),
      },
      {
        base: path,
        schema: `${path}.schema`,
        hasStatus: version.subresources?.status !== undefined,
        schemaOf: version.schema,
        single: false,
      },
      found,
    );
    seen.add(version.name);
  });
  const shown = spec.versions ? versions.map((version) => internalVersion(version, top)) : null;
  if (seen.size !== versions.length) find.invalid('spec.versions', shown, 'must contain unique version names');
  if (versions.filter((version) => version.storage).length !== 1)
    find.invalid('spec.versions', shown, 'must have exactly one version marked as storage version');
  if (first !== undefined && dns1035Label(first.name ?? '').length > 0 && first.name)
    find.invalid('spec.version', first.name, dns1035Label(first.name).join(','));
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (!names[name]) find.required(`spec.names.${name}`);
  found.push(...namesProblems(names, 'spec.names'));
  versionPartProblems(
    {
      ...(top.schema ? { schema: first?.schema } : {}),
      ...(top.subresources ? { subresources: first?.subresources } : {}),
      ...(top.columns ? { columns: first?.additionalPrinterColumns } : {}),
      ...(top.selectable ? { selectable: first?.selectableFields } : {}),
    },
    {
      base: 'spec',
      schema: 'spec.validation',
      hasStatus: versions.some((version) => version.subresources?.status !== undefined),
      schemaOf: top.schema ? first?.schema : undefined,
      single: true,
    },
    found,
  );
  found.push(...conversionProblems(spec.conversion));
  return found;
}

function deprecationProblems(version: DefinitionSpec['versions'][number], path: string, find: Finder): void {
  const { deprecated, deprecationWarning: text } = version;
  if (text === undefined || text === null) return;
  const field = `${path}.deprecationWarning`;
  if (deprecated !== true) {
    find.invalid(field, text, 'can only be set for deprecated versions');
    return;
  }
  if (Buffer.byteLength(text) > 256) find.invalid(field, text, 'must be <= 256 characters long');
  if (text === '') find.invalid(field, text, 'must not be an empty string');
  const odd = [...text].findIndex((letter) => letter !== ' ' && /[\p{C}\p{Z}]/u.test(letter));
  if (odd >= 0)
    find.invalid(
      field,
      text,
      `must only contain printable UTF-8 characters; non-printable character found at index ${odd}`,
    );
}

/** As Go prints its internal struct, which has no JSON names. */
function internalVersion(
  version: DefinitionSpec['versions'][number],
  top: { readonly schema: boolean; readonly subresources: boolean },
): Record<string, unknown> {
  return {
    Name: version.name ?? '',
    Served: version.served === true,
    Storage: version.storage === true,
    Deprecated: version.deprecated === true,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: top.schema ? null : (version.schema ?? null),
    Subresources: top.subresources ? null : (version.subresources ?? null),
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  };
}

function namesProblems(names: DefinitionNames, path: string): Problem[] {
  const found: Problem[] = [];
  const label = (field: string, value: string | undefined, check = value ?? '', before = ''): void => {
    if (!value) return;
    const wrong = dns1035Label(check);
    if (wrong.length > 0)
      found.push({ kind: 'invalid', field: `${path}.${field}`, value, detail: `${before}${wrong.join(',')}` });
  };
  const mixed = 'may have mixed case, but should otherwise match: ';
  label('plural', names.plural);
  label('singular', names.singular);
  label('kind', names.kind, names.kind?.toLowerCase(), mixed);
  label('listKind', names.listKind, names.listKind?.toLowerCase(), mixed);
  const each = (field: string, values: readonly string[] | undefined): void =>
    values?.forEach((value, index) => {
      const wrong = dns1035Label(value);
      if (wrong.length > 0)
        found.push({ kind: 'invalid', field: `${path}.${field}[${index}]`, value, detail: wrong.join(',') });
    });
  each('shortNames', names.shortNames);
  if (names.kind && names.kind === names.listKind)
    found.push({
      kind: 'invalid',
      field: `${path}.listKind`,
      value: names.listKind,
      detail: 'kind and listKind may not be the same',
    });
  each('categories', names.categories);
  return found;
}
