import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { duplicate, IMMUTABLE, invalidValue, nonNegative, required } from '../../schema/metadata/problems.ts';
import { OMITTED, type Problem } from '../../status/problem.ts';
import { type Body, child, count, has, items, text, texts } from '../values.ts';
import { indexesProblem, overlapProblem } from './job-indexes.ts';

interface Facts {
  readonly spec: Body;
  readonly status: Body;
  readonly complete: boolean;
  readonly failed: boolean;
  readonly failureTarget: boolean;
  readonly successMet: boolean;
}
function factsOf(job: KubeObject): Facts {
  const status = child(job, 'status') ?? {};
  const is = (type: string): boolean =>
    items(status, 'conditions').some((one) => text(one, 'type') === type && text(one, 'status') === 'True');
  return {
    spec: child(job, 'spec') ?? {},
    status,
    complete: is('Complete'),
    failed: is('Failed'),
    failureTarget: is('FailureTarget'),
    successMet: is('SuccessCriteriaMet'),
  };
}
const suspended = (job: KubeObject, value: string): boolean =>
  items(child(job, 'status'), 'conditions').some(
    (one) => text(one, 'type') === 'Suspended' && text(one, 'status') === value,
  );

function counters(status: Body): Problem[] {
  const found = ['active', 'succeeded', 'failed', 'ready', 'terminating'].flatMap((key) =>
    nonNegative(`status.${key}`, count(status, key)),
  );
  const uncounted = child(status, 'uncountedTerminatedPods');
  const seen = new Set<string>();
  for (const key of ['succeeded', 'failed'])
    texts(uncounted, key).forEach((uid, at) => {
      const field = `status.uncountedTerminatedPods.${key}[${at}]`;
      if (uid === '') found.push(invalidValue(field, uid, 'must not be empty'));
      else if (seen.has(uid)) found.push(duplicate(field, uid));
      seen.add(uid);
    });
  return found;
}

/**
 * What a change of a Job's status may not say: each rule is about fields that this write changes, so that an old
 * mistake stops nobody. Order and words of the server.
 */
