import type { KubeObject } from '../../../objects/json.ts';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../../schema/metadata/names.ts';
import { validateLabels } from '../../schema/metadata/object-meta.ts';
import {
  duplicate,
  each,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, child, count, flag, has, items, text } from '../values.ts';
import { type ContainerRoom, validateContainers, validateInitContainers } from './containers.ts';
import { validatePodAnnotations } from './pod-annotations.ts';
import { validateVolumes } from './volumes.ts';

export function validatePod(pod: KubeObject): Problem[] {
  const spec = child(pod, 'spec') ?? {};
  const found = [...validatePodAnnotations(pod), ...validatePodAsUpdate(pod)];
  if (items(spec, 'ephemeralContainers').length > 0) {
    found.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (text(spec, 'nodeName') !== '' && items(spec, 'schedulingGates').length > 0) {
    found.push(forbiddenField('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  return found;
}

/** What creates and updates of Pods check alike. */
export function validatePodAsUpdate(pod: KubeObject): Problem[] {
  const spec = child(pod, 'spec') ?? {};
  const found = validatePodSpec(spec, 'spec');
  if (text(spec, 'serviceAccountName') === '') {
    items(spec, 'volumes').forEach((volume, at) => {
      items(child(volume, 'projected'), 'sources').forEach((source, index) => {
        if (!has(source, 'serviceAccountToken')) return;
        const field = `spec.volumes[${at}].projected.sources[${index}].serviceAccountToken`;
        found.push(forbiddenField(field, 'must not be specified when serviceAccountName is not set'));
      });
    });
  }
  for (const key of ['containers', 'initContainers']) {
    items(spec, key).forEach((container, at) => {
      const image = text(container, 'image');
      if (image !== '' && image.trim().length !== image.length) {
        found.push(invalidValue(`spec.${key}[${at}].image`, image, 'must not have leading or trailing whitespace'));
      }
    });
  }
  return found;
}

/** Findings about a pod spec, of a Pod or a template, in the server's order. */
export function validatePodSpec(spec: Body, field: string): Problem[] {
  const volumes = validateVolumes(items(spec, 'volumes'), `${field}.volumes`);
  const room: ContainerRoom = { volumes: volumes.names, hostNetwork: flag(spec, 'hostNetwork') };
  const found: Problem[] = [
    ...volumes.found,
    ...validateContainers(items(spec, 'containers'), `${field}.containers`, room),
    ...validateInitContainers(
      items(spec, 'initContainers'),
      items(spec, 'containers'),
      `${field}.initContainers`,
      room,
    ),
  ];
  if (flag(spec, 'hostNetwork')) found.push(...hostPorts(spec, field));
  const restart = text(spec, 'restartPolicy');
  if (!['Always', 'OnFailure', 'Never'].includes(restart)) {
    found.push(notSupported(`${field}.restartPolicy`, restart, ['Always', 'OnFailure', 'Never']));
  }
  const dns = text(spec, 'dnsPolicy');
  const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
  if (!dnsPolicies.includes(dns)) found.push(notSupported(`${field}.dnsPolicy`, dns, dnsPolicies));
  found.push(
    ...validateLabels(child(spec, 'nodeSelector') as Record<string, string> | undefined, `${field}.nodeSelector`),
  );
  items(spec, 'imagePullSecrets').forEach((secret, at) => {
    if (text(secret, 'name') === '') found.push(required(`${field}.imagePullSecrets[${at}].name`));
  });
  const gates = new Set<string>();
  items(spec, 'schedulingGates').forEach((gate, at) => {
    const name = text(gate, 'name');
    const place = `${field}.schedulingGates[${at}]`;
    if (name === '') found.push(required(place, 'must not be empty'));
    else found.push(...each(place, name, qualifiedName(name)));
    if (gates.has(name)) found.push(duplicate(place, name));
    gates.add(name);
  });
  found.push(...spread(spec, field), ...names(spec, field));
  if (has(spec, 'activeDeadlineSeconds')) {
    const seconds = count(spec, 'activeDeadlineSeconds');
    if (seconds < 1 || seconds > 2_147_483_647) {
      found.push(
        invalidValue(`${field}.activeDeadlineSeconds`, seconds, 'must be between 1 and 2147483647, inclusive'),
      );
    }
  }
  for (const key of ['hostname', 'subdomain']) {
    const value = text(spec, key);
    if (value !== '') found.push(...each(`${field}.${key}`, value, dnsLabel(value)));
  }
  items(spec, 'tolerations').forEach((it, at) => {
    found.push(...toleration(it, `${field}.tolerations[${at}]`));
  });
  for (const key of ['priorityClassName', 'runtimeClassName']) {
    const value = text(spec, key);
    if (value !== '') found.push(...each(`${field}.${key}`, value, dnsSubdomain(value)));
  }
  const preemption = text(spec, 'preemptionPolicy');
  if (preemption !== '' && preemption !== 'PreemptLowerPriority' && preemption !== 'Never') {
    found.push(notSupported(`${field}.preemptionPolicy`, preemption, ['PreemptLowerPriority', 'Never']));
  }
  return found;
}

function names(spec: Body, field: string): Problem[] {
  return ['serviceAccountName', 'nodeName'].flatMap((key) => {
    const value = text(spec, key);
    return value === '' ? [] : each(`${field}.${key}`, value, dnsSubdomain(value));
  });
}
function hostPorts(spec: Body, field: string): Problem[] {
  return items(spec, 'containers').flatMap((container, at) =>
    items(container, 'ports').flatMap((port, index) =>
      count(port, 'hostPort') === count(port, 'containerPort')
        ? []
        : [
            invalidValue(
              `${field}.containers[${at}].ports[${index}].hostPort`,
              count(port, 'hostPort'),
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ],
    ),
  );
}
function spread(spec: Body, field: string): Problem[] {
  const found: Problem[] = [];
  items(spec, 'topologySpreadConstraints').forEach((constraint, at) => {
    const place = `${field}.topologySpreadConstraints[${at}]`;
    const skew = count(constraint, 'maxSkew');
    if (skew <= 0) found.push(invalidValue(`${place}.maxSkew`, skew, 'must be greater than zero'));
    if (text(constraint, 'topologyKey') === '') found.push(required(`${place}.topologyKey`, 'can not be empty'));
    const action = text(constraint, 'whenUnsatisfiable');
    if (action !== 'DoNotSchedule' && action !== 'ScheduleAnyway') {
      found.push(notSupported(`${place}.whenUnsatisfiable`, action, ['DoNotSchedule', 'ScheduleAnyway']));
    }
  });
  return found;
}
function toleration(it: Body, place: string): Problem[] {
  const found: Problem[] = [];
  const [key, operator, effect, value] = [text(it, 'key'), text(it, 'operator'), text(it, 'effect'), text(it, 'value')];
  if (key !== '') found.push(...each(`${place}.key`, key, qualifiedName(key)));
  if (key === '' && operator !== 'Exists') {
    found.push(
      invalidValue(
        `${place}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  }
  if (has(it, 'tolerationSeconds') && effect !== 'NoExecute') {
    found.push(invalidValue(`${place}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === '' || operator === 'Equal') {
    const said = labelValue(value);
    if (said.length > 0) found.push(invalidValue(`${place}.operator`, value, said.join(';')));
  } else if (operator === 'Exists') {
    if (value !== '')
      found.push(invalidValue(`${place}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else found.push(notSupported(`${place}.operator`, operator, ['Equal', 'Exists']));
  const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
  if (effect !== '' && !effects.includes(effect)) found.push(notSupported(`${place}.effect`, effect, effects));
  return found;
}
