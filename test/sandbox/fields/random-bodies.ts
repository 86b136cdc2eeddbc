/** Bodies of a few kinds out of a small world of values, so that writers meet each other. */

export type Body = { [key: string]: unknown };
export interface RandomKind {
  readonly gvk: { readonly group: string; readonly version: string; readonly kind: string };
  readonly plural: string;
  readonly namespaced: boolean;
  readonly resource: string;
  readonly status: boolean;
  /** A body that the server accepts on a create: nothing that it requires is missing. */
  whole(random: Random): Body;
  /** What one manager may want to say of the object. */
  part(random: Random): Body;
}
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const some = (random: Random, probability: number): boolean => random() < probability;

function record(random: Random, keys: readonly string[], values: readonly unknown[], share = 0.5): Body {
  return Object.fromEntries(keys.filter(() => some(random, share)).map((key) => [key, pick(random, values)]));
}
const subset = <T>(random: Random, from: readonly T[], share = 0.5): T[] => {
  const chosen = from.filter(() => some(random, share));
  return some(random, 0.3) ? chosen.reverse() : chosen;
};
/** Each of the parts with the given probability. */
function maybe(random: Random, share: number, parts: Readonly<Record<string, () => unknown>>): Body {
  const out: Body = {};
  for (const [key, make] of Object.entries(parts)) if (some(random, share)) out[key] = make();
  return out;
}

function metadata(random: Random): Body {
  return maybe(random, 0.5, {
    labels: () => record(random, ['a', 'b', 'app.kubernetes.io/name'], ['1', '2', '']),
    annotations: () => record(random, ['x', 'y/z'], ['one', 'two']),
    finalizers: () => subset(random, ['example.org/one', 'example.org/two', 'example.org/three']),
    ownerReferences: () =>
      subset(random, [
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'o1', uid: '11111111-1111-1111-1111-111111111111' },
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'o2', uid: '22222222-2222-2222-2222-222222222222' },
      ]),
  });
}

