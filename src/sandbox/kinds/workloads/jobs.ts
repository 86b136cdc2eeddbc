import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { IMMUTABLE, invalidValue, nonNegative, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { innerTemplate } from '../differences/inner-text.ts';
import { withStatus } from '../plain-rules.ts';
import { defaultTemplate, validateTemplate } from '../pods/pod-template.ts';
import { selectorText, selects, sortedMap } from '../selectors.ts';
import { type Body, child, count, deep, entries, fill, has, made, text } from '../values.ts';
import { validateJobStatus } from './job-status.ts';

const UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'];
const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'];

/** Defaults of a Job's spec; those of a CronJob's template are the template's of its Pods only. */
function defaults(job: Body): void {
  const spec = made(job, 'spec');
  if (!has(spec, 'completions') && !has(spec, 'parallelism')) spec.completions = 1;
  fill(spec, 'parallelism', 1);
  fill(spec, 'backoffLimit', has(spec, 'backoffLimitPerIndex') ? 2_147_483_647 : 6);
  const labels = deep(spec, 'template', 'metadata', 'labels');
  const meta = made(job, 'metadata');
  if (labels !== undefined && entries(meta, 'labels').length === 0) meta.labels = labels;
  fill(spec, 'completionMode', 'NonIndexed');
  fill(spec, 'suspend', false);
  fill(spec, 'podReplacementPolicy', has(spec, 'podFailurePolicy') ? 'Failed' : 'TerminatingOrFailed');
  fill(spec, 'manualSelector', false);
  defaultTemplate(made(spec, 'template'));
}

/** A Job finds its Pods by its own UID; name and UID must stand in the metadata by now. */
function generateSelector(job: Body): void {
  const spec = made(job, 'spec');
  if (spec.manualSelector === true) return;
  const { name = '', uid = '' } = made(job, 'metadata');
  const labels = made(made(made(spec, 'template'), 'metadata'), 'labels');
  for (const label of NAME_LABELS) fill(labels, label, name);
  for (const label of UID_LABELS) fill(labels, label, uid);
  fill(made(made(spec, 'selector'), 'matchLabels'), 'batch.kubernetes.io/controller-uid', uid);
  // The stored Job is given defaults when it is read, and by then its template has labels.
  const meta = made(job, 'metadata');
  if (entries(meta, 'labels').length === 0) meta.labels = labels;
}

function validateGenerated(job: KubeObject): Problem[] {
  const spec = child(job, 'spec') ?? {};
  const selector = child(spec, 'selector');
  if (spec.manualSelector === true || selector === undefined) return [];
  const { name = '', uid = '' } = job.metadata;
  const labels = deep(spec, 'template', 'metadata', 'labels') ?? {};
  const found: Problem[] = [];
  const expected = {
    [UID_LABELS[0] ?? '']: uid,
    [NAME_LABELS[0] ?? '']: name,
    [UID_LABELS[1] ?? '']: uid,
    [NAME_LABELS[1] ?? '']: name,
  };
  for (const [label, value] of Object.entries(expected)) {
    if (labels[label] === value) continue;
    const field = 'spec.template.metadata.labels';
    if (labels[label] === undefined) found.push(required(`${field}[${label}]`, `must be '${value}'`));
    else found.push(invalidValue(`${field}[${label}]`, sortedMap(labels), `must be '${value}'`));
  }
  if (!selects(selector, expected)) {
    found.push(invalidValue('spec.selector', selectorText(selector), '`selector` not auto-generated'));
  }
  return found;
}

/** The spec of a Job or of a CronJob's template, below `field`. */
export function validateJobSpec(spec: Body, field: string): Problem[] {
  const keys = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ];
  const found = keys.flatMap((key) => nonNegative(`${field}.${key}`, count(spec, key)));
  const mode = text(spec, 'completionMode');
  if (mode !== '' && mode !== 'NonIndexed' && mode !== 'Indexed') {
    found.push(notSupported(`${field}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  }
  if (mode === 'Indexed' && !has(spec, 'completions')) {
    found.push(required(`${field}.completions`, 'when completion mode is Indexed'));
  }
  if (mode !== 'Indexed') {
    for (const key of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
      if (has(spec, key))
        found.push(invalidValue(`${field}.${key}`, count(spec, key), 'requires indexed completion mode'));
    }
  }
  found.push(...validateTemplate(child(spec, 'template'), `${field}.template`));
  const restart = text(deep(spec, 'template', 'spec'), 'restartPolicy');
  const place = `${field}.template.spec.restartPolicy`;
  if (restart === 'Always' || restart === '') found.push(required(place, 'valid values: "OnFailure", "Never"'));
  else if (restart !== 'OnFailure' && restart !== 'Never')
    found.push(notSupported(place, restart, ['OnFailure', 'Never']));
  else if (has(spec, 'podFailurePolicy') && restart !== 'Never') {
    found.push(invalidValue(place, restart, 'only "Never" is supported when podFailurePolicy is specified'));
  }
  return found;
}

function validate(job: KubeObject): Problem[] {
  return [...validateGenerated(job), ...validateSpec(child(job, 'spec') ?? {})];
}

function validateSpec(spec: Body): Problem[] {
  const found: Problem[] = [];
  const selector = child(spec, 'selector');
  if (selector === undefined) found.push(required('spec.selector'));
  found.push(...validateJobSpec(spec, 'spec'));
  const labels = deep(spec, 'template', 'metadata', 'labels');
  if (selector !== undefined && !selects(selector, labels)) {
    found.push(
      invalidValue('spec.template.metadata.labels', sortedMap(labels), '`selector` does not match template `labels`'),
    );
  }
  return found;
}

const FIXED = [
  'selector',
  'template',
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
];

/** Where its Pods may run can be said until a suspended Job has started. */
const DIRECTIVES = ['nodeSelector', 'tolerations', 'schedulingGates'];

function sameTemplate(now: Body | undefined, was: Body | undefined, free: boolean): boolean {
  if (!free) return sameJson((now ?? null) as Json, (was ?? null) as Json);
  const fixed = (template: Body | undefined): Json => {
    const { labels: _, annotations: __, ...metadata } = child(template, 'metadata') ?? {};
    const spec: Body = { ...child(template, 'spec') };
    for (const key of DIRECTIVES) delete spec[key];
    const { nodeAffinity: ___, ...affinity } = child(spec, 'affinity') ?? {};
    delete spec.affinity;
    return { metadata, spec, affinity } as Json;
  };
  return sameJson(fixed(now), fixed(was));
}

const sortedTemplate = (template: Body | undefined): Body => {
  const labels = deep(template, 'metadata', 'labels');
  const metadata = { ...child(template, 'metadata') };
  if (labels !== undefined) metadata.labels = sortedMap(labels) as Body;
  return { ...template, metadata };
};

function validateUpdate(next: KubeObject, before: KubeObject): Problem[] {
  const [now, was] = [child(next, 'spec') ?? {}, child(before, 'spec') ?? {}];
  // Once as a whole object and once as an update: causes come twice.
  const found = [...validate(next), ...validateSpec(now)];
  const free = was.suspend === true && !has(child(before, 'status'), 'startTime');
  const same = (key: string): boolean => sameJson((now[key] ?? null) as Json, (was[key] ?? null) as Json);
  if (
    !same('completions') &&
    (text(was, 'completionMode') !== 'Indexed' || count(now, 'completions') !== count(now, 'parallelism'))
  ) {
    found.push(invalidValue('spec.completions', now.completions, IMMUTABLE));
  }
  for (const key of FIXED) {
    if (key === 'template') {
      if (sameTemplate(child(now, key), child(was, key), free)) continue;
      found.push(invalidValue('spec.template', innerTemplate(sortedTemplate(child(now, key))), IMMUTABLE));
    } else if (!same(key)) {
      found.push(invalidValue(`spec.${key}`, key === 'selector' ? selectorText(child(now, key)) : now[key], IMMUTABLE));
    }
  }
  return found;
}

export const JOBS = withStatus('batch/jobs', {
  defaults,
  prepareCreate: generateSelector,
  validateCreate: validate,
  validateUpdate,
  validateStatus: validateJobStatus,
  selectable: (job) => ({ 'status.successful': String(count(job.status, 'succeeded')) }),
});
