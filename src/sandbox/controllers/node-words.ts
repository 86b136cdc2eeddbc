import type { KubeObject } from '../../objects/json.ts';
import { timestamp } from '../clock.ts';
import type { Condition, ContainerSpec, Pod } from './shapes.ts';

/** Whether the containers of a Pod end by themselves: those of Jobs. */
export const runsToCompletion = ({ spec, metadata }: Pod): boolean =>
  spec.restartPolicy !== 'Always' && (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Job');

function conditionsOf(pod: Pod, ready: boolean, now: string, reason?: string): readonly Condition[] {
  const old = pod.status?.conditions ?? [];
  const make = (type: string, status: boolean, why: string | undefined): Condition => ({
    type,
    status: status ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: now,
    ...(why === undefined ? {} : { reason: why }),
  });
  const ours = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return [
    make('PodReadyToStartContainers', ready, undefined),
    make('Initialized', true, reason),
    make('Ready', ready, reason),
    make('ContainersReady', ready, reason),
    ...old.filter(({ type }) => type === 'PodScheduled'),
    ...old.filter(({ type }) => !ours.includes(type)),
  ];
}

function statusesOf(containers: readonly ContainerSpec[], pod: Pod, ready: boolean, state: object): readonly object[] {
  return containers.map(({ name, image = '' }) => ({
    name,
    state,
    lastState: {},
    ready,
    restartCount: 0,
    image,
    imageID: '',
    containerID: `sandbox://${pod.metadata.uid}-${name}`,
    started: ready,
  }));
}

/** What a kubelet says of a Pod that has become ready. */
export function runningStatus(pod: Pod, ip: string, now: number): Pod['status'] & object {
  const at = timestamp(now);
  const { containers, initContainers } = pod.spec;
  const done = { terminated: { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at } };
  const init =
    initContainers === undefined ? {} : { initContainerStatuses: statusesOf(initContainers, pod, true, done) };
  return {
    ...pod.status,
    phase: 'Running',
    conditions: conditionsOf(pod, true, at),
    hostIP: '10.0.0.1',
    hostIPs: [{ ip: '10.0.0.1' }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: pod.status?.startTime ?? at,
    ...init,
    containerStatuses: statusesOf(containers, pod, true, { running: { startedAt: at } }),
  } as Pod['status'] & object;
}

/** What a kubelet says of a Pod whose containers have ended. */
export function endedStatus(pod: Pod, phase: 'Succeeded' | 'Failed', now: number): Pod['status'] & object {
  const at = timestamp(now);
  const succeeded = phase === 'Succeeded';
  const reason = succeeded ? 'Completed' : 'Error';
  const terminated = { exitCode: succeeded ? 0 : 1, reason, startedAt: at, finishedAt: at };
  return {
    ...pod.status,
    phase,
    conditions: conditionsOf(pod, false, at, succeeded ? 'PodCompleted' : 'PodFailed'),
    containerStatuses: statusesOf(pod.spec.containers, pod, false, { terminated }),
  } as Pod['status'] & object;
}

/** A Node as its kubelet registers it. */
export const nodeBody = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: {
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
    },
  },
  spec: {},
});

/** What a kubelet says of a node on which there is room for everything. */
export function nodeStatus(now: number): object {
  const at = timestamp(now);
  const size = { cpu: '64', memory: '256Gi', pods: '2000', 'ephemeral-storage': '1Ti' };
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  return {
    capacity: size,
    allocatable: size,
    conditions: [{ ...ready, lastHeartbeatTime: at, lastTransitionTime: at }],
    addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
  };
}
