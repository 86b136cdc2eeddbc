import type { Json, JsonObject } from '../../src/objects/json.ts';
import { Lots } from './lots.ts';
import type { RequestStep, Script, Step } from './script.ts';
import { variable } from './variables.ts';

/** The kinds that no controller touches while a script runs, and bodies of them. */
interface Kind {
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  body(lots: Lots): JsonObject;
}
const CORE = `/api/v1/namespaces/${variable('ns')}`;
const KEYS = ['a', 'b', 'c'] as const;
const NAMES = ['one', 'two', 'three'] as const;
const MANAGERS = ['red', 'green', 'blue'] as const;
const FINALIZERS = ['example.com/x', 'example.com/y'] as const;

const dataOf = (lots: Lots): JsonObject =>
  Object.fromEntries(lots.some(KEYS).map((key) => [key, lots.one(['1', '2', '3'])]));
const containers = (lots: Lots): Json =>
  lots.some(['c', 'd']).map((name) => ({
    name,
    image: lots.one(['i:1', 'i:2']),
    ...(lots.chance(0.4)
      ? { env: lots.some(['A', 'B']).map((env) => ({ name: env, value: lots.one(['1', '2']) })) }
      : {}),
    ...(lots.chance(0.3) ? { ports: [{ containerPort: lots.one([80, 81]) }] } : {}),
  }));