const port = (random: Random): Body => ({
  containerPort: pick(random, [80, 443, 9000]),
  ...(some(random, 0.5) ? { protocol: pick(random, ['TCP', 'UDP']) } : {}),
  ...(some(random, 0.3) ? { name: pick(random, ['http', 'web']) } : {}),
});
function unique(items: Body[], keyOf: (item: Body) => string): Body[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
}
function container(random: Random, name: string): Body {
  return {
    name,
    image: pick(random, ['nginx:1', 'nginx:2']),
    ...maybe(random, 0.4, {
      args: () => subset(random, ['-a', '-b', '-c']),
      ports: () =>
        unique(
          subset(random, [1, 2, 3]).map(() => port(random)),
          (one) => `${one.containerPort} ${one.protocol ?? 'TCP'}`,
        ),
      env: () =>
        subset(random, ['A', 'B', 'C']).map((key) =>
          some(random, 0.7)
            ? { name: key, value: pick(random, ['1', '2']) }
            : { name: key, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ),
      resources: () =>
        maybe(random, 0.6, {
          limits: () => record(random, ['cpu', 'memory'], ['1', '2']),
          requests: () => record(random, ['cpu', 'memory'], ['1']),
        }),
      volumeMounts: () => subset(random, ['/a', '/b']).map((mountPath) => ({ mountPath, name: 'data' })),
    }),
  };
}
function template(random: Random, whole: boolean): Body {
  const names = whole ? ['main', ...subset(random, ['side'])] : subset(random, ['main', 'side']);
  return {
    metadata: { labels: { app: 'x', ...record(random, ['t'], ['1', '2']) } },
    spec: {
      ...(names.length > 0 ? { containers: names.map((name) => container(random, name)) } : {}),
      ...maybe(random, 0.3, {
        nodeSelector: () => record(random, ['disk', 'zone'], ['a', 'b']),
        tolerations: () => subset(random, [{ key: 'k', operator: 'Exists' }, { operator: 'Exists' }]),
        terminationGracePeriodSeconds: () => pick(random, [5, 30]),
        hostAliases: () => subset(random, ['10.0.0.1', '10.0.0.2']).map((ip) => ({ ip, hostnames: ['h'] })),
      }),
      volumes: [{ name: 'data', emptyDir: {} }],
    },
  };
}

const configMap: RandomKind = {
  gvk: { group: '', version: 'v1', kind: 'ConfigMap' },
  plural: 'configmaps',
  resource: 'configmaps',
  namespaced: true,
  status: false,
  whole: (random) => configMap.part(random),
  part: (random) => ({
    metadata: metadata(random),
    ...maybe(random, 0.7, {
      data: () => record(random, ['k1', 'k2', 'k3'], ['v1', 'v2', '']),
      binaryData: () => record(random, ['b1', 'b2'], ['AA==', 'AQ==']),
    }),
  }),
};
const deployment: RandomKind = {
  gvk: { group: 'apps', version: 'v1', kind: 'Deployment' },
  plural: 'deployments',
  resource: 'deployments.apps',
  namespaced: true,
  status: true,
  whole: (random) => {
    const { spec, ...rest } = deployment.part(random);
    return {
      ...rest,
      spec: { ...(spec as Body), selector: { matchLabels: { app: 'x' } }, template: template(random, true) },
    };
  },
  part: (random) => ({
    metadata: metadata(random),
    spec: maybe(random, 0.5, {
      replicas: () => pick(random, [1, 2, 3]),
      selector: () => ({ matchLabels: { app: 'x' } }),
      paused: () => some(random, 0.5),
      strategy: () => pick(random, [{ type: 'Recreate' }, { rollingUpdate: { maxSurge: pick(random, [1, '25%']) } }]),
      template: () => template(random, false),
    }),
  }),
};
const service: RandomKind = {
  gvk: { group: '', version: 'v1', kind: 'Service' },
  plural: 'services',
  resource: 'services',
  namespaced: true,
  status: true,
  whole: (random) => ({
    metadata: metadata(random),
    spec: { ports: servicePorts(random, true), selector: { a: 'b' }, clusterIP: 'None' },
  }),
  part: (random) => ({
    metadata: metadata(random),
    spec: maybe(random, 0.5, {
      ports: () => servicePorts(random, false),
      selector: () => record(random, ['a', 'b'], ['1', '2']),
      publishNotReadyAddresses: () => some(random, 0.5),
    }),
  }),
};
function servicePorts(random: Random, whole: boolean): Body[] {
  const ports = (whole ? [80, ...subset(random, [443])] : subset(random, [80, 443, 9000])).map((number) => ({
    port: number,
    name: `p${number}`,
    protocol: 'TCP',
    targetPort: pick(random, [8080, 'http']),
  }));
  return ports;
}
const clusterRole: RandomKind = {
  gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRole' },
  plural: 'clusterroles',
  resource: 'clusterroles.rbac.authorization.k8s.io',
  namespaced: false,
  status: false,
  whole: (random) => clusterRole.part(random),
  part: (random) => ({
    metadata: metadata(random),
    ...maybe(random, 0.6, {
      rules: () =>
        subset(random, ['pods', 'secrets']).map((name) => ({ apiGroups: [''], resources: [name], verbs: ['get'] })),
    }),
  }),
};
const networkPolicy: RandomKind = {
  gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy' },
  plural: 'networkpolicies',
  resource: 'networkpolicies.networking.k8s.io',
  namespaced: true,
  status: false,
  whole: (random) => networkPolicy.part(random),
  part: (random) => ({
    metadata: metadata(random),
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ...maybe(random, 0.5, {
        ingress: () =>
          subset(random, [1, 2]).map(() => ({ ports: [{ port: pick(random, [80, 443]), protocol: 'TCP' }] })),
      }),
    },
  }),
};

export const RANDOM_KINDS: readonly RandomKind[] = [configMap, deployment, service, clusterRole, networkPolicy];

/** The body with one place changed: a value replaced, a key dropped or added. */
export function mutated(random: Random, body: Body, part: Body): Body {
  const copy = structuredClone(body);
  overlay(random, copy, part);
  return copy;
}
function overlay(random: Random, onto: Body, part: Body): void {
  for (const [key, value] of Object.entries(part)) {
    if (key === 'selector' && typeof value === 'object') continue;
    const there = onto[key];
    if (isMap(value) && isMap(there)) {
      overlay(random, there, value);
      if (['labels', 'annotations', 'data', 'nodeSelector'].includes(key) && random() < 0.3)
        for (const name of Object.keys(there)) if (random() < 0.4 && name !== 'app') delete there[name];
    } else if (random() < 0.75) onto[key] = value;
    else if (!['template', 'spec', 'metadata', 'containers', 'ports', 'podSelector'].includes(key)) delete onto[key];
  }
}
const isMap = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);
