/** As much of any Kubernetes object as storing and finding it takes. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** What can be written is what is stored; ComponentStatuses and metrics, for example, are made up on demand. */
  readonly writable: boolean;
  readonly listable: boolean;
}

/** Discovery documents by their path, such as `/api/v1` and `/apis/apps/v1`. */
export type Discovery = Readonly<Record<string, unknown>>;

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface ApiResourceList {
  readonly kind: 'APIResourceList';
  readonly groupVersion: string;
  readonly resources: readonly ApiResource[];
}

export function parseObjects(jsonLines: string): KubeObject[] {
  const objects: KubeObject[] = [];
  jsonLines.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const value: unknown = JSON.parse(line);
    if (!isKubeObject(value)) throw new Error(`line ${index + 1} is not a Kubernetes object`);
    objects.push(value);
  });
  return objects;
}

export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function resourceTypes(discovery: Discovery): ResourceType[] {
  const types: ResourceType[] = [];
  for (const list of Object.values(discovery)) {
    if (!isResourceList(list)) continue;
    for (const { name, kind, namespaced, verbs } of list.resources) {
      // A subresource, such as `deployments/status`, is a part of another object.
      if (name.includes('/')) continue;
      types.push({
        ...splitApiVersion(list.groupVersion),
        plural: name,
        kind,
        namespaced,
        writable: verbs.includes('create'),
        listable: verbs.includes('list'),
      });
    }
  }
  return types;
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<Record<keyof KubeObject, unknown>>;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata && typeof metadata.name === 'string';
}

function isResourceList(value: unknown): value is ApiResourceList {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'APIResourceList';
}
