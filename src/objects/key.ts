declare const BRAND: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [BRAND]: Name };

/** `resource` for the core group, else `resource.group`: `configmaps`, `clusters.postgresql.cnpg.io`. Never a short name. */
export type ResourceName = Brand<string, 'ResourceName'>;
/** `resource.group/namespace/name`, or `resource.group/name` for a cluster-scoped object. */
export type KeyText = Brand<string, 'KeyText'>;
/** `metadata.uid` as a server wrote it. */
export type Uid = Brand<string, 'Uid'>;

/** Where one object stands in a cluster. `group` is '' for the core group; `namespace` is absent for cluster scope. */
export interface ObjectKey {
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

export function resourceName(group: string, resource: string): ResourceName {
  return (group === '' ? resource : `${resource}.${group}`) as ResourceName;
}

/** Splits at the first dot: a plural resource name never holds one, a group may hold many. */
export function splitResourceName(name: ResourceName): { group: string; resource: string } {
  const dot = name.indexOf('.');
  return dot < 0 ? { group: '', resource: name } : { group: name.slice(dot + 1), resource: name.slice(0, dot) };
}

export function keyText(key: ObjectKey): KeyText {
  return keyTextOf(resourceName(key.group, key.resource), key.namespace, key.name);
}

export function keyTextOf(resource: ResourceName, namespace: string | undefined, name: string): KeyText {
  return (namespace === undefined ? `${resource}/${name}` : `${resource}/${namespace}/${name}`) as KeyText;
}

/** Names of objects never hold a slash, so the count of slashes tells the scope. Undefined when the text is no key. */
export function parseKeyText(text: string): ObjectKey | undefined {
  const parts = text.split('/');
  const [first, second, third] = parts;
  if (first === undefined || second === undefined || first === '' || second === '' || parts.length > 3)
    return undefined;
  const { group, resource } = splitResourceName(first as ResourceName);
  if (third === undefined) return { group, resource, name: second };
  return third === '' ? undefined : { group, resource, namespace: second, name: third };
}

/** The group of an `apiVersion`: `apps/v1` -> `apps`, `v1` -> ''. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The version of an `apiVersion`: `apps/v1` -> `v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** Byte-wise order of two texts, the same on every machine (no locale). */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
