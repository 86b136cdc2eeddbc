import { CRDS, definitionOf, objectOf, pathOf } from './definition-of.ts';
import type { Step } from './sides.ts';

type Schema = Record<string, unknown>;
const root = (more: Schema): Schema => ({ type: 'object', ...more });
const spec = (properties: Schema): Schema => root({ properties: { spec: { type: 'object', properties } } });

/** Schemas that a definition is refused for, and some that it is not. */
const SCHEMAS: readonly Schema[] = [
  {},
  { type: 'string' },
  { type: 'object', nullable: true },
  { type: 'object', additionalProperties: true },
  root({ properties: { spec: {} } }),
  root({ properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } }),
  root({ properties: { metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 3 } } } } }),
  root({ properties: { kind: { type: 'integer' } } }),
  root({ properties: { metadata: { type: 'string' } } }),
  spec({ a: { type: 'array' } }),
  spec({ a: { type: 'array', items: {} } }),
  spec({ a: { type: 'null' } }),
  spec({ a: { type: 'text' } }),
  spec({ a: { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: { type: 'string' } } }),
  spec({ a: { type: 'array', items: [{ type: 'string' }] } }),
  spec({ a: { type: 'array', uniqueItems: true, items: { type: 'string' } } }),
  spec({ a: { $ref: '#/x' } }),
  spec({ a: { type: 'object', patternProperties: { x: { type: 'string' } } } }),
  spec({ a: { type: 'object', definitions: { x: { type: 'string' } } } }),
  spec({ a: { type: 'string', pattern: '(' } }),
  spec({ a: { type: 'string', pattern: '[a' } }),
  spec({ a: { type: 'string', pattern: '(?=a)' } }),
  spec({ a: { type: 'string', pattern: '*a' } }),
  spec({ a: { type: 'string', default: 5 } }),
  spec({ a: { type: 'string', default: 'x', enum: ['y'] } }),
  spec({ a: { type: 'object', default: { odd: 1 }, properties: { b: { type: 'string' } } } }),
  spec({ a: { type: 'string', default: 'abc', maxLength: 2 } }),
  spec({ a: { type: 'integer', anyOf: [{ type: 'integer' }] } }),
  spec({ a: { type: 'object', anyOf: [{ properties: { b: { minimum: 1 } } }] } }),
  spec({
    a: {
      type: 'object',
      properties: { b: { type: 'integer' } },
      anyOf: [{ properties: { b: { minimum: 1, description: 'x', title: 'y', default: 3, nullable: true } } }],
    },
  }),
  spec({ a: { type: 'array', items: { type: 'string' }, not: { items: { items: {} } } } }),
  spec({ a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } }),
  spec({ a: { 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true } }),
  spec({ a: { 'x-kubernetes-preserve-unknown-fields': false, type: 'object' } }),
  spec({ a: { type: 'object', 'x-kubernetes-embedded-resource': true } }),
  spec({ a: { 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true } }),
  spec({ a: { type: 'string', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true } }),
  spec({ a: { type: 'string', 'x-kubernetes-list-type': 'set' } }),
  spec({ a: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'set' } }),
  spec({ a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'bag' } }),
  spec({ a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'map' } }),
  spec({
    a: {
      type: 'array',
      items: { type: 'object', properties: { n: { type: 'string' } } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['n'],
    },
  }),
  spec({
    a: {
      type: 'array',
      items: { type: 'object', required: ['n'], properties: { n: { type: 'object' } } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['n', 'm', 'n'],
    },
  }),
  spec({ a: { type: 'array', items: { type: 'string', nullable: true }, 'x-kubernetes-list-type': 'set' } }),
  spec({ a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-map-keys': ['x'] } }),
  spec({ a: { type: 'object', 'x-kubernetes-map-type': 'odd' } }),
  spec({ a: { type: 'string', 'x-kubernetes-map-type': 'atomic' } }),
  spec({ a: { type: 'string', format: 'odd-format' } }),
  root({ properties: { metadata: { type: 'object', properties: { name: { type: 'string', default: 'x' } } } } }),
  root({ oneOf: [{ required: ['spec'] }], properties: { spec: { type: 'object' } } }),
];

const PARTS: readonly { readonly version?: object; readonly spec?: object }[] = [
  { spec: { scope: 'Odd' } },
  { spec: { group: 'plain' } },
  { spec: { group: 'Bad_Group.x' } },
  { spec: { names: { plural: 'parts0', kind: 'Bad_Kind' } } },
  { spec: { names: { plural: 'other', kind: 'Other' } } },
  { spec: { names: { plural: 'x', kind: 'Same', listKind: 'Same' } } },
  { spec: { names: { plural: 'x', kind: 'X', shortNames: ['Bad_'], categories: ['all', 'Ba_d'] } } },
  { version: { storage: false } },
  { version: { name: 'V1' } },
  { version: { schema: {} } },
  { version: { schema: undefined } },
  { version: { deprecationWarning: 'x' } },
  { version: { deprecated: true, deprecationWarning: '' } },
  { version: { additionalPrinterColumns: [{ name: 'x', type: 'odd', jsonPath: 'spec.x' }] } },
  { version: { additionalPrinterColumns: [{ name: '', type: '', jsonPath: '', format: 'odd' }] } },
  {
    version: {
      subresources: {
        scale: { specReplicasPath: 'spec.x', statusReplicasPath: '.spec.x', labelSelectorPath: '.metadata.x' },
      },
    },
  },
  { version: { subresources: { scale: { specReplicasPath: '', statusReplicasPath: '' } } } },
  { version: { selectableFields: [{ jsonPath: '.spec.missing' }, { jsonPath: '.metadata.name' }] } },
  { version: { selectableFields: [{ jsonPath: '.spec' }, { jsonPath: '.spec.a' }, { jsonPath: '.spec.a' }] } },
  { spec: { conversion: { strategy: 'Odd' } } },
  { spec: { conversion: { strategy: 'Webhook' } } },
  {
    spec: {
      conversion: {
        strategy: 'Webhook',
        webhook: { conversionReviewVersions: ['v9'], clientConfig: { url: 'http://x/y?z=1#f' } },
      },
    },
  },
  {
    spec: {
      conversion: {
        strategy: 'Webhook',
        webhook: {
          conversionReviewVersions: ['v1', 'v1'],
          clientConfig: { service: { name: '', namespace: 'x', path: 'y//z' } },
        },
      },
    },
  },
  {
    spec: {
      conversion: {
        strategy: 'None',
        webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://x' } },
      },
    },
  },
  { spec: { conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig: {} } } } },
  { spec: { preserveUnknownFields: true } },
  { spec: { versions: [] } },
  { spec: { group: 'x.k8s.io' } },
  {
    spec: {
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { a: { type: 'odd' } } } },
        },
        {
          name: 'v2',
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { type: 'object', properties: { b: {} } } },
        },
      ],
    },
  },
];

