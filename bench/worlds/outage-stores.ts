import type { KubeObject } from '../../src/objects/json.ts';
import type { CapturedObjects } from './captured-objects.ts';
import type { Kind } from './world.ts';

/** The custom resources of one run: cluster-scoped names and groups are its own, so that many runs fit one server. */
export function outageKinds(run: string): readonly Kind[] {
  const apiVersion = `${run}.bench.example/v1`;
  return [
    { apiVersion, kind: 'Widget', resource: 'widgets', namespaced: true },
    { apiVersion, kind: 'StoreClaim', resource: 'storeclaims', namespaced: true },
    { apiVersion, kind: 'XStore', resource: 'xstores', namespaced: false },
    { apiVersion, kind: 'Store', resource: 'stores', namespaced: false },
  ];
}
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  StoreClaim: ['claim'],
  XStore: ['composite'],
  Store: ['managed'],
};

/** The definitions of the custom resources of a run. */
export function addDefinitions(objects: CapturedObjects, run: string): void {
  for (const kind of outageKinds(run)) addDefinition(objects, kind);
}

/** Custom resources with status, in a chain of owners that ends in a Secret. */
export function addWidgets(objects: CapturedObjects, run: string, app: string): void {
  const apiVersion = `${run}.bench.example/v1`;
  let owner: KubeObject | undefined;
  for (let depth = 1; depth <= 3; depth++) {
    const more = { owners: owner === undefined ? [] : [owner], fields: ['f:spec'] };
    owner = objects.add(
      apiVersion,
      'Widget',
      app,
      `widget-${depth}`,
      { spec: { depth }, status: { phase: 'Ready', seen: depth } },
      more,
    );
  }
  objects.add(
    'v1',
    'Secret',
    app,
    'of-widget',
    { type: 'Opaque', data: { b: 'Yg==' } },
    { owners: owner === undefined ? [] : [owner] },
  );
}

/** A claim, its composite and two managed resources; their passwords lie in `system` under names made of UIDs. */
export function addStores(objects: CapturedObjects, run: string, app: string, system: string): void {
  const apiVersion = `${run}.bench.example/v1`;
  const ready = {
    conditions: [{ type: 'Ready', status: 'True', reason: 'Available', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  };
  const xUid = objects.nextUid();
  const names = [`${run}-db`, `${run}-replica`];
  const composite = objects.add(
    apiVersion,
    'XStore',
    undefined,
    `${run}-x`,
    {
      spec: {
        claimRef: { apiVersion, kind: 'StoreClaim', namespace: app, name: 'store' },
        resourceRefs: names.map((name) => ({ apiVersion, kind: 'Store', name })),
        writeConnectionSecretToRef: { name: xUid, namespace: system },
      },
      status: ready,
    },
    { fields: ['f:spec'] },
  );
  objects.add(
    apiVersion,
    'StoreClaim',
    app,
    'store',
    { spec: { resourceRef: { apiVersion, kind: 'XStore', name: `${run}-x` } }, status: ready },
    { fields: ['f:spec'] },
  );
  const [store] = names.map((name, at) =>
    objects.add(
      apiVersion,
      'Store',
      undefined,
      name,
      {
        spec: { size: at, writeConnectionSecretToRef: { name: `${xUid}-db${at}`, namespace: system } },
        status: ready,
      },
      {
        owners: [composite],
        fields: ['f:spec'],
        annotations: {
          'crossplane.io/external-name': `cloud-${at}`,
          'crossplane.io/external-create-succeeded': '2026-01-01T00:00:00Z',
        },
      },
    ),
  );
  const type = 'connection.crossplane.io/v1alpha1';
  objects.add('v1', 'Secret', system, xUid, { type, data: { password: 'cHc=' } }, { owners: [composite] });
  if (store !== undefined)
    objects.add('v1', 'Secret', system, `${xUid}-db0`, { type, data: { password: 'cHcw' } }, { owners: [store] });
}

function addDefinition(objects: CapturedObjects, { apiVersion, kind, resource, namespaced }: Kind): void {
  const group = apiVersion.slice(0, apiVersion.indexOf('/'));
  const singular = kind.toLowerCase();
  const names = {
    plural: resource,
    singular,
    kind,
    listKind: `${kind}List`,
    ...(CATEGORIES[kind] === undefined ? {} : { categories: CATEGORIES[kind] }),
  };
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const version = { name: 'v1', served: true, storage: true, subresources: { status: {} }, schema };
  const condition = (type: string) => ({
    type,
    status: 'True',
    reason: 'Fine',
    message: 'fine',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  objects.add('apiextensions.k8s.io/v1', 'CustomResourceDefinition', undefined, `${resource}.${group}`, {
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      conversion: { strategy: 'None' },
      names,
      versions: [version],
    },
    status: {
      acceptedNames: names,
      storedVersions: ['v1'],
      conditions: [condition('NamesAccepted'), condition('Established')],
    },
  });
}
