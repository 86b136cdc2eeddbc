import type { Json, KubeObject, MutableJson, MutableJsonObject } from '../../../objects/json.ts';
import { resourceName, versionOf } from '../../../objects/key.ts';
import { sameJson } from '../../../objects/same-json.ts';
import type { Problem } from '../../status/problem.ts';
import type { FieldType } from '../field-type.ts';
import { qualifiedName } from '../metadata/names.ts';
import { CompiledVersion } from './compiled-version.ts';
import { conversionError, convertByWebhook, renamed } from './conversion.ts';
import type {
  Columns,
  ConversionCaller,
  CustomKind,
  CustomVersion,
  ScalePaths,
  SelectableFields,
} from './custom-kind.ts';
import { copyJson } from './defaults.ts';
import { conditionIsTrue, type DefinitionSpec, type DefinitionVersion, specOf, statusOf } from './definition.ts';
import { byPriority } from './version-order.ts';

const ALL_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const LAST_VERBS = ['delete', 'deletecollection', 'get', 'list', 'watch'];
const STANDARD_FINALIZERS = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** Makes the custom kind of a definition; versions are compiled when they are first asked for. */
export function customKind(definition: KubeObject, call: ConversionCaller): CustomKind {
  return new DefinedKind(definition, call);
}

class DefinedKind implements CustomKind {
  readonly definition: KubeObject;
  readonly resource;
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly storageVersion: string;
  readonly versions: readonly CustomVersion[];
  readonly established: boolean;
  readonly terminating: boolean;
  readonly verbs: readonly string[];
  private readonly spec: DefinitionSpec;
  private readonly call: ConversionCaller;
  private readonly compiled = new Map<string, CompiledVersion>();

  constructor(definition: KubeObject, call: ConversionCaller) {
    const spec = specOf(definition);
    const names = statusOf(definition).acceptedNames ?? {};
    this.definition = definition;
    this.spec = spec;
    this.call = call;
    this.group = spec.group;
    this.plural = spec.names.plural ?? '';
    this.resource = resourceName(spec.group, this.plural);
    this.singular = names.singular ?? '';
    this.kind = names.kind ?? spec.names.kind ?? '';
    this.listKind = names.listKind ?? spec.names.listKind ?? '';
    this.shortNames = names.shortNames ?? [];
    this.categories = names.categories ?? [];
    this.namespaced = spec.scope === 'Namespaced';
    this.storageVersion = spec.versions.find((version) => version.storage)?.name ?? '';
    this.versions = [...spec.versions]
      .sort((a, b) => byPriority(a.name, b.name))
      .map((version) => ({
        name: version.name,
        served: version.served === true,
        storage: version.storage === true,
        deprecation: deprecation(spec, version),
      }));
    this.established = conditionIsTrue(definition, 'Established');
    this.terminating = conditionIsTrue(definition, 'Terminating');
    this.verbs = this.terminating ? LAST_VERBS : ALL_VERBS;
  }

  private at(name: string): CompiledVersion {
    const known = this.compiled.get(name);
    if (known !== undefined) return known;
    const version = this.spec.versions.find((each) => each.name === name);
    if (version === undefined) throw new RangeError(`${this.resource} has no version ${name}`);
    const made = new CompiledVersion(this.spec, version, this.kind);
    this.compiled.set(name, made);
    return made;
  }

  version(name: string): CustomVersion | undefined {
    return this.versions.find((version) => version.name === name);
  }
  typeOf(version: string): FieldType {
    return this.at(version).type;
  }
  hasStatus(version: string): boolean {
    return this.at(version).hasStatus;
  }
  scale(version: string): ScalePaths | undefined {
    return this.at(version).scale;
  }
  columns(version: string): Columns {
    return this.at(version).columns;
  }
  selectable(version: string): SelectableFields {
    return this.at(version).selectable;
  }
  decode(body: MutableJsonObject, version: string, keepNulls = false): readonly string[] {
    return this.at(version).decode(body, keepNulls);
  }
  complete(body: MutableJsonObject, version: string): void {
    this.at(version).complete(body);
  }

  prepareCreate(object: MutableJsonObject, version: string): void {
    if (this.hasStatus(version)) delete object.status;
    const metadata = object.metadata as MutableJsonObject | undefined;
    if (metadata !== undefined) metadata.generation = 1;
  }

  prepareUpdate(next: MutableJsonObject, before: KubeObject, version: string): void {
    if (this.hasStatus(version)) {
      if (before.status !== undefined) next.status = before.status as MutableJson;
      else delete next.status;
    }
    const metadata = next.metadata as MutableJsonObject;
    const generation = before.metadata.generation ?? 0;
    metadata.generation = sameExceptMetadata(next, before) ? generation : generation + 1;
  }

