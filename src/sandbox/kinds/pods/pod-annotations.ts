import type { KubeObject } from '../../../objects/json.ts';
import { forbiddenField, invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { child, text } from '../values.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** Annotations of a Pod that the server reads. */
export function validatePodAnnotations(pod: KubeObject): Problem[] {
  const annotations = pod.metadata.annotations ?? {};
  const found: Problem[] = [];
  const [mirror, cost] = [annotations[MIRROR], annotations[DELETION_COST]];
  if (mirror !== undefined && text(child(pod, 'spec'), 'nodeName') === '') {
    const said = 'must set spec.nodeName if mirror pod annotation is set';
    found.push(invalidValue(`metadata.annotations[${MIRROR}]`, mirror, said));
  }
  if (cost !== undefined && !isInt32(cost))
    found.push(invalidValue(`metadata.annotations[${DELETION_COST}]`, cost, 'must be a 32bit integer'));
  return found;
}
const isInt32 = (value: string): boolean =>
  /^-?(0|[1-9]\d*)$/.test(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31;

/** Which of them stay as they were when the Pod was made. */
export function validateAnnotationChanges(next: KubeObject, before: KubeObject): Problem[] {
  const [now, was] = [next.metadata.annotations ?? {}, before.metadata.annotations ?? {}];
  const found: Problem[] = [];
  const forbid = (key: string, said: string): void => {
    found.push(forbiddenField(`metadata.annotations[${key}]`, said));
  };
  for (const [key, value] of Object.entries(was)) {
    if (now[key] === value) continue;
    if (key.startsWith(APP_ARMOR)) forbid(key, 'may not remove or update AppArmor annotations');
    if (key === MIRROR) forbid(key, 'may not remove or update mirror pod annotation');
  }
  for (const key of Object.keys(now)) {
    if (Object.hasOwn(was, key)) continue;
    if (key.startsWith(APP_ARMOR)) forbid(key, 'may not add AppArmor annotations');
    if (key === MIRROR) forbid(key, 'may not add mirror pod annotation');
  }
  return [...found, ...validatePodAnnotations(next)];
}
