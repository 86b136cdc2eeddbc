import { CRDS, definitionOf, objectOf, pathOf } from './definition-of.ts';
import type { Step } from './sides.ts';

const SCHEMA = {
  text: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$' },
  color: { type: 'string', enum: ['red', 'green'] },
  count: { type: 'integer', minimum: 1, maximum: 10, multipleOf: 3 },
  ratio: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1.5 },
  flag: { type: 'boolean', default: true },
  port: { 'x-kubernetes-int-or-string': true, pattern: '^[0-9]+%$' },
  maybe: { type: 'string', nullable: true },
  list: { type: 'array', items: { type: 'string', maxLength: 3 }, minItems: 1, maxItems: 2 },
  set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
  ports: {
    type: 'array',
    items: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string' },
        protocol: { type: 'string', default: 'TCP' },
        number: { type: 'integer' },
      },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name', 'protocol'],
  },
  map: { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 1, maxProperties: 2 },
  free: {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    properties: { known: { type: 'object', properties: { a: { type: 'string' } } } },
  },
  one: {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    oneOf: [{ required: ['a'] }, { required: ['b'] }],
  },
  any: {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'integer' } },
    anyOf: [{ required: ['a'] }, { properties: { b: { minimum: 5 } }, required: ['b'] }],
  },
  all: { type: 'integer', allOf: [{ minimum: 3 }, { maximum: 6 }] },
  not: { type: 'string', not: { enum: ['bad'] } },
  when: { type: 'string', format: 'date-time' },
  day: { type: 'string', format: 'date' },
  mail: { type: 'string', format: 'email' },
  uri: { type: 'string', format: 'uri' },
  ip: { type: 'string', format: 'ipv4' },
  ip6: { type: 'string', format: 'ipv6' },
  cidr: { type: 'string', format: 'cidr' },
  uuid: { type: 'string', format: 'uuid' },
  bytes: { type: 'string', format: 'byte' },
  span: { type: 'string', format: 'duration' },
  host: { type: 'string', format: 'hostname' },
  int32: { type: 'integer', format: 'int32' },
  short: { type: 'string', format: 'k8s-short-name' },
  nested: {
    type: 'object',
    required: ['must'],
    properties: {
      must: { type: 'string' },
      deep: { type: 'object', default: {}, properties: { n: { type: 'integer', default: 7 } } },
    },
  },
  template: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
};

