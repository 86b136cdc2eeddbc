import type { JsonObject } from '../../src/objects/json.ts';
import { definition, deployment, type Manifest, namespace } from './manifests.ts';

export const PLATFORM = 'platform.example.org';
export const CLOUD = 'cloud.example.org';
export const CROSSPLANE_HOME = 'crossplane-system';
export const CNPG_HOME = 'cnpg-system';
/** Where the tenants' claims stand. */
export const CLAIMS_HOME = 'tenants';
export const DISKS = 'disks.example.org';
export const COMPOSITION = 'tenants';
/** The template that the upgrade of story one forgets. */
export const NAMESPACE_TEMPLATE = 'namespace';

/** What the company's platform is before the first tenant: a disk class, two operators with their definitions. */
export function operators(): readonly Manifest[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'disks', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: DISKS,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    namespace(CROSSPLANE_HOME),
    namespace(CNPG_HOME),
    ...['CompositeResourceDefinition', 'Composition', 'CompositionRevision'].map((kind) =>
      definition('apiextensions.crossplane.io', 'v1', kind, 'Cluster', ['crossplane']),
    ),
    definition(CLOUD, 'v1', 'Instance', 'Cluster', ['crossplane', 'managed']),
    definition(CLOUD, 'v1', 'Bucket', 'Cluster', ['crossplane', 'managed']),
    definition('kubernetes.crossplane.io', 'v1alpha2', 'Object', 'Cluster', ['crossplane', 'managed']),
    definition('postgresql.cnpg.io', 'v1', 'Cluster', 'Namespaced'),
    definition('postgresql.cnpg.io', 'v1', 'Backup', 'Namespaced'),
    deployment(CROSSPLANE_HOME, 'crossplane', { app: 'crossplane' }, 'registry.example.org/crossplane:v1.20.11'),
    provider('provider-cloud'),
    provider('provider-kubernetes'),
    deployment(
      CNPG_HOME,
      'cnpg-controller-manager',
      { 'app.kubernetes.io/name': 'cloudnative-pg' },
      'registry.example.org/cloudnative-pg:1.30.0',
    ),
  ];
}

/** The Deployment of a provider, as the package manager labels it. */
function provider(name: string): Manifest {
  const labels = { 'pkg.crossplane.io/provider': name, 'pkg.crossplane.io/revision': `${name}-1` };
  return deployment(CROSSPLANE_HOME, name, labels, `registry.example.org/${name}:v1.2.1`);
}

/** What a tenant is: an API of the platform, and the Composition that makes one. */
export function tenancy(): readonly Manifest[] {
  const size = { type: 'object', properties: { size: { type: 'string' } } };
  return [
    namespace(CLAIMS_HOME),
    {
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'CompositeResourceDefinition',
      metadata: { name: `xtenants.${PLATFORM}` },
      spec: {
        group: PLATFORM,
        names: { kind: 'XTenant', plural: 'xtenants' },
        claimNames: { kind: 'Tenant', plural: 'tenants' },
        connectionSecretKeys: ['endpoint', 'password'],
        versions: [
          {
            name: 'v1',
            served: true,
            referenceable: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: size } } },
          },
        ],
      },
    },
    composition([namespaceTemplate(), databaseTemplate(), bucketTemplate()]),
  ];
}

export function composition(resources: readonly JsonObject[]): Manifest {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'Composition',
    metadata: { name: COMPOSITION },
    spec: {
      compositeTypeRef: { apiVersion: `${PLATFORM}/v1`, kind: 'XTenant' },
      mode: 'Resources',
      writeConnectionSecretsToNamespace: CROSSPLANE_HOME,
      resources,
    },
  };
}

const fromClaim = (toFieldPath: string): JsonObject => ({
  type: 'FromCompositeFieldPath',
  fromFieldPath: 'spec.claimRef.name',
  toFieldPath,
});

/** provider-kubernetes keeps the tenant's Namespace, and may delete it. */
function namespaceTemplate(): JsonObject {
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { 'managed-by': 'crossplane' } } };
  return {
    name: NAMESPACE_TEMPLATE,
    base: {
      apiVersion: 'kubernetes.crossplane.io/v1alpha2',
      kind: 'Object',
      spec: { deletionPolicy: 'Delete', forProvider: { manifest } },
    },
    patches: [fromClaim('spec.forProvider.manifest.metadata.name')],
  };
}

/** A database of the cloud: it makes the identity and tells the password once. */
function databaseTemplate(): JsonObject {
  const fields = { idMode: 'generated', size: 'small' };
  return {
    name: 'database',
    base: {
      apiVersion: `${CLOUD}/v1`,
      kind: 'Instance',
      spec: {
        deletionPolicy: 'Delete',
        forProvider: { fields },
        writeConnectionSecretToRef: { namespace: CROSSPLANE_HOME },
      },
    },
    patches: [
      { type: 'FromCompositeFieldPath', fromFieldPath: 'spec.size', toFieldPath: 'spec.forProvider.fields.size' },
      {
        type: 'FromCompositeFieldPath',
        fromFieldPath: 'metadata.uid',
        toFieldPath: 'spec.writeConnectionSecretToRef.name',
        transforms: [{ type: 'string', string: { type: 'Format', fmt: '%s-db' } }],
      },
    ],
    connectionDetails: ['endpoint', 'password'].map((name) => ({ name, fromConnectionSecretKey: name })),
  };
}

function bucketTemplate(): JsonObject {
  return {
    name: 'bucket',
    base: {
      apiVersion: `${CLOUD}/v1`,
      kind: 'Bucket',
      spec: { deletionPolicy: 'Delete', forProvider: { fields: { idMode: 'named' } } },
    },
    patches: [],
  };
}
