import type { Outcome } from './row.ts';
import type { Owners } from './scene.ts';

/** One row of lab 5: what is restored of `silly-demo`, how and in which order, and whether the operator runs meanwhile. */
export interface CnpgRow {
  readonly row: string;
  /** Kinds in the order in which they are written; `Cluster` among them. */
  readonly steps: readonly CnpgStep[];
  readonly recorded: Outcome;
}
export type CnpgStep =
  | { readonly do: 'run operator' }
  | { readonly do: 'restore'; readonly kinds: readonly string[]; readonly owners: Owners; readonly atOnce?: boolean }
  | { readonly do: 'new Cluster' }
  | { readonly do: 'webhooks' }
  | { readonly do: 'wait'; readonly seconds: number };

const AROUND = [
  'Secret',
  'Service',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'PodDisruptionBudget',
  'ConfigMap',
  'Lease',
];
const operator: CnpgStep = { do: 'run operator' };
const wait: CnpgStep = { do: 'wait', seconds: 60 };
const restore = (owners: Owners, ...kinds: string[]): CnpgStep => ({ do: 'restore', kinds, owners });
const SERVICES = ['silly-demo-r', 'silly-demo-ro', 'silly-demo-rw'];

export const CNPG_ROWS: readonly CnpgRow[] = [
  {
    row: "Velero's way (no owner references), without the PVC",
    steps: [operator, restore('stripped', ...AROUND, 'Cluster'), wait],
    recorded: {
      phase: 'Unable to create required cluster objects',
      'log: cannot create Cluster auxiliary objects: refusing to reconcile service: silly-demo-r, not owned by the cluster': true,
      'refusals grow': true,
      Jobs: [],
      Pods: [],
      'Services kept': SERVICES,
    },
  },
  {
    row: "Velero's way, with the PVC (empty, unbound, initializing)",
    steps: [operator, restore('stripped', ...AROUND, 'PersistentVolumeClaim', 'Cluster'), wait],
    recorded: {
      phase: 'Waiting for the instances to become active',
      'PVC status': 'ready',
      'PVC owners': ['Cluster silly-demo, controller: true'],
      'Services kept': [],
      'Services made again, owned': SERVICES,
      Jobs: [],
      'log: Primary instance': false,
      Initialized: 'True',
    },
  },
  {
    row: 'Cluster first, then everything else relinked, operator stopped meanwhile, PVC left out',
    steps: [restore('relinked', 'Cluster', ...AROUND), operator, wait],
    recorded: {
      phase: 'Setting up primary',
      'Services kept': SERVICES,
      'resourceVersions of Services': 'untouched',
      'log: no orphan PVCs found': true,
      'log: Primary instance (initdb)': true,
      Jobs: ['silly-demo-1-initdb'],
    },
  },
  {
    row: 'the same with the PVC',
    steps: [restore('relinked', 'Cluster', ...AROUND, 'PersistentVolumeClaim'), operator, wait],
    recorded: {
      'log: skipping pvc because it has owner metadata': true,
      'log: no orphan PVCs found': true,
      'log: Selected PVC is not ready yet, waiting for 1 second': true,
      'waits grow': true,
      'PVC status': 'initializing',
      Jobs: [],
      Pods: [],
    },
  },
  {
    row: 'Cluster first while the operator runs',
    // What is written at once with the Cluster is there before the operator looks; the rest comes second.
    steps: [
      operator,
      { do: 'restore', kinds: ['Cluster', 'Secret silly-demo-app', 'Service'], owners: 'relinked', atOnce: true },
      restore('relinked', 'Secret', 'ServiceAccount', 'Role', 'RoleBinding', 'PodDisruptionBudget'),
      wait,
    ],
    recorded: {
      'refused writes': [
        'Secret silly-demo-ca 409',
        'Secret silly-demo-replication 409',
        'Secret silly-demo-server 409',
        'ServiceAccount silly-demo 409',
        'Role silly-demo 409',
        'RoleBinding silly-demo 409',
        'PodDisruptionBudget silly-demo-primary 409',
      ],
      'contents of the certificates': 'new',
    },
  },
  {
    row: 'what the operator made for one instance',
    steps: [operator, { do: 'new Cluster' }, wait],
    recorded: {
      // The Lease is missing in the table and stands in ../data of the same run.
      'owned by the Cluster, controller: true': [
        'PersistentVolumeClaim silly-demo-1',
        ...SERVICES.map((name) => `Service ${name}`),
        ...['app', 'ca', 'replication', 'server'].map((part) => `Secret silly-demo-${part}`),
        'ServiceAccount silly-demo',
        'Role silly-demo',
        'RoleBinding silly-demo',
        'Job silly-demo-1-initdb',
        'PodDisruptionBudget silly-demo-primary',
        'Lease silly-demo',
      ],
      'not owned': ['ConfigMap cnpg-default-monitoring'],
      phase: 'Setting up primary',
    },
  },
  {
    row: 'operator held, its webhook configurations there',
    steps: [{ do: 'webhooks' }, restore('relinked', 'Cluster')],
    recorded: { 'refused writes': ['Cluster silly-demo 500'], 'refused with failed calling webhook': true },
  },
];
