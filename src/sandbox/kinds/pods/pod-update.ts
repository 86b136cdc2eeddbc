import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { forbiddenField, invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { innerLines } from '../differences/inner-text.ts';
import { unifiedDiff } from '../differences/unified-diff.ts';
import { type Body, child, count, has, items, made, text } from '../values.ts';
import { validateAnnotationChanges } from './pod-annotations.ts';
import { validatePodAsUpdate } from './pod-spec.ts';

const MAY_CHANGE =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Almost nothing of a Pod's spec may change. The message goes on with a diff of the server's inner values. */
export function validatePodUpdate(next: KubeObject, before: KubeObject): Problem[] {
  const found = [...validatePodAsUpdate(next), ...validateAnnotationChanges(next, before)];
  const [now, was] = [child(next, 'spec') ?? {}, child(before, 'spec') ?? {}];
  for (const key of ['containers', 'initContainers']) {
    if (items(now, key).length !== items(was, key).length) {
      return [...found, forbiddenField(`spec.${key}`, 'pod updates may not add or remove containers')];
    }
    items(now, key).forEach((container, at) => {
      if (text(container, 'image') === '') found.push(required(`spec.${key}[${at}].image`));
    });
  }
  if (has(now, 'activeDeadlineSeconds')) {
    const seconds = count(now, 'activeDeadlineSeconds');
    if (has(was, 'activeDeadlineSeconds') && count(was, 'activeDeadlineSeconds') < seconds) {
      return [
        ...found,
        invalidValue('spec.activeDeadlineSeconds', seconds, 'must be less than or equal to previous value'),
      ];
    }
  } else if (has(was, 'activeDeadlineSeconds')) {
    found.push(
      invalidValue('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value'),
    );
  }
  const tolerations = items(now, 'tolerations');
  if (!items(was, 'tolerations').every((old) => tolerations.some((it) => sameToleration(it, old)))) {
    found.push(
      forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'),
    );
  }
  const gates = new Set(items(was, 'schedulingGates').map((gate) => text(gate, 'name')));
  items(now, 'schedulingGates').forEach((gate, at) => {
    if (gates.has(text(gate, 'name'))) return;
    found.push(
      forbiddenField(
        `spec.schedulingGates[${at}].name`,
        `only deletion is allowed, but found new scheduling gate '${text(gate, 'name')}'`,
      ),
    );
  });
  if (!sameJson(munged(now, was) as Json, munged(was, was) as Json)) {
    const diff = unifiedDiff(innerLines(was, 'PodSpec'), innerLines(compared(now, was), 'PodSpec'));
    found.push(forbiddenField('spec', `pod updates may not change fields other than ${MAY_CHANGE}\n${diff}`));
  }
  return found;
}
const sameToleration = (a: Body, b: Body): boolean =>
  ['key', 'operator', 'value', 'effect'].every((key) => text(a, key) === text(b, key));

/** The new spec as the server compares it: with the old values of what may change. */
function compared(now: Body, was: Body): Body {
  const made: Body = { ...now };
  for (const key of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) {
    if (was[key] === undefined) delete made[key];
    else made[key] = was[key];
  }
  for (const key of ['containers', 'initContainers']) {
    if (made[key] === undefined) continue;
    const images = items(was, key).map((container) => text(container, 'image'));
    made[key] = items(now, key).map((container, at) => ({ ...container, image: images[at] ?? '' }));
  }
  return made;
}

/** The spec with everything that may change as it was. */
function munged(spec: Body, was: Body): Body {
  const { activeDeadlineSeconds: _, tolerations: __, schedulingGates: ___, ...rest } = spec;
  const gated = items(was, 'schedulingGates').length > 0;
  if (gated) {
    delete rest.nodeSelector;
    delete rest.affinity;
  }
  for (const key of ['containers', 'initContainers']) {
    if (rest[key] !== undefined) rest[key] = items(spec, key).map((container) => ({ ...container, image: '' }));
  }
  return rest;
}

/** A Pod counts every change of its spec, through whatever door. */
export function nextPodGeneration(next: Body, before: KubeObject): void {
  const generation = before.metadata.generation ?? 0;
  const changed = !sameJson((next.spec ?? null) as Json, (before.spec ?? null) as Json);
  const meta = made(next, 'metadata');
  if (changed) meta.generation = generation + 1;
  else if (generation !== 0) meta.generation = generation;
}