const KINDS: readonly Kind[] = [
  { path: `${CORE}/configmaps`, apiVersion: 'v1', kind: 'ConfigMap', body: (lots) => ({ data: dataOf(lots) }) },
  { path: `${CORE}/secrets`, apiVersion: 'v1', kind: 'Secret', body: (lots) => ({ stringData: dataOf(lots) }) },
  {
    path: `${CORE}/podtemplates`,
    apiVersion: 'v1',
    kind: 'PodTemplate',
    body: (lots) => ({
      template: { metadata: { labels: { app: lots.one(KEYS) } }, spec: { containers: containers(lots) } },
    }),
  },
  {
    path: `${CORE}/services`,
    apiVersion: 'v1',
    kind: 'Service',
    body: (lots) => ({
      spec: {
        clusterIP: 'None',
        selector: { app: lots.one(KEYS) },
        ports: lots.some([80, 81, 82]).map((port) => ({ name: `p${port}`, port })),
      },
    }),
  },
  {
    path: `/apis/networking.k8s.io/v1/namespaces/${variable('ns')}/networkpolicies`,
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    body: (lots) => ({
      spec: { podSelector: { matchLabels: { app: lots.one(KEYS) } }, policyTypes: lots.some(['Ingress', 'Egress']) },
    }),
  },
  {
    path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${variable('ns')}/roles`,
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    body: (lots) => ({
      rules: [{ apiGroups: [''], resources: lots.some(['pods', 'secrets']), verbs: lots.some(['get', 'list']) }],
    }),
  },
];

/** A sequence of requests that a seed decides: creates, updates, patches of all kinds, applies, deletes, lists, with mistakes among them. */
export function randomScript(seed: number): Script {
  const lots = new Lots(seed);
  const kinds = [lots.one(KINDS), lots.one(KINDS)];
  const count = lots.whole(6, 14);
  const owner: Step = {
    request: `POST ${CORE}/configmaps`,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' } },
    save: { owner: '/metadata/uid' },
  };
  const asked = Array.from({ length: count }, (_, at) => step(lots, lots.one(kinds), at));
  // Now and then the owner goes, and with it what it owned: that takes the collector of the real server its time.
  const gone: Step[] = lots.chance(0.05) ? [{ request: `DELETE ${CORE}/configmaps/owner` }, { settle: 2 }] : [];
  const steps = [owner, ...asked, ...gone];
  const state = [...new Set(kinds.map(({ path }) => path))];
  return { topic: 'random', title: `seed ${seed}`, name: `random/${seed}`, steps, state };
}

function metadata(lots: Lots, name: string): JsonObject {
  return {
    name,
    ...(lots.chance(0.5)
      ? { labels: Object.fromEntries(lots.some(KEYS).map((key) => [key, lots.one(['x', 'y'])])) }
      : {}),
    ...(lots.chance(0.2) ? { annotations: { [lots.one(KEYS)]: lots.one(['x', 'y']) } } : {}),
    ...(lots.chance(0.2) ? { finalizers: lots.some(FINALIZERS) } : {}),
    ...(lots.chance(0.1)
      ? {
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name: 'owner',
              uid: variable('owner'),
              controller: lots.chance(0.5),
            },
          ],
        }
      : {}),
    ...(lots.chance(0.05) ? { labels: { app: 'not valid!' } } : {}),
  };
}

function whole(lots: Lots, kind: Kind, name: string): JsonObject {
  return { apiVersion: kind.apiVersion, kind: kind.kind, metadata: metadata(lots, name), ...kind.body(lots) };
}

function step(lots: Lots, kind: Kind, at: number): RequestStep {
  const name = lots.one(NAMES);
  const one = `${kind.path}/${name}`;
  const query = [
    ...(lots.chance(0.5) ? [`fieldManager=${lots.one(MANAGERS)}`] : []),
    ...(lots.chance(0.1) ? ['dryRun=All'] : []),
    ...(lots.chance(0.1) ? [`fieldValidation=${lots.one(['Strict', 'Warn', 'Ignore'])}`] : []),
  ];
  const asked = (path: string, ...more: string[]): string =>
    [path, [...query, ...more].join('&')].filter((part) => part !== '').join('?');
  const create = (): RequestStep => ({
    request: `POST ${asked(kind.path)}`,
    body: whole(lots, kind, name),
    save: { uid: '/metadata/uid', version: '/metadata/resourceVersion' },
  });
  if (at < 2) return create();
  switch (
    lots.one([
      'create',
      'put',
      'merge',
      'merge',
      'strategic',
      'json',
      'apply',
      'apply',
      'apply',
      'delete',
      'list',
      'finish',
    ] as const)
  ) {
    case 'create':
      return create();
    case 'put': {
      const body = whole(lots, kind, lots.chance(0.05) ? 'other' : name);
      const versioned = lots.chance(0.2)
        ? { ...body, metadata: { ...(body.metadata as JsonObject), resourceVersion: variable('version') } }
        : body;
      return { request: `PUT ${asked(one)}`, body: versioned, save: { version: '/metadata/resourceVersion' } };
    }
    case 'merge':
      return { request: `PATCH ${asked(one)}`, body: change(lots, kind) };
    case 'strategic':
      return {
        request: `PATCH ${asked(one)}`,
        type: 'application/strategic-merge-patch+json',
        body: change(lots, kind),
      };
    case 'json':
      return { request: `PATCH ${asked(one)}`, type: 'application/json-patch+json', body: operations(lots) };
    case 'apply': {
      const manager =
        query.some((part) => part.startsWith('fieldManager')) || lots.chance(0.05)
          ? []
          : [`fieldManager=${lots.one(MANAGERS)}`];
      const forced = lots.chance(0.4) ? ['force=true'] : [];
      return {
        request: `PATCH ${asked(one, ...manager, ...forced)}`,
        type: 'application/apply-patch+yaml',
        body: whole(lots, kind, name),
      };
    }
    case 'delete': {
      const options = lots.chance(0.3)
        ? { body: { preconditions: lots.one([{ uid: variable('uid') }, { resourceVersion: variable('version') }]) } }
        : {};
      return { request: `DELETE ${lots.chance(0.1) ? asked(`${one}`) : one}`, ...options };
    }
    case 'finish':
      return { request: `PATCH ${one}`, body: { metadata: { finalizers: null } } };
    default:
      return {
        request: `GET ${kind.path}?${lots.one(['limit=1', 'labelSelector=a', 'labelSelector=a%3Dx,!b', 'fieldSelector=metadata.name%3Done', 'limit=2'])}`,
      };
  }
}

function change(lots: Lots, kind: Kind): JsonObject {
  return lots.one<() => JsonObject>([
    () => ({ metadata: { labels: { [lots.one(KEYS)]: lots.one(['x', 'y', null]) } } }),
    () => ({ metadata: { annotations: { [lots.one(KEYS)]: lots.one(['x', null]) } } }),
    () => ({ metadata: { finalizers: lots.one([lots.some(FINALIZERS), []]) } }),
    () => kind.body(lots),
    () => ({ metadata: { resourceVersion: variable('version'), labels: { a: 'z' } } }),
    () => ({}),
  ])();
}

function operations(lots: Lots): Json {
  return Array.from({ length: lots.whole(1, 3) }, (): Json => {
    const path = `/metadata/labels/${lots.one(KEYS)}`;
    return lots.one<Json>([
      { op: 'add', path, value: lots.one(['x', 'y']) },
      { op: 'remove', path },
      { op: 'replace', path, value: 'z' },
      { op: 'test', path, value: 'x' },
      { op: 'add', path: '/metadata/labels', value: { a: 'x' } },
    ]);
  });
}
