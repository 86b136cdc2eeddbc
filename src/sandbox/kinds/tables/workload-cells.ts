import type { Json, KubeObject } from '../../../objects/json.ts';
import { type Body, child, count, deep, has, items, text } from '../values.ts';
import { age, containerCells, humanDuration, labelsText, selectorWords, since } from './texts.ts';

/** Cells of one object; `now` in ms. */
export type Cells = (object: KubeObject, now: number) => readonly Json[];
export const nameOf = (object: KubeObject): string => object.metadata.name ?? '';
const wide = (object: KubeObject): readonly Json[] => [
  ...containerCells(deep(object.spec, 'template', 'spec')),
  selectorWords(child(object.spec, 'selector')),
];
const hasCondition = (object: KubeObject, type: string): boolean =>
  items(object.status, 'conditions').some((it) => text(it, 'type') === type && text(it, 'status') === 'True');

const jobStatus = (job: KubeObject): string => {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find((type) => hasCondition(job, type)) ?? 'Running';
};
function jobDuration(job: KubeObject, now: number): string {
  const [start, end] = [text(job.status, 'startTime'), text(job.status, 'completionTime')];
  if (start === '') return '';
  return humanDuration((end === '' ? now : Date.parse(end)) - Date.parse(start));
}
function completions(job: KubeObject): string {
  const done = count(job.status, 'succeeded');
  if (has(job.spec, 'completions')) return `${done}/${count(job.spec, 'completions')}`;
  const parallelism = count(job.spec, 'parallelism');
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}
function controllerText(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return '<none>';
  const slash = owner.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
const replicas: Cells = (it, now) => [
  nameOf(it),
  count(it.spec, 'replicas'),
  count(it.status, 'replicas'),
  count(it.status, 'readyReplicas'),
  age(it, now),
];

export const WORKLOAD_CELLS: Readonly<Record<string, Cells>> = {
  'deployments.apps': (it, now) => [
    nameOf(it),
    `${count(it.status, 'readyReplicas')}/${count(it.spec, 'replicas')}`,
    count(it.status, 'updatedReplicas'),
    count(it.status, 'availableReplicas'),
    age(it, now),
    ...wide(it),
  ],
  'replicasets.apps': (it, now) => [...replicas(it, now), ...wide(it)],
  replicationcontrollers: (it, now) => [
    ...replicas(it, now),
    ...containerCells(deep(it.spec, 'template', 'spec')),
    labelsText(child(it.spec, 'selector')),
  ],
  'statefulsets.apps': (it, now) => [
    nameOf(it),
    `${count(it.status, 'readyReplicas')}/${count(it.spec, 'replicas')}`,
    age(it, now),
    ...containerCells(deep(it.spec, 'template', 'spec')),
  ],
  'daemonsets.apps': (it, now) => [
    nameOf(it),
    ...[
      'desiredNumberScheduled',
      'currentNumberScheduled',
      'numberReady',
      'updatedNumberScheduled',
      'numberAvailable',
    ].map((key) => count(it.status, key)),
    labelsText(deep(it.spec, 'template', 'spec', 'nodeSelector')),
    age(it, now),
    ...wide(it),
  ],
  'jobs.batch': (it, now) => [
    nameOf(it),
    jobStatus(it),
    completions(it),
    jobDuration(it, now),
    age(it, now),
    ...wide(it),
  ],
  'cronjobs.batch': (it, now) => [
    nameOf(it),
    text(it.spec, 'schedule'),
    text(it.spec, 'timeZone') || '<none>',
    (it.spec as Body).suspend === true ? 'True' : 'False',
    items(it.status, 'active').length,
    has(it.status, 'lastScheduleTime') ? since(text(it.status, 'lastScheduleTime'), now) : '<none>',
    age(it, now),
    ...containerCells(deep(it.spec, 'jobTemplate', 'spec', 'template', 'spec')),
    selectorWords(deep(it.spec, 'jobTemplate', 'spec', 'selector')),
  ],
  'controllerrevisions.apps': (it, now) => [nameOf(it), controllerText(it), count(it, 'revision'), age(it, now)],
  podtemplates: (it) => [
    nameOf(it),
    ...containerCells(deep(it, 'template', 'spec')),
    labelsText(deep(it, 'template', 'metadata', 'labels')),
  ],
  'poddisruptionbudgets.policy': (it, now) => [
    nameOf(it),
    has(it.spec, 'minAvailable') ? String((it.spec as Body).minAvailable) : 'N/A',
    has(it.spec, 'maxUnavailable') ? String((it.spec as Body).maxUnavailable) : 'N/A',
    count(it.status, 'disruptionsAllowed'),
    age(it, now),
  ],
};
