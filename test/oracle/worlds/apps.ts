import type { Body } from '../places.ts';
import type { Builder, Made } from './builder.ts';

const controller = { controller: true, blockOwnerDeletion: true };
const podSpec = { containers: [{ name: 'main', image: 'registry.example/app:1' }] };

export function namespaceOf(builder: Builder, name: string): Made {
  const { random } = builder;
  const namespace = builder.add(
    'namespaces',
    undefined,
    name,
    { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    { labels: { 'kubernetes.io/metadata.name': name } },
  );
  if (random.chance(30)) {
    builder.add('serviceaccounts', name, 'default', random.chance(50) ? { imagePullSecrets: [{ name: 'pull' }] } : {});
    builder.add('configmaps', name, 'kube-root-ca.crt', { data: { 'ca.crt': 'certificate of the lost cluster' } });
  }
  return namespace;
}

export function deployment(
  builder: Builder,
  namespace: string,
  name = `web-${builder.random.word()}`,
  labels: Body = {},
): Made {
  const { random } = builder;
  const made = builder.add(
    'deployments.apps',
    namespace,
    name,
    {
      spec: {
        replicas: random.between(0, 3),
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: podSpec },
      },
      status: random.chance(50) ? { conditions: [{ type: 'Available', status: 'True' }] } : {},
    },
    { labels: { app: name, ...labels } },
  );
  for (let revision = random.between(0, 2); revision > 0; revision--) {
    const set = builder.add('replicasets.apps', namespace, `${name}-${random.word()}`, {
      spec: { replicas: 1, selector: { matchLabels: { app: name } } },
    });
    builder.own(set, builder.owner(made, controller));
    pods(builder, set, 2);
  }
  return made;
}

function pods(builder: Builder, owner: Made, most: number): void {
  for (let count = builder.random.between(0, most); count > 0; count--) {
    const pod = builder.add('pods', owner.namespace, `${owner.name}-${builder.random.word()}`, {
      spec: { ...podSpec, nodeName: 'node-1' },
      status: { phase: 'Running' },
    });
    builder.own(pod, builder.owner(owner, controller));
  }
}

export function statefulSet(builder: Builder, namespace: string): void {
  const { random } = builder;
  const name = `store-${random.word()}`;
  const set = builder.add('statefulsets.apps', namespace, name, {
    spec: { replicas: 1, serviceName: name, selector: { matchLabels: { app: name } } },
  });
  const revision = builder.add('controllerrevisions.apps', namespace, `${name}-${random.word()}`, {
    data: {},
    revision: 1,
  });
  builder.own(revision, builder.owner(set, controller));
  pods(builder, set, 1);
  volume(builder, namespace, `data-${name}-0`);
}

/** A claim, its volume, or both; bound, unbound, or with a volume whose claim is gone. */
export function volume(
  builder: Builder,
  namespace: string,
  name = `claim-${builder.random.word()}`,
): { claim?: Made; volume?: Made } {
  const { random } = builder;
  const shape = random.below(10);
  const policy = random.one('Delete', 'Retain');
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'standard' };
  if (shape === 0)
    return { claim: builder.add('persistentvolumeclaims', namespace, name, { spec, status: { phase: 'Pending' } }) };
  const free = {
    ...spec,
    persistentVolumeReclaimPolicy: policy,
    capacity: { storage: '1Gi' },
    csi: { driver: 'csi.example.org', volumeHandle: random.word() },
  };
  if (shape === 1)
    return {
      volume: builder.add('persistentvolumes', undefined, `pv-${random.word()}`, {
        spec: free,
        status: { phase: 'Available' },
      }),
    };
  const gone = shape === 2;
  const claim = gone
    ? undefined
    : builder.add(
        'persistentvolumeclaims',
        namespace,
        name,
        { status: { phase: 'Bound' } },
        { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      );
  const uid = claim?.uid ?? random.uid();
  const claimRef = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace,
    name: claim?.name ?? name,
    uid,
    resourceVersion: '7',
  };
  const made = builder.add('persistentvolumes', undefined, random.chance(50) ? `pvc-${uid}` : `pv-${random.word()}`, {
    spec: { ...free, claimRef },
    status: { phase: gone ? 'Released' : 'Bound' },
  });
  if (claim !== undefined) claim.body.spec = { ...spec, volumeName: made.name };
  return claim === undefined ? { volume: made } : { claim, volume: made };
}

export function jobs(builder: Builder, namespace: string): void {
  const { random } = builder;
  const cron = random.chance(60)
    ? builder.add('cronjobs.batch', namespace, `nightly-${random.word()}`, {
        spec: { schedule: '0 1 * * *', ...(random.chance(30) ? { suspend: random.chance(50) } : {}) },
      })
    : undefined;
  for (let count = random.between(cron === undefined ? 1 : 0, 2); count > 0; count--) {
    const end = random.below(3);
    const conditions = end === 0 ? [] : [{ type: end === 1 ? 'Complete' : 'Failed', status: 'True' }];
    const job = builder.add('jobs.batch', namespace, `${cron?.name ?? 'job'}-${random.word()}`, {
      spec: { template: { metadata: { labels: {} }, spec: podSpec } },
      status: { conditions },
    });
    const label = { 'batch.kubernetes.io/controller-uid': job.uid };
    const manual = random.chance(10) ? { manualSelector: true } : {};
    job.body.spec = {
      ...manual,
      selector: { matchLabels: label },
      template: { metadata: { labels: label }, spec: podSpec },
    };
    if (random.chance(50)) (job.body.spec as Body).suspend = false;
    if (cron !== undefined) builder.own(job, builder.owner(cron, controller));
    pods(builder, job, 1);
  }
}

export function service(builder: Builder, namespace: string, name = `svc-${builder.random.word()}`): Made {
  const { random } = builder;
  const made = builder.add('services', namespace, name, {
    spec: { clusterIP: `10.0.0.${random.between(2, 250)}`, ports: [{ port: 80 }] },
  });
  if (random.chance(60)) {
    const slice = builder.add(
      'endpointslices.discovery.k8s.io',
      namespace,
      `${made.name}-${random.word()}`,
      { addressType: 'IPv4', endpoints: [] },
      { labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } },
    );
    builder.own(slice, builder.owner(made, controller));
    builder.add(
      'endpoints',
      namespace,
      made.name,
      {},
      { labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
    );
  }
  if (random.chance(30))
    builder.add('ipaddresses.networking.k8s.io', undefined, `10.0.0.${random.between(2, 250)}`, {
      spec: { parentRef: { resource: 'services', namespace, name: made.name } },
    });
  return made;
}
