import { isJsonObject, type Json, type KubeObject } from '../objects/json.ts';
import { groupOf, type ResourceName, resourceName, splitResourceName } from '../objects/key.ts';
import { getAt } from '../objects/pointer.ts';

/** What a point says of one of its resources. */
export interface CapturedResource {
  readonly resource: ResourceName;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Other served versions. */
  readonly served: readonly string[];
}

/** A kind as the point knows it: from its own list, or from a CustomResourceDefinition that has no objects. */
export interface Kind {
  readonly resource: ResourceName;
  readonly group: string;
  readonly kind: string;
  readonly version: string;
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  readonly categories: readonly string[];
  /** The CustomResourceDefinition's name when one defines it. */
  readonly definition: string | undefined;
  /** Whether the captured version has a status subresource; built-in kinds that we write a status for all have. */
  readonly hasStatus: boolean;
}

/** The kinds of one captured cluster. */
export class Vocabulary {
  readonly #byResource = new Map<ResourceName, Kind>();
  readonly #byKind = new Map<string, Kind>();

  constructor(captured: readonly CapturedResource[], definitions: readonly KubeObject[]) {
    const defined = new Map(definitions.map((definition) => [definition.metadata.name ?? '', definition]));
    for (const record of captured) {
      const { group, resource } = splitResourceName(record.resource);
      const definition = group === '' ? undefined : defined.get(`${resource}.${group}`);
      this.#add({
        resource: record.resource,
        group,
        kind: record.kind,
        version: record.version,
        versions: [record.version, ...record.served.filter((version) => version !== record.version)],
        namespaced: record.namespaced,
        categories: definition === undefined ? [] : textsAt(definition, '/spec/names/categories'),
        definition: definition?.metadata.name,
        hasStatus: definition === undefined || hasStatusSubresource(definition, record.version),
      });
    }
    for (const definition of definitions) this.#addDefined(definition);
  }

  ofResource(resource: ResourceName): Kind | undefined {
    return this.#byResource.get(resource);
  }
  /** By the `apiVersion` and `kind` of a reference; any version of the group serves. */
  ofReference(apiVersion: string, kind: string): Kind | undefined {
    return this.#byKind.get(`${groupOf(apiVersion)}/${kind}`);
  }

  #add(kind: Kind): void {
    this.#byResource.set(kind.resource, kind);
    this.#byKind.set(`${kind.group}/${kind.kind}`, kind);
  }
  #addDefined(definition: KubeObject): void {
    const group = String(getAt(definition, '/spec/group') ?? '');
    const resource = resourceName(group, String(getAt(definition, '/spec/names/plural') ?? ''));
    const versions = versionsOf(definition).map((version) => String(version.name));
    const [version] = versions;
    if (this.#byResource.has(resource) || version === undefined) return;
    this.#add({
      resource,
      group,
      kind: String(getAt(definition, '/spec/names/kind') ?? ''),
      version,
      versions,
      namespaced: getAt(definition, '/spec/scope') === 'Namespaced',
      categories: textsAt(definition, '/spec/names/categories'),
      definition: definition.metadata.name,
      hasStatus: hasStatusSubresource(definition, version),
    });
  }
}

type DefinedVersion = { readonly [key: string]: Json | undefined };
function versionsOf(definition: KubeObject): DefinedVersion[] {
  const versions = getAt(definition, '/spec/versions');
  return Array.isArray(versions) ? versions.filter(isJsonObject).filter((version) => version.served === true) : [];
}
function hasStatusSubresource(definition: KubeObject, version: string): boolean {
  const found = versionsOf(definition).find((item) => item.name === version);
  return found !== undefined && getAt(found, '/subresources/status') !== undefined;
}
function textsAt(object: KubeObject, path: string): string[] {
  const value = getAt(object, path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
