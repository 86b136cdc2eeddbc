import type { Xrd } from './kinds.ts';

type Schema = Readonly<Record<string, unknown>>;
const text: Schema = { type: 'string' };
const object = (properties: Schema, required?: readonly string[], more: Schema = {}): Schema => ({
  type: 'object',
  ...(required === undefined ? {} : { required }),
  properties,
  ...more,
});
const named = object({ name: text }, ['name']);
const matchLabels = object({ matchLabels: { type: 'object', additionalProperties: text } }, ['matchLabels']);
const publishTo = object(
  {
    configRef: object({ name: text }, undefined, { default: { name: 'default' } }),
    metadata: object({
      annotations: { type: 'object', additionalProperties: text },
      labels: { type: 'object', additionalProperties: text },
      type: text,
    }),
    name: text,
  },
  ['name'],
);
const reference = (required: readonly string[], ...fields: readonly string[]): Schema =>
  object(Object.fromEntries(fields.map((field) => [field, text])), required);

const shared: Schema = {
  compositionRef: named,
  compositionRevisionRef: named,
  compositionRevisionSelector: matchLabels,
  compositionSelector: matchLabels,
  publishConnectionDetailsTo: publishTo,
};

/** Fields of every composite's spec beside those of its definition (legacy layout: directly under spec). */
function compositeSpec(xrd: Xrd): Schema {
  return {
    ...shared,
    compositionUpdatePolicy: {
      ...text,
      default: xrd.spec.defaultCompositionUpdatePolicy ?? 'Automatic',
      enum: ['Automatic', 'Manual'],
    },
    claimRef: reference(['apiVersion', 'kind', 'namespace', 'name'], 'apiVersion', 'kind', 'name', 'namespace'),
    resourceRefs: {
      type: 'array',
      items: reference(['apiVersion', 'kind'], 'apiVersion', 'kind', 'name'),
      'x-kubernetes-list-type': 'atomic',
    },
    writeConnectionSecretToRef: reference(['name', 'namespace'], 'name', 'namespace'),
  };
}

function claimSpec(xrd: Xrd): Schema {
  return {
    ...shared,
    compositionUpdatePolicy: { ...text, enum: ['Automatic', 'Manual'] },
    compositeDeletePolicy: {
      ...text,
      default: xrd.spec.defaultCompositeDeletePolicy ?? 'Background',
      enum: ['Background', 'Foreground'],
    },
    resourceRef: reference(['apiVersion', 'kind', 'name'], 'apiVersion', 'kind', 'name'),
    writeConnectionSecretToRef: named,
  };
}

const status: Schema = {
  claimConditionTypes: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
  conditions: {
    description: 'Conditions of the resource.',
    type: 'array',
    items: object(
      {
        lastTransitionTime: { ...text, format: 'date-time' },
        message: text,
        reason: text,
        status: text,
        type: text,
      },
      ['lastTransitionTime', 'reason', 'status', 'type'],
    ),
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
  },
  connectionDetails: object({ lastPublishedTime: { ...text, format: 'date-time' } }),
};

const column = (name: string, jsonPath: string, type = 'string'): Schema => ({ name, type, jsonPath });
const ofCondition = (type: string): string => `.status.conditions[?(@.type=='${type}')].status`;

/** The CustomResourceDefinition of an XRD's composites or claims, without owner. */
export function definitionOf(xrd: Xrd, role: 'composite' | 'claim'): Readonly<Record<string, unknown>> {
  const names = role === 'claim' ? (xrd.spec.claimNames ?? xrd.spec.names) : xrd.spec.names;
  const singular = names.singular ?? names.kind.toLowerCase();
  const last =
    role === 'claim'
      ? [column('CONNECTION-SECRET', '.spec.writeConnectionSecretToRef.name')]
      : [
          column('COMPOSITION', '.spec.compositionRef.name'),
          { ...column('COMPOSITIONREVISION', '.spec.compositionRevisionRef.name'), priority: 1 },
        ];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${xrd.spec.group}` },
    spec: {
      group: xrd.spec.group,
      names: {
        plural: names.plural,
        singular,
        kind: names.kind,
        listKind: names.listKind ?? `${names.kind}List`,
        ...(names.shortNames === undefined ? {} : { shortNames: names.shortNames }),
        categories: [...(names.categories ?? []), role],
      },
      scope: role === 'claim' ? 'Namespaced' : 'Cluster',
      conversion: { strategy: 'None' },
      versions: xrd.spec.versions.map((version) => ({
        name: version.name,
        served: version.served,
        storage: version.referenceable,
        schema: { openAPIV3Schema: schemaOf(xrd, version.schema?.openAPIV3Schema ?? {}, role) },
        subresources: { status: {} },
        additionalPrinterColumns: [
          ...(version.additionalPrinterColumns ?? []),
          column('SYNCED', ofCondition('Synced')),
          column('READY', ofCondition('Ready')),
          ...last,
          column('AGE', '.metadata.creationTimestamp', 'date'),
        ],
      })),
    },
  };
}

function schemaOf(xrd: Xrd, given: Schema, role: 'composite' | 'claim'): Schema {
  const { spec = {}, status: ofStatus = {} } = (given.properties ?? {}) as { spec?: Schema; status?: Schema };
  const own = (schema: Schema): Schema => (schema.properties ?? {}) as Schema;
  return object(
    {
      apiVersion: text,
      kind: text,
      metadata: object({ name: { ...text, maxLength: 63 } }),
      spec: {
        type: 'object',
        ...spec,
        properties: { ...own(spec), ...(role === 'claim' ? claimSpec(xrd) : compositeSpec(xrd)) },
      },
      status: { type: 'object', ...ofStatus, properties: { ...own(ofStatus), ...status } },
    },
    ['spec'],
  );
}