export function definitionSteps(): Step[] {
  const steps: Step[] = [];
  SCHEMAS.forEach((schema, index) => {
    steps.push({
      method: 'POST',
      path: `${CRDS}?dryRun=All`,
      body: definitionOf(`schemas${index}s`, { type: undefined, ...schema }),
    });
  });
  PARTS.forEach((parts, index) => {
    steps.push({
      method: 'POST',
      path: `${CRDS}?dryRun=All`,
      body: definitionOf(`parts${index}s`, { a: { type: 'string' } }, parts),
    });
  });
  return steps;
}

const CRD = (name: string): string => `${CRDS}/${name}.try.example`;
const merge = (name: string, body: object): Step => ({
  method: 'PATCH',
  path: CRD(name),
  type: 'application/merge-patch+json',
  body,
});

/** What happens to definitions as they live: names, changes, status, deletion. */
export function lifeSteps(): Step[] {
  const version = (name: string, storage: boolean): object => ({
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  });
  return [
    {
      method: 'POST',
      path: CRDS,
      body: definitionOf(
        'lives',
        { a: { type: 'string' }, n: { type: 'integer' } },
        {
          version: {
            subresources: { status: {}, scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } },
            selectableFields: [{ jsonPath: '.spec.a' }],
          },
          spec: { names: { plural: 'lives', kind: 'Live', shortNames: ['lv'], categories: ['all'] } },
        },
      ),
    },
    { method: 'GET', path: CRD('lives') },
    {
      method: 'POST',
      path: CRDS,
      body: definitionOf(
        'clashes',
        { a: { type: 'string' } },
        { spec: { names: { plural: 'clashes', kind: 'Live', shortNames: ['lv'] } } },
      ),
    },
    { method: 'GET', path: CRD('clashes') },
    { method: 'GET', path: '/apis/try.example/v1/namespaces/default/clashes' },
    merge('lives', { spec: { scope: 'Cluster' } }),
    merge('lives', { spec: { names: { kind: 'Other', plural: 'others' } } }),
    merge('lives', { spec: { versions: [version('v1', false), version('v2', true)] } }),
    { method: 'GET', path: CRD('lives') },
    merge('lives', { spec: { versions: [version('v2', true)] } }),
    {
      method: 'PATCH',
      path: `${CRD('lives')}/status`,
      type: 'application/merge-patch+json',
      body: { status: { storedVersions: ['v2'] } },
    },
    merge('lives', { spec: { versions: [version('v2', true)] } }),
    { method: 'GET', path: '/apis/try.example/v2' },
    {
      method: 'POST',
      path: '/apis/try.example/v2/namespaces/default/lives',
      body: { apiVersion: 'try.example/v2', kind: 'Live', metadata: { name: 'x' } },
    },
    { method: 'GET', path: '/apis/try.example/v1/namespaces/default/lives' },
    { method: 'DELETE', path: CRD('lives') },
    { method: 'GET', path: CRD('lives') },
    { method: 'GET', path: '/apis/try.example/v2/namespaces/default/lives' },
    { method: 'GET', path: CRD('clashes') },
    {
      method: 'POST',
      path: CRDS,
      body: definitionOf(
        'states',
        { a: { type: 'string' }, n: { type: 'integer' } },
        {
          version: {
            subresources: { status: {}, scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } },
            selectableFields: [{ jsonPath: '.spec.a' }],
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', properties: { a: { type: 'string' }, n: { type: 'integer' } } },
                  status: {
                    type: 'object',
                    required: ['phase'],
                    properties: { phase: { type: 'string', enum: ['A', 'B'] }, n: { type: 'integer' } },
                  },
                },
              },
            },
          },
        },
      ),
    },
    {
      method: 'POST',
      path: pathOf('states'),
      body: objectOf('states', 's', { a: 'x', n: 2 }, { status: { phase: 'A' } }),
    },
    {
      method: 'PATCH',
      path: `${pathOf('states', 's')}/status`,
      type: 'application/merge-patch+json',
      body: { status: { phase: 'C' }, spec: { a: 'y' } },
    },
    {
      method: 'PATCH',
      path: `${pathOf('states', 's')}/status`,
      type: 'application/merge-patch+json',
      body: { status: { n: 3 }, spec: { a: 'y' } },
    },
    {
      method: 'PATCH',
      path: `${pathOf('states', 's')}/status`,
      type: 'application/merge-patch+json',
      body: { status: { phase: 'B', n: -1 }, spec: { a: 'y' } },
    },
    {
      method: 'PATCH',
      path: `${pathOf('states', 's')}/status`,
      type: 'application/merge-patch+json',
      body: { status: { phase: 'B', n: 1 }, spec: { a: 'y' } },
    },
    {
      method: 'PATCH',
      path: pathOf('states', 's'),
      type: 'application/merge-patch+json',
      body: { status: { phase: 'A' }, spec: { n: -4 } },
    },
    {
      method: 'PATCH',
      path: pathOf('states', 's'),
      type: 'application/merge-patch+json',
      body: { status: { phase: 'A' }, spec: { n: 5 } },
    },
    { method: 'GET', path: `${pathOf('states', 's')}/scale` },
    { method: 'GET', path: `${pathOf('states')}?fieldSelector=spec.a%3Dx` },
    { method: 'GET', path: `${pathOf('states')}?fieldSelector=spec.b%3Dx` },
    { method: 'GET', path: '/apis/try.example/v1' },
  ];
}
