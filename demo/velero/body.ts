import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import type { ResourceName } from '../../src/objects/key.ts';

/** Old name of a Namespace to its new one. */
export type NamespaceMapping = Readonly<Record<string, string>>;
type Fields = Record<string, unknown>;

/** Fields of the metadata that are reset; finalizers, labels, annotations and managed fields stay (velero.md 2.4). */
const RESET = [
  'generateName',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'managedFields',
];
const BINDING = [
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/selected-node',
];

/** What is POSTed of a captured object: no status, no owners, what its item action changes, Namespaces mapped, labels of the restore. */
export function restoredBody(resource: ResourceName, object: KubeObject, mapping: NamespaceMapping): JsonObject {
  const body = structuredClone(object) as unknown as Fields & { metadata: Fields; spec?: Fields };
  delete body.status;
  const { metadata } = body;
  for (const field of RESET) delete metadata[field];
  if (resource === 'namespaces') {
    // Built anew from four parts; its own label is the server's.
    const { name, labels, annotations } = metadata;
    body.metadata = {
      name: mapping[String(name)] ?? name,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    };
    return body as unknown as JsonObject;
  }
  act(resource, body);
  if (typeof metadata.namespace === 'string') metadata.namespace = mapping[metadata.namespace] ?? metadata.namespace;
  mapNames(resource, body, mapping);
  const labels = (metadata.labels ?? {}) as Record<string, string>;
  metadata.labels = { ...labels, 'velero.io/backup-name': 'production', 'velero.io/restore-name': 'production-again' };
  return body as unknown as JsonObject;
}

/** Built-in item actions (velero.md 2.6, 2.7). */
function act(resource: ResourceName, body: Fields & { metadata: Fields; spec?: Fields }): void {
  const { spec = {}, metadata } = body;
  if (resource === 'pods') {
    for (const field of ['nodeName', 'priority']) delete spec[field];
    const tokens = namesWhere(spec.volumes, (one) => String(one.name).startsWith('kube-api-access-'));
    spec.volumes = without(spec.volumes, 'name', tokens);
    for (const kind of ['containers', 'initContainers'])
      for (const one of (spec[kind] ?? []) as Fields[]) one.volumeMounts = without(one.volumeMounts, 'name', tokens);
  } else if (resource === 'services') {
    if (spec.clusterIP !== 'None') for (const field of ['clusterIP', 'clusterIPs']) delete spec[field];
    delete spec.healthCheckNodePort;
    for (const port of (spec.ports ?? []) as Fields[]) delete port.nodePort;
  } else if (resource === 'persistentvolumeclaims') {
    const annotations = { ...(metadata.annotations as Fields | undefined) };
    for (const name of BINDING) delete annotations[name];
    metadata.annotations = annotations;
    delete spec.volumeName;
  } else if (resource === 'jobs.batch') {
    delete spec.selector;
    const template = spec.template as { metadata?: { labels?: Fields } } | undefined;
    for (const labels of [metadata.labels as Fields | undefined, template?.metadata?.labels])
      for (const name of ['controller-uid', 'batch.kubernetes.io/controller-uid']) delete labels?.[name];
  } else if (resource === 'serviceaccounts') {
    const name = String(metadata.name);
    body.secrets = ((body.secrets ?? []) as Fields[]).filter((one) => !String(one.name).startsWith(`${name}-token-`));
  }
}

/** Namespaces named elsewhere: a volume's claim, the subjects of bindings; nothing else (velero.md 2.6). */
function mapNames(resource: ResourceName, body: Fields & { spec?: Fields }, mapping: NamespaceMapping): void {
  const rename = (holder: Fields | undefined): void => {
    if (typeof holder?.namespace === 'string') holder.namespace = mapping[holder.namespace] ?? holder.namespace;
  };
  if (resource === 'persistentvolumes') rename(body.spec?.claimRef as Fields | undefined);
  if (/^(cluster)?rolebindings\./.test(resource)) for (const one of (body.subjects ?? []) as Fields[]) rename(one);
}

function namesWhere(list: unknown, fits: (one: Fields) => boolean): readonly unknown[] {
  return ((list ?? []) as Fields[]).filter(fits).map(({ name }) => name);
}
function without(list: unknown, field: string, values: readonly unknown[]): unknown {
  return list === undefined ? undefined : (list as Fields[]).filter((one) => !values.includes(one[field]));
}