export function validateJobStatus(next: KubeObject, before: KubeObject): Problem[] {
  const [now, was] = [factsOf(next), factsOf(before)];
  const { spec, status } = now;
  const changed = (key: string): boolean => !sameJson((status[key] ?? null) as Json, (was.status[key] ?? null) as Json);
  const found = counters(status);
  const said = (holds: boolean, detail: string): void => {
    if (holds) found.push(invalidValue('status.conditions', OMITTED, detail));
  };
  const wrong = (holds: boolean, key: string, detail: string): void => {
    if (holds) found.push(invalidValue(`status.${key}`, status[key] ?? null, detail));
  };
  const want = (holds: boolean, key: string, detail: string): void => {
    if (holds) found.push(required(`status.${key}`, detail));
  };
  const [finished, wasFinished] = [now.complete || now.failed, was.complete || was.failed];
  const completes = now.complete !== was.complete;
  const fails = now.failed !== was.failed;
  const ends = finished !== wasFinished;
  const [started, ended] = [text(status, 'startTime'), text(status, 'completionTime')];
  const timed = completes || changed('completionTime');
  said((completes || fails) && now.complete && now.failed, 'cannot set Complete=True and Failed=true conditions');
  said(
    (completes || now.failureTarget !== was.failureTarget) && now.complete && now.failureTarget,
    'cannot set Complete=True and FailureTarget=true conditions',
  );
  wrong(
    timed && ended !== '' && !now.complete,
    'completionTime',
    'cannot set completionTime when there is no Complete=True condition',
  );
  want(timed && ended === '' && now.complete, 'completionTime', 'completionTime is required for Complete jobs');
  wrong(
    (changed('startTime') || changed('completionTime')) &&
      started !== '' &&
      ended !== '' &&
      Date.parse(ended) < Date.parse(started),
    'completionTime',
    'must be equal to or after `startTime`',
  );
  said(
    (fails || changed('failedIndexes')) && now.failed && !now.failureTarget,
    'cannot set Failed=True condition without the FailureTarget=true condition',
  );
  said(
    (completes || now.successMet !== was.successMet) && now.complete && !now.successMet,
    'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  );
  const active = count(status, 'active');
  wrong((ends || changed('active')) && active > 0 && finished, 'active', 'active>0 is invalid for finished job');
  want(
    (ends || changed('startTime')) && !(spec.suspend === true && spec.completions === 0) && started === '' && finished,
    'startTime',
    'startTime is required for finished job',
  );
  const uncounted = child(status, 'uncountedTerminatedPods');
  if (
    (ends || changed('uncountedTerminatedPods')) &&
    finished &&
    texts(uncounted, 'failed').length + texts(uncounted, 'succeeded').length > 0
  ) {
    const told = { Succeeded: uncounted?.succeeded ?? null, Failed: uncounted?.failed ?? null };
    found.push(invalidValue('status.uncountedTerminatedPods', told, 'must be empty for finished job'));
  }
  found.push(...indexProblems(spec, status, changed('completedIndexes'), changed('failedIndexes')));
  wrong(
    (ends || changed('terminating')) && count(status, 'terminating') > 0 && finished,
    'terminating',
    'terminating>0 is invalid for finished job',
  );
  wrong(
    (changed('ready') || changed('active')) && has(status, 'ready') && count(status, 'ready') > active,
    'ready',
    'cannot set more ready pods than active',
  );
  said(now.successMet && now.failed, 'cannot set SuccessCriteriaMet=True and Failed=true conditions');
  said(now.successMet && now.failureTarget, 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
  said(
    has(spec, 'successPolicy') && !now.successMet && now.complete,
    'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
  );
  for (const [type, did, does] of [
    ['Failed', was.failed, now.failed],
    ['Complete', was.complete, now.complete],
    ['FailureTarget', was.failureTarget, now.failureTarget],
  ] as const)
    said(did && !does, `cannot disable the terminal ${type}=True condition`);
  wrong(count(status, 'failed') < count(was.status, 'failed'), 'failed', 'cannot decrease the failed counter');
  const scaled = text(spec, 'completionMode') === 'Indexed' && spec.completions === spec.parallelism;
  wrong(
    !scaled && count(status, 'succeeded') < count(was.status, 'succeeded'),
    'succeeded',
    'cannot decrease the succeeded counter',
  );
  wrong(
    ended !== '' && text(was.status, 'completionTime') !== '' && changed('completionTime'),
    'completionTime',
    IMMUTABLE,
  );
  const resumes = suspended(before, 'True') && suspended(next, 'False');
  want(
    text(was.status, 'startTime') !== '' && changed('startTime') && !resumes && spec.suspend !== true,
    'startTime',
    'startTime cannot be removed for unsuspended job',
  );
  said(was.successMet && !now.successMet, 'cannot disable the SuccessCriteriaMet=True condition');
  said(
    was.complete && !was.successMet && now.successMet,
    'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions',
  );
  return found;
}

function indexProblems(spec: Body, status: Body, ofCompleted: boolean, ofFailed: boolean): Problem[] {
  const found: Problem[] = [];
  const [done, lost] = [text(status, 'completedIndexes'), text(status, 'failedIndexes')];
  const most = count(spec, 'completions');
  const counted = has(spec, 'completions');
  const wrong = (key: string, value: string, detail: string): void => {
    found.push(invalidValue(`status.${key}`, value, detail));
  };
  const perIndex = has(spec, 'backoffLimitPerIndex');
  if (ofCompleted && counted) {
    const why = indexesProblem(done, most);
    if (why !== undefined) wrong('completedIndexes', done, `error parsing completedIndexes: ${why}`);
  }
  if (ofFailed && counted && perIndex && has(status, 'failedIndexes')) {
    const why = indexesProblem(lost, most);
    if (why !== undefined) wrong('failedIndexes', lost, `error parsing failedIndexes: ${why}`);
  }
  if (ofCompleted && done !== '' && text(spec, 'completionMode') !== 'Indexed')
    wrong('completedIndexes', done, 'cannot set non-empty completedIndexes when non-indexed completion mode');
  if (ofFailed && !perIndex && has(status, 'failedIndexes'))
    wrong('failedIndexes', lost, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null');
  if ((ofFailed || ofCompleted) && counted && has(status, 'failedIndexes')) {
    const why = overlapProblem(done, lost, most);
    if (why !== undefined) wrong('failedIndexes', lost, why);
  }
  return found;
}