/** Specs that are created, one object each; most are wrong in one way. */
const SPECS: readonly unknown[] = [
  {},
  { text: 'abc' },
  { text: 'a' },
  { text: 'abcdef' },
  { text: 'ABC' },
  { text: 5 },
  { text: null },
  { text: ['a'] },
  { text: {} },
  { text: true },
  { text: 1.5 },
  { color: 'red' },
  { color: 'blue' },
  { color: 3 },
  { count: 3 },
  { count: 0 },
  { count: 12 },
  { count: 4 },
  { count: 3.5 },
  { count: '3' },
  { count: -3 },
  { ratio: 1 },
  { ratio: 0 },
  { ratio: 2 },
  { ratio: 1.6 },
  { ratio: -0.5 },
  { ratio: 'x' },
  { flag: false },
  { flag: 'x' },
  { flag: null },
  { port: 8 },
  { port: '8%' },
  { port: 'x' },
  { port: 1.5 },
  { port: true },
  { maybe: null },
  { maybe: 4 },
  { list: ['a'] },
  { list: [] },
  { list: ['a', 'b', 'c'] },
  { list: ['abcd'] },
  { list: [1] },
  { list: 'a' },
  { list: {} },
  { list: [null] },
  { set: ['a', 'b'] },
  { set: ['a', 'a'] },
  { set: ['a', 'b', 'a', 'b', 'a'] },
  { ports: [{ name: 'a' }, { name: 'a', protocol: 'UDP' }] },
  { ports: [{ name: 'a' }, { name: 'a' }] },
  { ports: [{ number: 1 }] },
  { ports: [{ name: 'a', number: 'x' }] },
  { ports: ['x'] },
  { map: { a: 1 } },
  { map: {} },
  { map: { a: 1, b: 2, c: 3 } },
  { map: { a: 'x' } },
  { map: { a: null } },
  { free: { x: 1, known: { a: 'y', b: 2 } } },
  { free: null },
  { one: { a: 'x' } },
  { one: { a: 'x', b: 'y' } },
  { one: {} },
  { any: { a: 'x' } },
  { any: { b: 3 } },
  { any: {} },
  { any: { b: 6 } },
  { all: 4 },
  { all: 2 },
  { all: 9 },
  { not: 'good' },
  { not: 'bad' },
  { when: '2024-01-01T00:00:00Z' },
  { when: 'yesterday' },
  { when: '2024-01-01' },
  { when: '2024-01-01T25:00:00Z' },
  { day: '2024-02-30' },
  { day: '2024-02-28' },
  { mail: 'a@b.c' },
  { mail: 'nope' },
  { uri: 'http://a/b' },
  { uri: 'no uri' },
  { uri: '/path' },
  { ip: '10.0.0.1' },
  { ip: '300.1.1.1' },
  { ip: '::1' },
  { ip6: '::1' },
  { ip6: '10.0.0.1' },
  { cidr: '10.0.0.0/8' },
  { cidr: '10.0.0.0' },
  { cidr: '10.0.0.0/33' },
  { uuid: '0b8c7cf2-1e5b-4c8e-9d3c-5b0c8f3d9a11' },
  { uuid: 'x' },
  { bytes: 'aGFsbG8=' },
  { bytes: 'ha!lo' },
  { bytes: '' },
  { span: '5m' },
  { span: 'long' },
  { span: '3 weeks' },
  { host: 'a.b.c' },
  { host: '-a' },
  { host: 'a_b' },
  { int32: 5 },
  { int32: 'x' },
  { int32: 3000000000 },
  { short: 'abc' },
  { short: 'A.b' },
  { nested: {} },
  { nested: { must: 'x' } },
  { nested: { must: 'x', deep: { n: null } } },
  { nested: null },
  { unknown: 1, nested: { must: 'x', odd: 2 } },
  'text',
  5,
  [],
  null,
  {
    template: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x', odd: 1, creationTimestamp: null },
      spec: { a: 1 },
    },
  },
  { template: { kind: 'Pod' } },
  { template: { apiVersion: 'a/b/c', kind: 'Pod' } },
  { template: { apiVersion: 'v1', kind: '' } },
  { template: { apiVersion: 'v1', kind: 'P_d' } },
  { template: { apiVersion: 1, kind: 'Pod' } },
  { template: { apiVersion: 'v1', kind: 'Pod', metadata: 'x' } },
  { template: { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { 'a b': 'c' } } } },
  { template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 5 } } },
  { text: 'A', count: 0, list: [] },
  { color: 'blue', text: 7 },
  { text: 'ABCDEFG', one: {} },
];

const METADATA: readonly object[] = [
  { labels: { a: 1 } },
  { labels: 'x' },
  { annotations: { a: null } },
  { odd: 1 },
  { finalizers: ['a.b/c'] },
  { finalizers: ['plain'] },
  { finalizers: [1] },
  { labels: { 'a b': 'x' } },
  { labels: {}, annotations: {} },
  { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'y', odd: 1 }] },
  { ownerReferences: [{ name: 'x' }] },
  { generation: 'x' },
  { creationTimestamp: 'x' },
  { generation: 9 },
  { labels: null },
];

