import { isJsonObject, type Json, type KubeObject, type MutableJson } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { duplicate, forbiddenField, invalidValue, notFoundValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { innerLines } from '../differences/inner-text.ts';
import { unifiedDiff } from '../differences/unified-diff.ts';
import type { SubresourceRules } from '../kind-rules.ts';
import { type Body, child, has, items, made, text } from '../values.ts';
import { validateContainers } from './containers.ts';
import { validatePodAsUpdate } from './pod-spec.ts';
import { nextPodGeneration } from './pod-update.ts';
import { qosClass } from './qos-class.ts';
import { validateVolumes } from './volumes.ts';

const OWN_METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** The Pod as it was, but for what `take` brings from the new one. */
function keepAllBut(next: Body, before: KubeObject, take: (spec: Body, asked: Body) => void): void {
  const asked: Body = isJsonObject(next.spec) ? (next.spec as Body) : {};
  const meta = made(next, 'metadata');
  for (const key of OWN_METADATA) {
    const value = before.metadata[key];
    if (value === undefined) delete meta[key];
    else meta[key] = structuredClone(value) as unknown as MutableJson;
  }
  if (before.status === undefined) delete next.status;
  else next.status = structuredClone(before.status) as MutableJson;
  const spec = structuredClone(before.spec ?? {}) as Body;
  take(spec, asked);
  next.spec = spec;
  nextPodGeneration(next, before);
}

const NOT_EPHEMERAL = ['ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'];

function validateEphemeral(pod: KubeObject): Problem[] {
  const spec = child(pod, 'spec') ?? {};
  const list = items(spec, 'ephemeralContainers');
  const field = 'spec.ephemeralContainers';
  const volumes = validateVolumes(items(spec, 'volumes'), 'spec.volumes').names;
  const found = list.length === 0 ? [] : validateContainers(list, field, { volumes, hostNetwork: false });
  const others = [...items(spec, 'containers'), ...items(spec, 'initContainers')].map((one) => text(one, 'name'));
  const names = new Set(others);
  list.forEach((container, at) => {
    const place = `${field}[${at}]`;
    const [name, target] = [text(container, 'name'), text(container, 'targetContainerName')];
    if (others.includes(name)) found.push(duplicate(`${place}.name`, name));
    names.add(name);
    if (target !== '' && !others.includes(target)) found.push(notFoundValue(`${place}.targetContainerName`, target));
    for (const key of NOT_EPHEMERAL) {
      const value = container[key];
      const empty = value === undefined || (isJsonObject(value) && Object.keys(value).length === 0);
      if (!empty && !(Array.isArray(value) && value.length === 0))
        found.push(forbiddenField(`${place}.${key}`, 'cannot be set for an Ephemeral Container'));
    }
    items(container, 'volumeMounts').forEach((mount, index) => {
      for (const key of ['subPath', 'subPathExpr'])
        if (text(mount, key) !== '')
          found.push(
            forbiddenField(`${place}.volumeMounts[${index}].${key}`, 'cannot be set for an Ephemeral Container'),
          );
    });
  });
  return found;
}

/** /ephemeralcontainers adds containers to look at a Pod with; none of them goes or changes. */
export const EPHEMERAL_CONTAINERS: SubresourceRules = {
  prepare(next, before) {
    keepAllBut(next, before, (spec, asked) => {
      if (has(asked, 'ephemeralContainers')) spec.ephemeralContainers = asked.ephemeralContainers as MutableJson;
      else delete spec.ephemeralContainers;
    });
  },
  validate(next, before) {
    const found = [...validatePodAsUpdate(next), ...validateEphemeral(next)];
    const now = new Map(items(child(next, 'spec'), 'ephemeralContainers').map((one) => [text(one, 'name'), one]));
    for (const old of items(child(before, 'spec'), 'ephemeralContainers')) {
      const [name, same] = [text(old, 'name'), now.get(text(old, 'name'))];
      const told = `existing ephemeral containers ${JSON.stringify(name)}`;
      const field = 'spec.ephemeralContainers';
      if (same === undefined) found.push(forbiddenField(field, `${told} may not be removed\n`));
      else if (!sameJson(same as Json, old as Json)) {
        const diff = unifiedDiff(innerLines(old, 'EphemeralContainer'), innerLines(same, 'EphemeralContainer'));
        found.push(forbiddenField(field, `${told} may not be changed\n${diff}`));
      }
    }
    return found;
  },
};

/** /resize changes what containers ask for, and nothing else. */
export const POD_RESIZE: SubresourceRules = {
  prepare(next, before) {
    keepAllBut(next, before, (spec, asked) => {
      for (const key of ['containers', 'initContainers']) {
        const wanted = items(asked, key);
        const own = items(spec, key);
        if (wanted.length !== own.length) continue;
        own.forEach((container, at) => {
          const one = wanted[at];
          if (one === undefined || text(one, 'name') !== text(container, 'name')) return;
          for (const part of ['resources', 'resizePolicy']) {
            if (one[part] === undefined) delete container[part];
            else container[part] = one[part];
          }
        });
      }
    });
  },
  validate(next, before) {
    const found = [...validatePodAsUpdate(next)];
    const [now, was] = [qosClass(next as unknown as Body), text(child(before, 'status'), 'qosClass')];
    if (now !== was) found.push(invalidValue('spec', was, 'Pod QOS Class may not change as a result of resizing'));
    return found;
  },
};
