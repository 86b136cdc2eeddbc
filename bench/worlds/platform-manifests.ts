import type { JsonObject } from '../../src/objects/json.ts';

export const namespace = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export const DISKS: JsonObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'disks', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'disks.example.com',
  reclaimPolicy: 'Retain',
  volumeBindingMode: 'Immediate',
};

/** A definition that takes every field. */
export function crd(
  group: string,
  version: string,
  kind: string,
  plural: string,
  categories: readonly string[] = [],
  scope: 'Cluster' | 'Namespaced' = 'Cluster',
): JsonObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const names = { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { ...names, ...(categories.length === 0 ? {} : { categories: [...categories] }) },
      versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

export function deployment(
  name: string,
  inNamespace: string,
  replicas: number,
  image: string,
  labels: Readonly<Record<string, string>>,
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: inNamespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}

/** The definition and the composition of lab 6: a database whose identity the cloud makes, a bucket that bears its name, a Namespace. */
export const TENANT_DEFINITION: JsonObject = {
  apiVersion: 'apiextensions.crossplane.io/v1',
  kind: 'CompositeResourceDefinition',
  metadata: { name: 'xtenants.platform.example.com' },
  spec: {
    group: 'platform.example.com',
    names: { kind: 'XTenant', plural: 'xtenants' },
    claimNames: { kind: 'Tenant', plural: 'tenants' },
    connectionSecretKeys: ['endpoint', 'password'],
    defaultCompositeDeletePolicy: 'Background',
    defaultCompositionUpdatePolicy: 'Automatic',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        referenceable: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'string' } } },
              status: { type: 'object', properties: { dbId: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};

const fromKey = (name: string) => ({ name, type: 'FromConnectionSecretKey', fromConnectionSecretKey: name });
const READY = [{ type: 'MatchCondition', matchCondition: { type: 'Ready', status: 'True' } }];
const format = (fmt: string) => [{ type: 'string', string: { type: 'Format', fmt } }];
const nop = (idMode: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'nop.crossplane.io/v1alpha1',
  kind: 'NopResource',
  spec: {
    forProvider: { fields: { idMode } },
    deletionPolicy: 'Delete',
    managementPolicies: ['*'],
    providerConfigRef: { name: 'default' },
    ...more,
  },
});

export const TENANT_COMPOSITION: JsonObject = {
  apiVersion: 'apiextensions.crossplane.io/v1',
  kind: 'Composition',
  metadata: { name: 'tenants' },
  spec: {
    compositeTypeRef: { apiVersion: 'platform.example.com/v1alpha1', kind: 'XTenant' },
    mode: 'Resources',
    publishConnectionDetailsWithStoreConfigRef: { name: 'default' },
    writeConnectionSecretsToNamespace: 'crossplane-system',
    resources: [
      {
        name: 'db',
        base: nop('generated', { writeConnectionSecretToRef: { namespace: 'crossplane-system' } }),
        connectionDetails: [fromKey('endpoint'), fromKey('password')],
        patches: [
          { type: 'FromCompositeFieldPath', fromFieldPath: 'spec.size', toFieldPath: 'spec.forProvider.fields.size' },
          {
            type: 'FromCompositeFieldPath',
            fromFieldPath: 'metadata.uid',
            toFieldPath: 'spec.writeConnectionSecretToRef.name',
            transforms: format('%s-db'),
          },
          {
            type: 'ToCompositeFieldPath',
            fromFieldPath: 'metadata.annotations[crossplane.io/external-name]',
            toFieldPath: 'status.dbId',
          },
        ],
        readinessChecks: READY,
      },
      { name: 'bucket', base: nop('named'), readinessChecks: READY },
      {
        name: 'ns',
        base: {
          apiVersion: 'kubernetes.crossplane.io/v1alpha2',
          kind: 'Object',
          spec: {
            forProvider: {
              manifest: { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { by: 'crossplane' } } },
            },
            deletionPolicy: 'Delete',
            managementPolicies: ['*'],
            providerConfigRef: { name: 'default' },
          },
        },
        patches: [
          {
            type: 'FromCompositeFieldPath',
            fromFieldPath: 'spec.claimRef.name',
            toFieldPath: 'spec.forProvider.manifest.metadata.name',
            transforms: format('ext-%s'),
          },
        ],
        readinessChecks: READY,
      },
    ],
  },
};
