import type { KubeObject } from '../../../objects/json.ts';
import { timestamp } from '../../clock.ts';
import { invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { child, count, deep, fill, text } from '../values.ts';

function validateApiService(service: KubeObject): Problem[] {
  const spec = child(service, 'spec');
  const [name, wanted] = [service.metadata.name ?? '', `${text(spec, 'version')}.${text(spec, 'group')}`];
  const found: Problem[] = [];
  if (name !== wanted)
    found.push(
      invalidValue('metadata.name', name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`),
    );
  const within = (key: string, most: number): void => {
    const value = count(spec, key);
    if (value <= 0 || value > most)
      found.push(invalidValue(`spec.${key}`, value, `must be positive and less than ${most}`));
  };
  within('groupPriorityMinimum', 20_000);
  within('versionPriority', 1000);
  return found;
}

export const API_SERVICES = rulesOf('apiregistration.k8s.io/apiservices', {
  validateCreate: validateApiService,
  validateUpdate: validateApiService,
  defaults(service) {
    const reference = deep(service, 'spec', 'service');
    if (reference !== undefined) fill(reference, 'port', 443);
  },
  /** What this server serves itself is always there. */
  prepareCreate(service, { now }) {
    service.status = {};
    if (deep(service, 'spec', 'service') !== undefined) return;
    const message = 'Local APIServices are always available';
    const said = { type: 'Available', status: 'True', reason: 'Local', message };
    service.status.conditions = [{ ...said, lastTransitionTime: timestamp(now) }];
  },
  prepareUpdate: keepStatus,
});
