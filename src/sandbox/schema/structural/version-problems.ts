import type { Problem } from '../../status/problem.ts';
import { defaultProblems } from './default-problems.ts';
import type { DefinitionVersion } from './definition.ts';
import { fieldSchema } from './field-path.ts';
import type { SchemaJson } from './schema-json.ts';
import { openApiProblems } from './schema-problems.ts';
import { structuralProblems, unsupportedField } from './structural-problems.ts';

/** Short ways to add findings. */
export interface Finder {
  invalid(field: string, value: unknown, detail: string): void;
  required(field: string, detail?: string): void;
}

/** The parts of a version that may stand at a version or, when all versions share them, at the top. */
export interface VersionParts {
  readonly schema?: DefinitionVersion['schema'];
  readonly subresources?: DefinitionVersion['subresources'];
  readonly columns?: DefinitionVersion['additionalPrinterColumns'];
  readonly selectable?: DefinitionVersion['selectableFields'];
}

const AT_ROOT =
  '[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]';
const ALLOWED_AT_ROOT = new Set([
  ...'description format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf required items properties externalDocs example'.split(
    ' ',
  ),
  'type',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

export function versionPartProblems(
  parts: VersionParts,
  at: {
    readonly base: string;
    readonly schema: string;
    readonly hasStatus: boolean;
    readonly schemaOf: DefinitionVersion['schema'];
    readonly single: boolean;
  },
  found: Problem[],
): void {
  const schema = parts.schema?.openAPIV3Schema;
  if (schema !== undefined) found.push(...schemaProblemsOf(schema, at.schema, at.hasStatus));
  scaleProblems(parts.subresources?.scale, `${at.base}.subresources.scale`, found);
  parts.columns?.forEach((column, index) => {
    columnProblems(column, `${at.base}.additionalPrinterColumns[${index}]`, found);
  });
  const { selectable = [] } = parts;
  if (selectable.length > 0) selectableProblems(selectable, at.schemaOf?.openAPIV3Schema, at, found);
}

function schemaProblemsOf(schema: SchemaJson, path: string, hasStatus: boolean): Problem[] {
  const found: Problem[] = [];
  const at = `${path}.openAPIV3Schema`;
  if (hasStatus) {
    for (const name of Object.keys(schema)) {
      const value = schema[name as keyof SchemaJson];
      if (value === undefined || value === null || value === false || value === '') continue;
      if (name === 'type') {
        if (schema.type === 'object') continue;
        const detail =
          'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
        found.push({ kind: 'invalid', field: `${at}.type`, value: schema.type, detail });
        break;
      }
      if (!ALLOWED_AT_ROOT.has(name)) {
        const detail = `only ${AT_ROOT} fields are allowed at the root of the schema if the status subresource is enabled`;
        found.push({ kind: 'invalid', field: at, value: schema, detail });
        break;
      }
    }
  }
  if (schema.nullable === true)
    found.push({ kind: 'forbidden', field: `${at}.nullable`, detail: 'nullable cannot be true at the root' });
  const unsupported = unsupportedField(schema);
  let rules = false;
  if (unsupported === undefined) {
    const structural = structuralProblems(schema, at);
    const defaults = structural.length > 0 ? [] : defaultProblems(schema, at, true);
    found.push(...structural, ...defaults);
    rules = structural.length === 0 && defaults.length === 0;
  }
  found.push(...openApiProblems(schema, at, rules));
  if (found.length === 0 && unsupported !== undefined)
    found.push({ kind: 'invalid', field: at, value: '', detail: unsupported });
  return found;
}

type Scale = NonNullable<DefinitionVersion['subresources']>['scale'];

function scaleProblems(scale: Scale, path: string, found: Problem[]): void {
  if (scale === undefined || scale === null) return;
  const check = (
    name: string,
    value: string | undefined,
    prefixes: readonly string[],
    detail: string,
    optional = false,
  ): void => {
    const field = `${path}.${name}`;
    if (!value) {
      if (!optional) found.push({ kind: 'required', field, detail: '' });
      return;
    }
    if (!value.startsWith('.'))
      found.push({ kind: 'invalid', field, value, detail: 'must be a simple json path starting with .' });
    else if (!prefixes.some((prefix) => value.startsWith(prefix)))
      found.push({ kind: 'invalid', field, value, detail });
  };
  check('specReplicasPath', scale.specReplicasPath, ['.spec.'], 'should be a json path under .spec');
  check('statusReplicasPath', scale.statusReplicasPath, ['.status.'], 'should be a json path under .status');
  check(
    'labelSelectorPath',
    scale.labelSelectorPath,
    ['.spec.', '.status.'],
    'should be a json path under either .spec or .status',
    true,
  );
}

function columnProblems(column: NonNullable<VersionParts['columns']>[number], path: string, found: Problem[]): void {
  const { name, type, format, jsonPath } = column;
  const oneOf = `must be one of ${COLUMN_TYPES.join(',')}`;
  if (!name) found.push({ kind: 'required', field: `${path}.name`, detail: '' });
  if (!type) found.push({ kind: 'required', field: `${path}.type`, detail: oneOf });
  else if (!COLUMN_TYPES.includes(type))
    found.push({ kind: 'invalid', field: `${path}.type`, value: type, detail: oneOf });
  if (format && !COLUMN_FORMATS.includes(format))
    found.push({
      kind: 'invalid',
      field: `${path}.format`,
      value: format,
      detail: `must be one of ${COLUMN_FORMATS.join(',')}`,
    });
  if (!jsonPath) found.push({ kind: 'required', field: `${path}.JSONPath`, detail: '' });
  else if (!jsonPath.startsWith('.'))
    found.push({
      kind: 'invalid',
      field: `${path}.JSONPath`,
      value: jsonPath,
      detail: 'must be a simple json path starting with .',
    });
}

function selectableProblems(
  fields: NonNullable<VersionParts['selectable']>,
  schema: SchemaJson | undefined,
  at: { readonly base: string; readonly single: boolean },
  found: Problem[],
): void {
  const path = `${at.base}.selectableFields`;
  if (schema === undefined) {
    const detail = at.single
      ? 'may only be set when validations.schema is included'
      : 'may only be set when `version.schema.openAPIV3Schema` is not included';
    found.push({ kind: 'invalid', field: path, value: '', detail });
    return;
  }
  const seen = new Set<string>();
  fields.forEach(({ jsonPath }, index) => {
    const field = `${path}[${index}].jsonPath`;
    const wrong = (detail: string): void => void found.push({ kind: 'invalid', field, value: jsonPath, detail });
    if (!jsonPath) {
      found.push({ kind: 'required', field, detail: '' });
      return;
    }
    const target = fieldSchema(jsonPath, schema, false);
    if ('error' in target) {
      wrong(`is an invalid path: ${target.error}`);
      return;
    }
    if (target.names[0] === 'metadata') wrong('must not point to fields in metadata');
    if (!['string', 'boolean', 'integer'].includes(target.schema.type ?? ''))
      wrong(
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      );
    const normal = target.names.join('.');
    if (seen.has(normal)) found.push({ kind: 'duplicate', field, value: jsonPath });
    seen.add(normal);
  });
  if (seen.size > 8)
    found.push({ kind: 'too-many', field: path, value: seen.size, detail: 'must have at most 8 items' });
}
