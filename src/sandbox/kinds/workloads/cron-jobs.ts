import type { KubeObject } from '../../../objects/json.ts';
import { invalidValue, nonNegative, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { withStatus } from '../plain-rules.ts';
import { defaultTemplate } from '../pods/pod-template.ts';
import { type Body, child, count, deep, fill, fillEmpty, has, made, text } from '../values.ts';
import { scheduleFault } from './cron-schedule.ts';
import { validateJobSpec } from './jobs.ts';

function defaults(job: Body): void {
  const spec = made(job, 'spec');
  fillEmpty(spec, 'concurrencyPolicy', 'Allow');
  fill(spec, 'suspend', false);
  fill(spec, 'successfulJobsHistoryLimit', 3);
  fill(spec, 'failedJobsHistoryLimit', 1);
  defaultTemplate(made(made(made(spec, 'jobTemplate'), 'spec'), 'template'));
}

function validate(job: KubeObject): Problem[] {
  const spec = child(job, 'spec') ?? {};
  const found: Problem[] = [];
  const schedule = text(spec, 'schedule');
  if (schedule === '') found.push(required('spec.schedule'));
  else {
    const fault = scheduleFault(schedule);
    if (fault !== undefined) found.push(invalidValue('spec.schedule', schedule, fault));
    if (schedule.includes('TZ')) {
      found.push(
        invalidValue('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'),
      );
    }
  }
  found.push(...nonNegative('spec.startingDeadlineSeconds', count(spec, 'startingDeadlineSeconds')), ...timeZone(spec));
  const policy = text(spec, 'concurrencyPolicy');
  const policies = ['Allow', 'Forbid', 'Replace'];
  if (!policies.includes(policy)) found.push(notSupported('spec.concurrencyPolicy', policy, policies));
  found.push(...validateJobSpec(deep(spec, 'jobTemplate', 'spec') ?? {}, 'spec.jobTemplate.spec'));
  found.push(...nonNegative('spec.successfulJobsHistoryLimit', count(spec, 'successfulJobsHistoryLimit')));
  found.push(...nonNegative('spec.failedJobsHistoryLimit', count(spec, 'failedJobsHistoryLimit')));
  const name = job.metadata.name ?? '';
  if (name.length > 52) found.unshift(invalidValue('metadata.name', name, 'must be no more than 52 characters'));
  return found;
}
function timeZone(spec: Body): Problem[] {
  const zone = text(spec, 'timeZone');
  if (!has(spec, 'timeZone')) return [];
  if (zone === '') return [invalidValue('spec.timeZone', zone, 'timeZone must be nil or non-empty string')];
  if (zone.toLowerCase() === 'local')
    return [
      invalidValue(
        'spec.timeZone',
        zone,
        'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ),
    ];
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [invalidValue('spec.timeZone', zone, `unknown time zone ${zone}`)];
  }
}

export const CRON_JOBS = withStatus('batch/cronjobs', {
  defaults,
  validateCreate: validate,
  validateUpdate: validate,
});
