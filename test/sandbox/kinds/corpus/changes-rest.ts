import { at, type Body, type Change, claim, deployment, frozen, job, onePod, stateful } from './change.ts';
import { object, selector } from './parts.ts';

export const CHANGES_REST: readonly Change[] = [
  {
    story: 'pod label',
    from: onePod,
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b' };
    },
  },
  {
    story: 'pod image',
    from: onePod,
    edit: (it) => {
      ((at(it, 'spec').containers as Body[])[0] as Body).image = 'b';
    },
  },
  {
    story: 'pod container added',
    from: onePod,
    edit: (it) => {
      (at(it, 'spec').containers as Body[]).push({ name: 'b', image: 'b' });
    },
  },
  {
    story: 'pod status',
    from: onePod,
    status: true,
    edit: (it) => {
      it.status = {
        phase: 'Running',
        podIP: '10.1.1.1',
        podIPs: [{ ip: '10.1.1.1' }],
        conditions: [{ type: 'Ready', status: 'True' }],
      };
    },
  },
  {
    story: 'job parallelism',
    from: job,
    edit: (it) => {
      at(it, 'spec').parallelism = 2;
    },
  },
  {
    story: 'job completions',
    from: job,
    edit: (it) => {
      at(it, 'spec').completions = 2;
    },
  },
  {
    story: 'job suspended',
    from: job,
    edit: (it) => {
      at(it, 'spec').suspend = true;
    },
  },
  {
    story: 'claim bound by hand',
    from: claim,
    edit: (it) => {
      at(it, 'spec').volumeName = 'v';
    },
  },
  {
    story: 'claim mode',
    from: claim,
    edit: (it) => {
      at(it, 'spec').volumeMode = 'Block';
    },
  },
  {
    story: 'claim status',
    from: claim,
    status: true,
    edit: (it) => {
      it.status = { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1024Mi' } };
    },
  },
  {
    story: 'volume status',
    from: object('v1', 'PersistentVolume', 'x', {
      spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } },
    }),
    status: true,
    edit: (it) => {
      it.status = { phase: 'Available' };
    },
  },
  {
    story: 'volume capacity',
    from: object('v1', 'PersistentVolume', 'x', {
      spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } },
    }),
    edit: (it) => {
      at(it, 'spec').capacity = { storage: '2Gi' };
    },
  },
  {
    story: 'role ref',
    from: object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'x', { roleRef: { kind: 'Role', name: 'r' } }),
    edit: (it) => {
      at(it, 'roleRef').name = 'other';
    },
  },
  {
    story: 'storage class',
    from: object('storage.k8s.io/v1', 'StorageClass', 'x', { provisioner: 'a/b' }),
    edit: (it) => {
      it.provisioner = 'c/d';
      it.parameters = { a: 'b' };
      it.reclaimPolicy = 'Retain';
    },
  },
  {
    story: 'budget',
    from: object('policy/v1', 'PodDisruptionBudget', 'x', { spec: { minAvailable: 1, selector } }),
    edit: (it) => {
      at(it, 'spec').minAvailable = 2;
    },
  },
  {
    story: 'priority class value',
    from: object('scheduling.k8s.io/v1', 'PriorityClass', 'x', { value: 5 }),
    edit: (it) => {
      it.value = 6;
    },
  },
  {
    story: 'revision data',
    from: object('apps/v1', 'ControllerRevision', 'x', { revision: 1, data: { a: 1 } }),
    edit: (it) => {
      it.data = { a: 2 };
    },
  },
  {
    story: 'ingress',
    from: object('networking.k8s.io/v1', 'Ingress', 'x', {
      spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
    }),
    edit: (it) => {
      at(it, 'spec').ingressClassName = 'c';
    },
  },
  {
    story: 'network policy',
    from: object('networking.k8s.io/v1', 'NetworkPolicy', 'x', { spec: { podSelector: {} } }),
    edit: (it) => {
      at(it, 'spec').policyTypes = ['Egress'];
    },
  },
  {
    story: 'quota status',
    from: object('v1', 'ResourceQuota', 'x', { spec: { hard: { pods: '1' } } }),
    status: true,
    edit: (it) => {
      it.status = { hard: { pods: '1' }, used: { pods: '0' } };
    },
  },
  {
    story: 'owner without uid',
    from: frozen,
    edit: (it) => {
      at(it, 'metadata').ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '' }];
    },
  },
  {
    story: 'bad finalizer of a deployment',
    from: deployment,
    edit: (it) => {
      at(it, 'metadata').finalizers = ['x'];
      at(it, 'spec').replicas = -1;
    },
  },
  {
    story: 'bad label and more in a budget',
    from: object('policy/v1', 'PodDisruptionBudget', 'x', { spec: { minAvailable: 1, selector } }),
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b c' };
      at(it, 'spec').minAvailable = -1;
    },
  },
  {
    story: 'bad label of a claim',
    from: claim,
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b c' };
    },
  },
  {
    story: 'bad status label',
    from: stateful,
    status: true,
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b c' };
    },
  },
  {
    story: 'pod node changed',
    from: onePod,
    edit: (it) => {
      at(it, 'spec').nodeName = 'n';
      at(it, 'spec').hostNetwork = true;
    },
  },
  {
    story: 'pod environment changed',
    from: onePod,
    edit: (it) => {
      ((at(it, 'spec').containers as Body[])[0] as Body).env = [{ name: 'A', value: 'b' }];
    },
  },
  {
    story: 'claim grown unbound',
    from: claim,
    edit: (it) => {
      at(it, 'spec').resources = { requests: { storage: '2Gi' } };
    },
  },
  {
    story: 'volume source changed',
    from: object('v1', 'PersistentVolume', 'x', {
      spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } },
    }),
    edit: (it) => {
      at(it, 'spec').hostPath = { path: '/b', type: '' };
    },
  },
];
