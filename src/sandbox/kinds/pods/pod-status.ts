import type { KubeObject } from '../../../objects/json.ts';
import { dnsSubdomain, qualifiedName } from '../../schema/metadata/names.ts';
import { each, forbiddenField, IMMUTABLE, invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { isIP } from '../services/cidr.ts';
import { IP_SENTENCE } from '../services/validate.ts';
import { type Body, child, count, has, items, text } from '../values.ts';

const SYSTEM = ['PodScheduled', 'Ready', 'Initialized'];

function conditionProblems(status: Body | undefined): Problem[] {
  return items(status, 'conditions').flatMap((condition, at) => {
    const type = text(condition, 'type');
    const field = `status.conditions[${at}]`;
    const found: Problem[] = [];
    const seen = count(condition, 'observedGeneration');
    if (seen < 0) found.push(invalidValue(`${field}.observedGeneration`, seen, 'must be a non-negative integer'));
    if (!SYSTEM.includes(type)) found.push(...each(`${field}.Type`, type, qualifiedName(type)));
    return found;
  });
}

/** Addresses of a Pod or its host; those that were there before may stay as they are. */
function addressProblems(next: KubeObject, before: KubeObject, list: string): Problem[] {
  const ips = items(child(next, 'status'), list).map((one) => text(one, 'ip'));
  const known = new Set(items(child(before, 'status'), list).map((one) => text(one, 'ip')));
  const found = ips.flatMap((ip, at) =>
    known.has(ip) || isIP(ip) ? [] : [invalidValue(`status.${list}[${at}]`, ip, IP_SENTENCE)],
  );
  const six = ips.filter((ip) => ip.includes(':')).length;
  if (ips.length > 2 || (ips.length === 2 && six !== 1)) {
    const told = ips.map((ip) => ({ IP: ip }));
    found.push(invalidValue(`status.${list}`, told, 'may specify no more than one IP for each IP family'));
  }
  return found;
}

/** Whether the Pod's policy starts a container again that ended with this code. */
function restarts(spec: Body | undefined, name: string, code: number): boolean {
  const own = items(spec, 'containers').find((container) => text(container, 'name') === name);
  if (own === undefined) return false;
  const policy = text(own, 'restartPolicy') || text(spec, 'restartPolicy');
  return policy === 'Always' || (policy === 'OnFailure' && code !== 0);
}

/** A container that has ended for good does not run again. */
function transitionProblems(next: KubeObject, before: KubeObject): Problem[] {
  const spec = child(before, 'spec');
  const now = items(child(next, 'status'), 'containerStatuses');
  return items(child(before, 'status'), 'containerStatuses').flatMap((old, at) => {
    const ended = child(child(old, 'state'), 'terminated');
    if (ended === undefined) return [];
    const same = now.find((one) => text(one, 'name') === text(old, 'name'));
    if (same === undefined || has(child(same, 'state'), 'terminated')) return [];
    if (restarts(spec, text(old, 'name'), count(ended, 'exitCode'))) return [];
    return [forbiddenField(`status.containerStatuses[${at}].state`, 'may not be transitioned to non-terminated state')];
  });
}

/** What an update of a Pod's status may not do. */
export function validatePodStatus(next: KubeObject, before: KubeObject): Problem[] {
  const [status, was] = [child(next, 'status'), child(before, 'status')];
  const found = conditionProblems(status);
  const [nominated, old] = [text(status, 'nominatedNodeName'), text(was, 'nominatedNodeName')];
  if (nominated !== '' && nominated !== old) {
    found.push(...each('status.nominatedNodeName', nominated, dnsSubdomain(nominated)));
    if (text(child(before, 'spec'), 'nodeName') !== '') {
      const said = 'may not be set on pods that are already bound to a node';
      found.push(forbiddenField('status.nominatedNodeName', said));
    }
  }
  const seen = count(status, 'observedGeneration');
  if (seen < 0) found.push(invalidValue('status.observedGeneration', seen, 'must be a non-negative integer'));
  const qos = text(status, 'qosClass');
  if (qos !== text(was, 'qosClass')) found.push(invalidValue('status.qosClass', qos, IMMUTABLE));
  found.push(...transitionProblems(next, before), ...addressProblems(next, before, 'podIPs'));
  const hosts = items(status, 'hostIPs').map((one) => text(one, 'ip'));
  if (hosts.length > 0 && hosts[0] !== text(status, 'hostIP'))
    found.push(invalidValue('status.hostIPs[0].ip', hosts[0], 'must be equal to `hostIP`'));
  return [...found, ...addressProblems(next, before, 'hostIPs')];
}