  prepareStatus(next: MutableJsonObject, before: KubeObject, _version: string): void {
    const { status } = next;
    const { managedFields } = next.metadata as MutableJsonObject;
    for (const name of Object.keys(next)) delete next[name];
    Object.assign(next, copyJson({ ...before, status: undefined } as unknown as Json));
    const metadata = next.metadata as MutableJsonObject;
    if (managedFields === undefined) delete metadata.managedFields;
    else metadata.managedFields = managedFields;
    if (status !== undefined) next.status = status;
  }

  validateCreate(object: KubeObject, version: string, ofMetadata: readonly Problem[] = []): readonly Problem[] {
    return this.at(version).createProblems(object, ofMetadata);
  }
  validateUpdate(
    next: KubeObject,
    before: KubeObject,
    version: string,
    ofMetadata: readonly Problem[] = [],
  ): readonly Problem[] {
    return this.at(version).updateProblems(next, before, ofMetadata);
  }
  validateStatus(
    next: KubeObject,
    before: KubeObject,
    version: string,
    ofMetadata: readonly Problem[] = [],
  ): readonly Problem[] {
    return this.at(version).statusProblems(next, before, ofMetadata);
  }

  ratcheted(next: KubeObject, version: string): readonly string[] {
    return this.at(version).ratcheted.get(next) ?? [];
  }
  warnings(next: KubeObject, before?: KubeObject): readonly string[] {
    const old = new Set(before?.metadata.finalizers ?? []);
    const added = [...new Set(next.metadata.finalizers ?? [])].filter((name) => !old.has(name)).sort();
    return added.flatMap((name) => {
      const quoted = `metadata.finalizers: ${JSON.stringify(name)}: `;
      const found = qualifiedName(name).map((problem) => `${quoted}${problem}`);
      if (!name.includes('/') && !STANDARD_FINALIZERS.has(name)) {
        const path = name.includes('.') ? ' including a path (/)' : '';
        found.push(
          `${quoted}prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
        );
      }
      return found;
    });
  }

  convertsWithoutWebhook(fromVersion: string, toVersion: string): boolean {
    return fromVersion === toVersion || this.spec.conversion?.strategy !== 'Webhook';
  }

  convertSync(object: KubeObject, toVersion: string): KubeObject {
    const from = versionOf(object.apiVersion);
    if (!this.convertsWithoutWebhook(from, toVersion)) throw new RangeError('this conversion needs the webhook');
    return this.shown(this.read(object), toVersion);
  }

  async convert(objects: readonly KubeObject[], toVersion: string): Promise<readonly KubeObject[]> {
    const apiVersion = `${this.group}/${toVersion}`;
    const { conversion } = this.spec;
    const read = objects.map((object) => this.read(object));
    if (conversion?.strategy !== 'Webhook') return read.map((object) => this.shown(object, toVersion));
    const converted = await convertByWebhook(read, apiVersion, conversion.webhook ?? {}, this.call);
    return converted.map((object) => this.at(toVersion).pruned(object));
  }

  /** What was read in one version, in another one: pruned by that, but without its defaults. */
  private shown(object: KubeObject, toVersion: string): KubeObject {
    const apiVersion = `${this.group}/${toVersion}`;
    return object.apiVersion === apiVersion ? object : this.at(toVersion).pruned(renamed(object, apiVersion));
  }

  /**
   * Pruned and given defaults by the schema of the version that it is in, never by that which it becomes. Objects of a
   * version that the definition no longer names cannot be read.
   */
  private read(object: KubeObject): KubeObject {
    const from = versionOf(object.apiVersion);
    if (this.spec.versions.some((version) => object.apiVersion === `${this.group}/${version.name}`))
      return this.at(from).served(object);
    throw conversionError(`request to convert CR from an invalid group/version: ${object.apiVersion}`);
  }
}

function sameExceptMetadata(next: MutableJsonObject, before: KubeObject): boolean {
  const old = before as unknown as Readonly<Record<string, Json | undefined>>;
  for (const name of new Set([...Object.keys(next), ...Object.keys(old)]))
    if (name !== 'metadata' && !sameJson(next[name], old[name])) return false;
  return true;
}

function deprecation(spec: DefinitionSpec, version: DefinitionVersion): string | undefined {
  if (version.deprecated !== true) return undefined;
  if (typeof version.deprecationWarning === 'string') return version.deprecationWarning;
  const { kind = '' } = spec.names;
  const better = spec.versions
    .filter((other) => other.served && other.deprecated !== true && byPriority(other.name, version.name) < 0)
    .map(({ name }) => name)
    .sort(byPriority)[0];
  const text = `${spec.group}/${version.name} ${kind} is deprecated`;
  return better === undefined ? text : `${text}; use ${spec.group}/${better} ${kind}`;
}
