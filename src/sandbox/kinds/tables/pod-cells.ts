import type { Json, KubeObject } from '../../../objects/json.ts';
import { type Body, child, count, deep, flag, has, items, text } from '../values.ts';
import { age, since } from './texts.ts';

/** What is shown of the containers' fates: how many are ready, why the Pod is where it is, how often they restarted. */
interface Fates {
  ready: number;
  reason: string;
  restarts: number;
  restarted: string;
}
const exitText = (terminated: Body): string => {
  const [reason, signal] = [text(terminated, 'reason'), count(terminated, 'signal')];
  return reason !== '' ? reason : signal !== 0 ? `Signal:${signal}` : `ExitCode:${count(terminated, 'exitCode')}`;
};
const condition = (pod: KubeObject, type: string): Body | undefined =>
  items(pod.status, 'conditions').find((it) => text(it, 'type') === type);

/** Also whether the Pod is still at its init containers. */
function initFates(pod: KubeObject, fates: Fates): { initializing: boolean; sidecars: Fates } {
  const sidecars: Fates = { ready: 0, reason: '', restarts: 0, restarted: '' };
  const always = new Set(
    items(pod.spec, 'initContainers')
      .filter((it) => text(it, 'restartPolicy') === 'Always')
      .map((it) => text(it, 'name')),
  );
  for (const [at, status] of items(pod.status, 'initContainerStatuses').entries()) {
    const sidecar = always.has(text(status, 'name'));
    noteRestarts(fates, status);
    if (sidecar) noteRestarts(sidecars, status);
    const terminated = deep(status, 'state', 'terminated');
    if (terminated !== undefined && count(terminated, 'exitCode') === 0) continue;
    if (sidecar && flag(status, 'started')) {
      if (flag(status, 'ready')) fates.ready += 1;
      continue;
    }
    const waiting = text(deep(status, 'state', 'waiting'), 'reason');
    if (terminated !== undefined) fates.reason = `Init:${exitText(terminated)}`;
    else if (waiting !== '' && waiting !== 'PodInitializing') fates.reason = `Init:${waiting}`;
    else fates.reason = `Init:${at}/${items(pod.spec, 'initContainers').length}`;
    return { initializing: true, sidecars };
  }
  return { initializing: false, sidecars };
}
function noteRestarts(fates: Fates, status: Body): void {
  fates.restarts += count(status, 'restartCount');
  const finished = text(deep(status, 'lastState', 'terminated'), 'finishedAt');
  if (finished > fates.restarted) fates.restarted = finished;
}

function fatesOf(pod: KubeObject): Fates {
  const fates: Fates = {
    ready: 0,
    reason: text(pod.status, 'reason') || text(pod.status, 'phase'),
    restarts: 0,
    restarted: '',
  };
  if (text(condition(pod, 'PodScheduled'), 'reason') === 'SchedulingGated') fates.reason = 'SchedulingGated';
  const { initializing, sidecars } = initFates(pod, fates);
  if (initializing && text(condition(pod, 'Initialized'), 'status') !== 'True') return fates;
  fates.restarts = sidecars.restarts;
  fates.restarted = sidecars.restarted;
  let running = false;
  for (const status of items(pod.status, 'containerStatuses').toReversed()) {
    noteRestarts(fates, status);
    const terminated = deep(status, 'state', 'terminated');
    const waiting = text(deep(status, 'state', 'waiting'), 'reason');
    if (waiting !== '') fates.reason = waiting;
    else if (terminated !== undefined) fates.reason = exitText(terminated);
    else if (flag(status, 'ready') && has(child(status, 'state'), 'running')) {
      running = true;
      fates.ready += 1;
    }
  }
  if (fates.reason === 'Completed' && running) {
    fates.reason = text(condition(pod, 'Ready'), 'status') === 'True' ? 'Running' : 'NotReady';
  }
  return fates;
}

export function podCells(pod: KubeObject, now: number): readonly Json[] {
  const fates = fatesOf(pod);
  const sidecars = items(pod.spec, 'initContainers').filter((it) => text(it, 'restartPolicy') === 'Always');
  const all = items(pod.spec, 'containers').length + sidecars.length;
  const phase = text(pod.status, 'phase');
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (text(pod.status, 'reason') === 'NodeLost') fates.reason = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') fates.reason = 'Terminating';
  }
  const restarts =
    fates.restarts !== 0 && fates.restarted !== ''
      ? `${fates.restarts} (${since(fates.restarted, now)} ago)`
      : String(fates.restarts);
  const gates = items(pod.spec, 'readinessGates');
  const open = gates.filter((gate) => text(condition(pod, text(gate, 'conditionType')), 'status') === 'True');
  return [
    pod.metadata.name ?? '',
    `${fates.ready}/${all}`,
    fates.reason,
    restarts,
    age(pod, now),
    text(items(pod.status, 'podIPs')[0], 'ip') || '<none>',
    text(pod.spec, 'nodeName') || '<none>',
    text(pod.status, 'nominatedNodeName') || '<none>',
    gates.length === 0 ? '<none>' : `${open.length}/${gates.length}`,
  ];
}
