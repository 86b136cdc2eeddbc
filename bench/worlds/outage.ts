import type { KubeObject } from '../../src/objects/json.ts';
import { uidFor } from './random.ts';
import { BUILT_IN, type Kind, type World } from './world.ts';

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
const WORKLOAD_LABELS = { app: 'web' };

/**
 * A small cluster in which everything hangs together: definitions and custom resources with status, chains of owners, owners of each
 * other, a Deployment with its ReplicaSet, a schedule, a finished Job, a bound volume, a claim with composite and managed resources
 * whose passwords lie under names made of UIDs. All names begin with or stand in `run`; `number` keeps addresses apart.
 */
export function outage(run: string, number: number): World {
  const kinds = [...BUILT_IN, ...outageKinds(run)];
  return { kinds, objects: () => new Outage(run, number).objects() };
}

class Outage {
  readonly #run: string;
  readonly #number: number;
  readonly #made: KubeObject[] = [];

  constructor(run: string, number: number) {
    this.#run = run;
    this.#number = number;
  }

  objects(): readonly KubeObject[] {
    const run = this.#run;
    const app = `${run}-app`;
    const namespaces = [app, `${run}-sys`];
    for (const name of namespaces)
      this.#add(
        'v1',
        'Namespace',
        undefined,
        name,
        { spec: { finalizers: ['kubernetes'] } },
        { labels: { 'kubernetes.io/metadata.name': name } },
      );
    for (const kind of outageKinds(run)) this.#definition(kind);
    this.#configuration(app);
    this.#widgets(app);
    this.#workloads(app);
    this.#volume(app);
    this.#stores(app, `${run}-sys`);
    return this.#made;
  }

  #configuration(app: string): void {
    let owner: KubeObject | undefined;
    for (let depth = 1; depth <= 3; depth++)
      owner = this.#add(
        'v1',
        'ConfigMap',
        app,
        `chain-${depth}`,
        { data: { depth: String(depth) } },
        { owners: owner === undefined ? [] : [owner], fields: ['f:data'] },
      );
    // Each owns the other, which only a second write can say.
    const left = this.#add('v1', 'ConfigMap', app, 'twin-a', { data: { side: 'a' } });
    const right = this.#add('v1', 'ConfigMap', app, 'twin-b', { data: { side: 'b' } }, { owners: [left] });
    this.#made[this.#made.indexOf(left)] = {
      ...left,
      metadata: { ...left.metadata, ownerReferences: [reference(right)] },
    };
    for (let plain = 0; plain < 8; plain++)
      this.#add(
        'v1',
        plain % 4 === 3 ? 'Secret' : 'ConfigMap',
        app,
        `plain-${plain}`,
        plain % 4 === 3 ? { type: 'Opaque', data: { a: 'YQ==' } } : { data: { a: 'a' } },
        { fields: ['f:data'] },
      );
    const account = this.#add('v1', 'ServiceAccount', app, 'web', {});
    this.#add('rbac.authorization.k8s.io/v1', 'Role', app, 'web', {
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
    });
    this.#add('rbac.authorization.k8s.io/v1', 'RoleBinding', app, 'web', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
      subjects: [{ kind: 'ServiceAccount', name: account.metadata.name, namespace: app }],
    });
  }

  #widgets(app: string): void {
    const apiVersion = `${this.#run}.bench.example/v1`;
    let owner: KubeObject | undefined;
    for (let depth = 1; depth <= 3; depth++) {
      const more = { owners: owner === undefined ? [] : [owner], fields: ['f:spec'] };
      owner = this.#add(
        apiVersion,
        'Widget',
        app,
        `widget-${depth}`,
        { spec: { depth }, status: { phase: 'Ready', seen: depth } },
        more,
      );
    }
    this.#add(
      'v1',
      'Secret',
      app,
      'of-widget',
      { type: 'Opaque', data: { b: 'Yg==' } },
      { owners: owner === undefined ? [] : [owner] },
    );
  }

  #workloads(app: string): void {
    const pod = { containers: [{ name: 'web', image: 'web:1' }] };
    const selector = { matchLabels: WORKLOAD_LABELS };
    const spec = { replicas: 2, selector, template: { metadata: { labels: WORKLOAD_LABELS }, spec: pod } };
    const web = this.#add(
      'apps/v1',
      'Deployment',
      app,
      'web',
      { spec, status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, unavailableReplicas: 2 } },
      { labels: WORKLOAD_LABELS, annotations: { 'deployment.kubernetes.io/revision': '1' }, fields: ['f:spec'] },
    );
    const labels = { ...WORKLOAD_LABELS, 'pod-template-hash': '5f7c9d' };
    this.#add(
      'apps/v1',
      'ReplicaSet',
      app,
      'web-5f7c9d',
      {
        spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
        status: { replicas: 2, observedGeneration: 1 },
      },
      {
        labels,
        owners: [web],
        annotations: {
          'deployment.kubernetes.io/revision': '1',
          'deployment.kubernetes.io/desired-replicas': '2',
          'deployment.kubernetes.io/max-replicas': '3',
        },
      },
    );
    const clusterIP = `10.0.${Math.floor(this.#number / 200) + 1}.${(this.#number % 200) + 10}`;
    this.#add('v1', 'Service', app, 'web', {
      spec: {
        type: 'ClusterIP',
        clusterIP,
        clusterIPs: [clusterIP],
        selector: WORKLOAD_LABELS,
        ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
      },
    });
    this.#add('batch/v1', 'CronJob', app, 'nightly', {
      spec: {
        schedule: '0 3 1 1 *',
        suspend: false,
        jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: 'Never' } } } },
      },
      status: { lastScheduleTime: '2026-01-01T03:00:00Z' },
    });
    const uid = this.#nextUid();
    const jobLabels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': 'import',
      'controller-uid': uid,
      'job-name': 'import',
    };
    const done = (type: string) => ({
      type,
      status: 'True',
      lastProbeTime: '2026-01-01T00:00:09Z',
      lastTransitionTime: '2026-01-01T00:00:09Z',
    });
    this.#add(
      'batch/v1',
      'Job',
      app,
      'import',
      {
        spec: {
          backoffLimit: 6,
          completions: 1,
          parallelism: 1,
          selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
          template: { metadata: { labels: jobLabels }, spec: { ...pod, restartPolicy: 'Never' } },
        },
        status: {
          startTime: '2026-01-01T00:00:00Z',
          completionTime: '2026-01-01T00:00:09Z',
          succeeded: 1,
          ready: 0,
          terminating: 0,
          uncountedTerminatedPods: {},
          conditions: [done('SuccessCriteriaMet'), done('Complete')],
        },
      },
      { labels: jobLabels },
    );
    this.#add('networking.k8s.io/v1', 'NetworkPolicy', app, 'web', {
      spec: { podSelector: { matchLabels: WORKLOAD_LABELS }, policyTypes: ['Ingress'] },
    });
  }

  #volume(app: string): void {
    const name = `${this.#run}-data`;
    const size = { storage: '1Gi' };
    const modes = { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', storageClassName: 'none' };
    const bound = { 'pv.kubernetes.io/bind-completed': 'yes' };
    const claim = this.#add(
      'v1',
      'PersistentVolumeClaim',
      app,
      'data',
      {
        spec: { ...modes, resources: { requests: size }, volumeName: name },
        status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: size },
      },
      { annotations: bound, finalizers: ['kubernetes.io/pvc-protection'] },
    );
    const { uid, resourceVersion } = claim.metadata;
    this.#add(
      'v1',
      'PersistentVolume',
      undefined,
      name,
      {
        spec: {
          ...modes,
          capacity: size,
          hostPath: { path: `/data/${name}`, type: '' },
          persistentVolumeReclaimPolicy: 'Delete',
          claimRef: {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            namespace: app,
            name: 'data',
            uid,
            resourceVersion,
          },
        },
        status: { phase: 'Bound' },
      },
      { finalizers: ['kubernetes.io/pv-protection'] },
    );
  }

  #stores(app: string, system: string): void {
    const apiVersion = `${this.#run}.bench.example/v1`;
    const ready = {
      conditions: [{ type: 'Ready', status: 'True', reason: 'Available', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    };
    const xUid = this.#nextUid();
    const names = [`${this.#run}-db`, `${this.#run}-replica`];
    const composite = this.#add(
      apiVersion,
      'XStore',
      undefined,
      `${this.#run}-x`,
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
    this.#add(
      apiVersion,
      'StoreClaim',
      app,
      'store',
      { spec: { resourceRef: { apiVersion, kind: 'XStore', name: `${this.#run}-x` } }, status: ready },
      { fields: ['f:spec'] },
    );
    const [store] = names.map((name, at) =>
      this.#add(
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
    this.#add('v1', 'Secret', system, xUid, { type, data: { password: 'cHc=' } }, { owners: [composite] });
    if (store !== undefined)
      this.#add('v1', 'Secret', system, `${xUid}-db0`, { type, data: { password: 'cHcw' } }, { owners: [store] });
  }

  #definition({ apiVersion, kind, resource, namespaced }: Kind): void {
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
    this.#add('apiextensions.k8s.io/v1', 'CustomResourceDefinition', undefined, `${resource}.${group}`, {
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

  /** The UID that the next added object gets. */
  #nextUid(): string {
    return uidFor(0xd0000 + this.#number, this.#made.length);
  }

  #add(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
    rest: Readonly<Record<string, unknown>>,
    more: {
      readonly owners?: readonly KubeObject[];
      readonly fields?: readonly string[];
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly finalizers?: readonly string[];
    } = {},
  ): KubeObject {
    const { owners = [], fields, ...kept } = more;
    const made: KubeObject = {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid: this.#nextUid(),
        resourceVersion: String(this.#made.length + 100),
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...kept,
        ...(owners.length === 0 ? {} : { ownerReferences: owners.map(reference) }),
        ...(fields === undefined ? {} : { managedFields: [fieldsOf(apiVersion, fields, owners)] }),
      },
      ...rest,
    };
    this.#made.push(made);
    return made;
  }
}

function fieldsOf(apiVersion: string, fields: readonly string[], owners: readonly KubeObject[]) {
  const keys = Object.fromEntries(owners.map(({ metadata }) => [`k:{"uid":"${metadata.uid}"}`, {}]));
  const owned = owners.length === 0 ? {} : { 'f:metadata': { 'f:ownerReferences': { '.': {}, ...keys } } };
  const fieldsV1 = { ...Object.fromEntries(fields.map((field) => [field, {}])), ...owned };
  return {
    manager: 'kustomize-controller',
    operation: 'Apply',
    apiVersion,
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
}

function reference({ apiVersion, kind, metadata }: KubeObject) {
  const { name = '', uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
