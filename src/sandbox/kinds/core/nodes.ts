import type { KubeObject } from '../../../objects/json.ts';
import { labelValue, qualifiedName } from '../../schema/metadata/names.ts';
import {
  duplicate,
  each,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { isCIDR } from '../services/cidr.ts';
import { type Body, child, fill, items, made, text, texts } from '../values.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** The server calls the place of taints `metadata.taints`. */
function taintProblems(node: KubeObject): Problem[] {
  const found: Problem[] = [];
  const seen = new Set<string>();
  items(child(node, 'spec'), 'taints').forEach((taint, at) => {
    const field = `metadata.taints[${at}]`;
    const [key, value, effect] = [text(taint, 'key'), text(taint, 'value'), text(taint, 'effect')];
    found.push(...each(`${field}.key`, key, qualifiedName(key)));
    const said = labelValue(value);
    if (said.length > 0) found.push(invalidValue(`${field}.value`, value, said.join(';')));
    if (effect === '') found.push(required(`${field}.effect`));
    else if (!EFFECTS.includes(effect)) found.push(notSupported(`${field}.effect`, effect, EFFECTS));
    const both = `${effect} ${key}`;
    if (seen.has(both)) found.push({ ...duplicate(field, taint) });
    seen.add(both);
  });
  return found;
}

function rangeProblems(node: KubeObject): Problem[] {
  return texts(child(node, 'spec'), 'podCIDRs').flatMap((range, at) =>
    isCIDR(range)
      ? []
      : [
          invalidValue(
            `spec.podCIDRs[${at}]`,
            range,
            'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
          ),
        ],
  );
}

/** What a node was given once stays. */
function validateUpdate(next: KubeObject, before: KubeObject): Problem[] {
  // Once as a whole object and once as an update: causes come twice.
  const found = [...taintProblems(next), ...taintProblems(next)];
  const [now, was] = [child(next, 'spec'), child(before, 'spec')];
  const [ranges, old] = [texts(now, 'podCIDRs'), texts(was, 'podCIDRs')];
  if (old.length > 0 && ranges.join() !== old.join())
    found.push(forbiddenField('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  const provider = text(was, 'providerID');
  if (provider !== '' && provider !== text(now, 'providerID'))
    found.push(forbiddenField('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  return found;
}

export const NODES = rulesOf('nodes', {
  defaults(node) {
    const spec = child(node, 'spec');
    const range = text(spec, 'podCIDR');
    if (range !== '' && texts(spec, 'podCIDRs')[0] !== range) made(node, 'spec').podCIDRs = [range];
    const status = child(node, 'status');
    const capacity = child(status, 'capacity');
    if (status !== undefined && capacity !== undefined) fill(status, 'allocatable', { ...capacity });
  },
  prepareUpdate: keepStatus,
  validateCreate: (node) => [...taintProblems(node), ...rangeProblems(node)],
  validateUpdate,
  selectable: (node) => ({ 'spec.unschedulable': String((node.spec as Body | undefined)?.unschedulable === true) }),
});
