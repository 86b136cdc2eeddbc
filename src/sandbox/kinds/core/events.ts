import type { KubeObject } from '../../../objects/json.ts';
import { dnsSubdomain, qualifiedName } from '../../schema/metadata/names.ts';
import { each, invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { rulesOf } from '../plain-rules.ts';
import { child, has, text } from '../values.ts';

const LONGEST = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

/** What all versions ask of an Event; one with a time of its own is of the newer sort. */
function validate(event: KubeObject): Problem[] {
  const about = text(child(event, 'involvedObject'), 'namespace');
  const namespace = event.metadata.namespace ?? '';
  const elsewhere = [invalidValue('involvedObject.namespace', about, 'does not match event.namespace')];
  const spaced = each('namespace', namespace, dnsSubdomain(namespace));
  if (!has(event, 'eventTime'))
    return [...(about === namespace || (about === '' && namespace === 'default') ? [] : elsewhere), ...spaced];
  const found: Problem[] = about === '' && namespace !== 'default' && namespace !== 'kube-system' ? elsewhere : [];
  const reporter = text(event, 'reportingComponent');
  if (reporter === '') found.push(required('reportingComponent'));
  found.push(...each('reportingComponent', reporter, qualifiedName(reporter)));
  for (const key of ['reportingInstance', 'action', 'reason'] as const)
    if (text(event, key) === '') found.push(required(key));
    else if (text(event, key).length > LONGEST[key])
      found.push(invalidValue(key, '', `can have at most ${LONGEST[key]} characters`));
  if (text(event, 'message').length > LONGEST.message)
    found.push(invalidValue('message', '', `can have at most ${LONGEST.message} characters`));
  return [...found, ...spaced];
}

export const EVENTS = rulesOf('events', {
  createOnUpdate: true,
  selectable(event) {
    const about = child(event, 'involvedObject');
    const named = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
    return {
      ...Object.fromEntries(named.map((key) => [`involvedObject.${key}`, text(about, key)])),
      reason: text(event, 'reason'),
      reportingComponent: text(event, 'reportingComponent') || text(child(event, 'source'), 'component'),
      source: text(child(event, 'source'), 'component') || text(event, 'reportingComponent'),
      type: text(event, 'type'),
    };
  },
  validateCreate: validate,
  validateUpdate: validate,
});
