import type { CapturedObjects } from './captured-objects.ts';

const WORKLOAD_LABELS = { app: 'web' };

/** A Deployment with its ReplicaSet, a Service, a schedule, a finished Job. `number` keeps the addresses of runs apart. */
export function addWorkloads(objects: CapturedObjects, number: number, app: string): void {
  const pod = { containers: [{ name: 'web', image: 'web:1' }] };
  const selector = { matchLabels: WORKLOAD_LABELS };
  const spec = { replicas: 2, selector, template: { metadata: { labels: WORKLOAD_LABELS }, spec: pod } };
  const web = objects.add(
    'apps/v1',
    'Deployment',
    app,
    'web',
    { spec, status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, unavailableReplicas: 2 } },
    { labels: WORKLOAD_LABELS, annotations: { 'deployment.kubernetes.io/revision': '1' }, fields: ['f:spec'] },
  );
  const labels = { ...WORKLOAD_LABELS, 'pod-template-hash': '5f7c9d' };
  objects.add(
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
  const clusterIP = `10.0.${Math.floor(number / 200) + 1}.${(number % 200) + 10}`;
  objects.add('v1', 'Service', app, 'web', {
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      selector: WORKLOAD_LABELS,
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
    },
  });
  objects.add('batch/v1', 'CronJob', app, 'nightly', {
    spec: {
      schedule: '0 3 1 1 *',
      suspend: false,
      jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: 'Never' } } } },
    },
    status: { lastScheduleTime: '2026-01-01T03:00:00Z' },
  });
  const uid = objects.nextUid();
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
  objects.add(
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
  objects.add('networking.k8s.io/v1', 'NetworkPolicy', app, 'web', {
    spec: { podSelector: { matchLabels: WORKLOAD_LABELS }, policyTypes: ['Ingress'] },
  });
}

/** A claim and its volume, bound, with the policy that deletes. */
export function addVolume(objects: CapturedObjects, run: string, app: string): void {
  const name = `${run}-data`;
  const size = { storage: '1Gi' };
  const modes = { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', storageClassName: 'none' };
  const bound = { 'pv.kubernetes.io/bind-completed': 'yes' };
  const claim = objects.add(
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
  objects.add(
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
