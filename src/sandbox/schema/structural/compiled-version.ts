import { isJsonObject, type JsonObject, type KubeObject, type MutableJsonObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import type { Problem } from '../../status/problem.ts';
import type { FieldType } from '../field-type.ts';
import { printerColumns } from './columns.ts';
import { Correlation } from './correlation.ts';
import type { Columns, ScalePaths, SelectableFields } from './custom-kind.ts';
import { applyDefaults, copyJson } from './defaults.ts';
import type { DefinitionSpec, DefinitionVersion } from './definition.ts';
import { coerceEmbedded, embeddedProblems } from './embedded.ts';
import { rootType } from './field-types.ts';
import { jsonPath } from './json-path.ts';
import { listTypeProblems } from './list-types.ts';
import { compileNode, type SchemaNode } from './node.ts';
import { normalMeta } from './object-meta.ts';
import { dropNulls, pruneRoot } from './prune.ts';
import { cleanDefaults } from './pruned-defaults.ts';
import { compileRules, type RuleValidator } from './rules.ts';
import { scaleSpecProblems, scaleStatusProblems } from './scale.ts';
import { schemaProblems } from './validate.ts';

const UNCHECKED: Problem = {
  kind: 'invalid',
  field: '<nil>',
  value: null,
  detail:
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};
const BLOCKING = new Set(['not-supported', 'required', 'too-long', 'too-many', 'type-invalid']);

/** One version of a definition, ready to work: everything that depends on its schema. */
export class CompiledVersion {
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  readonly columns: Columns;
  readonly selectable: SelectableFields;
  private readonly apiVersion: string;
  private readonly kind: string;
  private readonly node: SchemaNode | undefined;
  private readonly preserve: boolean;
  private fieldType: FieldType | undefined;
  private ruleValidator: RuleValidator | undefined | null = null;
  private readonly shown = new WeakMap<KubeObject, KubeObject>();
  /** What rules say of an object that was validated and is no worse than before. */
  readonly ratcheted = new WeakMap<KubeObject, readonly string[]>();

  constructor(spec: DefinitionSpec, version: DefinitionVersion, kind: string) {
    const schema = version.schema?.openAPIV3Schema;
    this.kind = kind;
    this.apiVersion = `${spec.group}/${version.name}`;
    this.preserve = spec.preserveUnknownFields === true;
    this.node = schema === undefined ? undefined : compileNode(schema);
    if (this.node !== undefined && !this.preserve) cleanDefaults(this.node);
    this.hasStatus = version.subresources?.status !== undefined && version.subresources.status !== null;
    this.scale = version.subresources?.scale;
    this.columns = printerColumns(version.additionalPrinterColumns);
    this.selectable = selectableFields(version);
  }

  get type(): FieldType {
    this.fieldType ??= rootType(this.node, this.preserve);
    return this.fieldType;
  }

  private get rules(): RuleValidator | undefined {
    if (this.ruleValidator === null) this.ruleValidator = this.node === undefined ? undefined : compileRules(this.node);
    return this.ruleValidator;
  }

  decode(body: MutableJsonObject, keepNulls = false): readonly string[] {
    const unknown: string[] = [];
    if (Object.hasOwn(body, 'metadata')) body.metadata = normalMeta(body.metadata, 'metadata', unknown);
    this.shape(body, unknown, keepNulls);
    applyDefaults(body, this.node);
    return unknown;
  }

  complete(body: MutableJsonObject): void {
    this.shape(body);
    applyDefaults(body, this.node);
  }

  private shape(body: MutableJsonObject, unknown?: string[], keepNulls = false): void {
    if (!this.preserve) {
      const pruned: string[] | undefined = unknown === undefined ? undefined : [];
      pruneRoot(body, this.node, pruned);
      unknown?.push(...(pruned ?? []));
      const { metadata } = body;
      if (!keepNulls) dropNulls(body, this.node);
      if (metadata !== undefined) body.metadata = metadata;
    }
    if (this.node?.hasEmbedded) {
      const inside: string[] | undefined = unknown === undefined ? undefined : [];
      coerceEmbedded(body, this.node, '', inside);
      unknown?.push(...(inside ?? []).sort());
    }
  }

  /**
   * An object that was stored in this version as it shows it: pruned and with its defaults. Given back as it is
   * when that changes nothing. What was once looked at is remembered, because lists and watches show objects again.
   */
  served(object: KubeObject): KubeObject {
    const known = this.shown.get(object);
    if (known !== undefined) return known;
    const { metadata, ...rest } = object;
    const copy = copyJson(rest as MutableJsonObject) as MutableJsonObject;
    this.shape(copy);
    applyDefaults(copy, this.node);
    const same = sameJson(copy, rest as unknown as JsonObject);
    const shown = same ? object : ({ ...copy, metadata } as unknown as KubeObject);
    this.shown.set(object, shown);
    return shown;
  }

  /** An object that comes from another version, without what this one has no field for. */
  pruned(object: KubeObject): KubeObject {
    const { metadata, ...rest } = object;
    const copy = copyJson(rest as MutableJsonObject) as MutableJsonObject;
    this.shape(copy);
    return { ...copy, metadata } as unknown as KubeObject;
  }

  private typeProblems(object: KubeObject): Problem[] {
    const found: Problem[] = [];
    if (object.kind !== this.kind)
      found.push({ kind: 'invalid', field: 'kind', value: object.kind, detail: `must be ${this.kind}` });
    if (object.apiVersion !== this.apiVersion)
      found.push({
        kind: 'invalid',
        field: 'apiVersion',
        value: object.apiVersion,
        detail: `must be ${this.apiVersion}`,
      });
    return found;
  }

  createProblems(object: KubeObject, ofMetadata: readonly Problem[]): readonly Problem[] {
    const wrongType = this.typeProblems(object);
    if (wrongType.length > 0) return wrongType;
    const found = [
      ...ofMetadata,
      ...schemaProblems(object, this.node),
      ...scaleSpecProblems(object, this.scale),
      ...scaleStatusProblems(object, this.scale),
      ...embeddedProblems(object, this.node),
      ...listTypeProblems(object, this.node),
    ];
    return this.withRules(found, object, undefined);
  }

  updateProblems(next: KubeObject, before: KubeObject, ofMetadata: readonly Problem[]): readonly Problem[] {
    const wrongType = this.typeProblems(next);
    if (wrongType.length > 0) return wrongType;
    const { node } = this;
    const correlation = node === undefined ? undefined : new Correlation(next, before, node);
    const found = [
      ...ofMetadata,
      ...schemaProblems(next, node, correlation),
      ...scaleSpecProblems(next, this.scale),
      ...scaleStatusProblems(next, this.scale),
      ...embeddedProblems(next, node),
    ];
    if (node?.hasListTypes) {
      const doubles = listTypeProblems(next, node);
      if (doubles.length > 0 && listTypeProblems(before, node).length === 0) found.push(...doubles);
    }
    return this.withRules(found, next, before, correlation);
  }

  statusProblems(next: KubeObject, before: KubeObject, ofMetadata: readonly Problem[]): readonly Problem[] {
    const wrongType = this.typeProblems(next);
    if (wrongType.length > 0) return wrongType;
    const { node } = this;
    const correlation = node === undefined ? undefined : new Correlation(next, before, node);
    const found = [...ofMetadata];
    if (next.status !== undefined) {
      const below = correlation?.field('status');
      found.push(...schemaProblems(next.status, node?.properties.get('status'), below, 'status'));
    }
    found.push(...scaleStatusProblems(next, this.scale));
    if (node?.hasListTypes) {
      const doubles = listTypeProblems(next, node);
      if (doubles.length > 0 && listTypeProblems(before, node).length === 0) found.push(...doubles);
    }
    return this.withRules(found, next, before, correlation);
  }

  private withRules(
    found: Problem[],
    next: KubeObject,
    before: KubeObject | undefined,
    correlation?: Correlation,
  ): readonly Problem[] {
    const rules = this.rules;
    if (rules === undefined) return found;
    if (found.some((problem) => BLOCKING.has(problem.kind))) return [...found, UNCHECKED];
    const ratcheted: string[] = [];
    const problems = rules.problems(next, before, correlation, '', ratcheted);
    if (ratcheted.length > 0) this.ratcheted.set(next, ratcheted);
    return [...found, ...problems];
  }
}

function selectableFields(version: DefinitionVersion): SelectableFields {
  const fields = (version.selectableFields ?? []).map(({ jsonPath: path }) => ({
    name: path.replace(/^\./, ''),
    path: jsonPath(path),
  }));
  return {
    labels: fields.map(({ name }) => name),
    values(object) {
      const values: Record<string, string> = {};
      for (const { name, path } of fields) {
        const [value] = path?.find(object) ?? [];
        values[name] =
          value === undefined || value === null ? '' : isJsonObject(value) ? JSON.stringify(value) : String(value);
      }
      return values;
    },
  };
}