/** Objects of one definition with everything in its schema, created, read, changed, ratcheted. */
export function objectSteps(): Step[] {
  const steps: Step[] = [{ method: 'POST', path: CRDS, body: definitionOf('things', SCHEMA) }];
  SPECS.forEach((spec, index) => {
    steps.push({ method: 'POST', path: pathOf('things'), body: objectOf('things', `a${index}`, spec) });
  });
  METADATA.forEach((metadata, index) => {
    steps.push({
      method: 'POST',
      path: pathOf('things'),
      body: { ...objectOf('things', '', {}), metadata: { name: `m${index}`, ...metadata } },
    });
  });
  const strict = `${pathOf('things')}?fieldValidation=Strict`;
  steps.push(
    {
      method: 'POST',
      path: strict,
      body: objectOf(
        'things',
        's1',
        { unknown: 1, list: ['a'], free: { known: { odd: 1 } }, ports: [{ name: 'a', odd: 2 }] },
        { other: 1 },
      ),
    },
    {
      method: 'POST',
      path: strict,
      body: { ...objectOf('things', '', {}), metadata: { name: 's2', odd: 1, ownerReferences: [{ odd: 1 }] } },
    },
    {
      method: 'POST',
      path: strict,
      body: objectOf('things', 's3', { template: { apiVersion: 'v1', kind: 'Pod', metadata: { odd: 1 } } }),
    },
    { method: 'POST', path: pathOf('things'), body: objectOf('things', 'Bad_Name', {}) },
    { method: 'POST', path: pathOf('things'), body: { ...objectOf('things', 'k', {}), kind: 'Other' } },
    { method: 'POST', path: pathOf('things'), body: { ...objectOf('things', 'k', {}), apiVersion: 'try.example/v9' } },
  );
  const old = { count: 3, list: ['a'], ports: [{ name: 'a', number: 1 }], nested: { must: 'x' } };
  steps.push(
    { method: 'POST', path: pathOf('things'), body: objectOf('things', 'u', old) },
    {
      method: 'PATCH',
      path: pathOf('things', 'u'),
      type: 'application/merge-patch+json',
      body: { spec: { count: 4 } },
    },
    {
      method: 'PATCH',
      path: pathOf('things', 'u'),
      type: 'application/merge-patch+json',
      body: { spec: { count: 6, extra: 1 } },
    },
    {
      method: 'PATCH',
      path: pathOf('things', 'u'),
      type: 'application/merge-patch+json',
      body: { spec: { flag: null, nested: null } },
    },
    {
      method: 'PATCH',
      path: pathOf('things', 'u'),
      type: 'application/merge-patch+json',
      body: { metadata: { labels: { a: 'b' } } },
    },
    {
      method: 'PATCH',
      path: pathOf('things', 'u'),
      type: 'application/merge-patch+json',
      body: { metadata: { finalizers: ['plain'] } },
    },
    { method: 'PUT', path: pathOf('things', 'u'), body: objectOf('things', 'u', {}) },
    { method: 'GET', path: pathOf('things', 'u') },
  );
  return steps;
}

const LOOSE = {
  a: { type: 'string' },
  b: { type: 'object', properties: { c: { type: 'string' }, d: { type: 'integer' } } },
  l: {
    type: 'array',
    items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'string' } }, required: ['k'] },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['k'],
  },
};
const TIGHT = {
  a: { type: 'string', maxLength: 2 },
  b: { type: 'object', required: ['d'], properties: { c: { type: 'string', enum: ['x'] }, d: { type: 'integer' } } },
  l: {
    type: 'array',
    items: {
      type: 'object',
      properties: { k: { type: 'string' }, v: { type: 'string', maxLength: 1 } },
      required: ['k'],
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['k'],
  },
};

/** A schema that becomes tighter under an object: what did not change passes. */
export function ratchetSteps(): Step[] {
  const merge = (spec: object): Step => ({
    method: 'PATCH',
    path: pathOf('loosens', 'o'),
    type: 'application/merge-patch+json',
    body: { spec },
  });
  const tight = {
    spec: { versions: (definitionOf('loosens', TIGHT) as { spec: { versions: unknown } }).spec.versions },
  };
  return [
    { method: 'POST', path: CRDS, body: definitionOf('loosens', LOOSE) },
    {
      method: 'POST',
      path: pathOf('loosens'),
      body: objectOf('loosens', 'o', {
        a: 'long',
        b: { c: 'y' },
        l: [
          { k: 'a', v: 'long' },
          { k: 'b', v: 'x' },
        ],
      }),
    },
    { method: 'PATCH', path: `${CRDS}/loosens.try.example`, type: 'application/merge-patch+json', body: tight },
    merge({
      l: [
        { k: 'b', v: 'y' },
        { k: 'a', v: 'long' },
      ],
    }),
    merge({ a: 'longer' }),
    merge({ b: { c: 'z' } }),
    merge({ b: { d: 4 } }),
    merge({
      l: [
        { k: 'a', v: 'long' },
        { k: 'c', v: 'long' },
      ],
    }),
    merge({ a: 'ok' }),
    { method: 'GET', path: pathOf('loosens', 'o') },
  ];
}
