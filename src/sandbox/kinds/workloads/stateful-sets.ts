import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { dnsLabel } from '../../schema/metadata/names.ts';
import { each, forbiddenField, invalidValue, nonNegative, notSupported } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { withStatus } from '../plain-rules.ts';
import { defaultTemplate, validateTemplate } from '../pods/pod-template.ts';
import { validateClaimSpec } from '../storage/claim-spec.ts';
import { type Body, child, count, fill, fillEmpty, items, made, text } from '../values.ts';
import { validateCounters, validateLasting, validateOwnSelector, validateTemplateLabels } from './replicas.ts';

function defaults(set: Body): void {
  const spec = made(set, 'spec');
  fillEmpty(spec, 'podManagementPolicy', 'OrderedReady');
  const strategy = made(spec, 'updateStrategy');
  if (text(strategy, 'type') === '') {
    strategy.type = 'RollingUpdate';
    fill(strategy, 'rollingUpdate', {});
  }
  const rolling = child(strategy, 'rollingUpdate');
  if (strategy.type === 'RollingUpdate' && rolling !== undefined) fill(rolling, 'partition', 0);
  const retention = made(spec, 'persistentVolumeClaimRetentionPolicy');
  fillEmpty(retention, 'whenDeleted', 'Retain');
  fillEmpty(retention, 'whenScaled', 'Retain');
  fill(spec, 'replicas', 1);
  fill(spec, 'revisionHistoryLimit', 10);
  defaultTemplate(made(spec, 'template'));
  for (const claim of items(spec, 'volumeClaimTemplates')) {
    fillEmpty(claim, 'apiVersion', 'v1');
    fillEmpty(claim, 'kind', 'PersistentVolumeClaim');
    fillEmpty(made(claim, 'status'), 'phase', 'Pending');
    fill(made(claim, 'spec'), 'volumeMode', 'Filesystem');
  }
}

function validate(set: KubeObject, updating: boolean): Problem[] {
  const spec = child(set, 'spec') ?? {};
  const found: Problem[] = [];
  const management = text(spec, 'podManagementPolicy');
  if (management !== 'OrderedReady' && management !== 'Parallel') {
    found.push(invalidValue('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'"));
  }
  found.push(...strategy(child(spec, 'updateStrategy') ?? {}));
  for (const key of ['whenDeleted', 'whenScaled']) {
    const policy = text(child(spec, 'persistentVolumeClaimRetentionPolicy'), key);
    if (policy !== 'Retain' && policy !== 'Delete') {
      found.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${key}`, policy, ['Retain', 'Delete']));
    }
  }
  if (!updating) {
    items(spec, 'volumeClaimTemplates').forEach((claim, at) => {
      found.push(...validateClaimSpec(child(claim, 'spec') ?? {}, `spec.volumeClaimTemplates[${at}].spec`));
    });
  }
  found.push(...nonNegative('spec.replicas', count(spec, 'replicas')));
  found.push(...nonNegative('spec.minReadySeconds', count(spec, 'minReadySeconds')));
  found.push(...nonNegative('spec.ordinals.start', count(child(spec, 'ordinals'), 'start')));
  const service = text(spec, 'serviceName');
  if (!updating && service !== '') found.push(...each('spec.serviceName', service, dnsLabel(service)));
  found.push(...validateOwnSelector(spec, 'statefulset'), ...validateTemplateLabels(spec));
  found.push(...validateTemplate(withClaims(spec), 'spec.template'), ...validateLasting(spec, 'StatefulSet'));
  return found;
}

/** The template as its Pods will be: claims are volumes, hostname and subdomain are the set's. */
function withClaims(spec: Body): Body {
  const template = child(spec, 'template') ?? {};
  const pod = { ...child(template, 'spec') };
  delete pod.hostname;
  delete pod.subdomain;
  const claims = items(spec, 'volumeClaimTemplates').map((claim) => text(child(claim, 'metadata'), 'name'));
  if (claims.length > 0) {
    pod.volumes = [
      ...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
      ...items(pod, 'volumes').filter((volume) => !claims.includes(text(volume, 'name'))),
    ];
  }
  return { ...template, spec: pod };
}

function strategy(it: Body): Problem[] {
  const type = text(it, 'type');
  const rolling = child(it, 'rollingUpdate');
  if (type === 'OnDelete') {
    if (rolling === undefined) return [];
    return [
      invalidValue(
        'spec.updateStrategy.rollingUpdate',
        { Partition: count(rolling, 'partition'), MaxUnavailable: null },
        "only allowed for updateStrategy 'RollingUpdate'",
      ),
    ];
  }
  if (type !== 'RollingUpdate') {
    return [
      invalidValue(
        'spec.updateStrategy',
        { Type: type, RollingUpdate: rolling ?? null },
        "must be 'RollingUpdate' or 'OnDelete'",
      ),
    ];
  }
  return nonNegative('spec.updateStrategy.rollingUpdate.partition', count(rolling, 'partition'));
}

const MAY_CHANGE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const rest = (spec: Body): Body =>
  Object.fromEntries(Object.entries(spec).filter(([key]) => !MAY_CHANGE.includes(key)));

function validateUpdate(next: KubeObject, before: KubeObject): Problem[] {
  const found = validate(next, true);
  const [now, was] = [child(next, 'spec') ?? {}, child(before, 'spec') ?? {}];
  if (sameJson(rest(now) as Json, rest(was) as Json)) return found;
  const said =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [...found, forbiddenField('spec', said)];
}

const COUNTERS = [
  'replicas',
  'readyReplicas',
  'currentReplicas',
  'updatedReplicas',
  'availableReplicas',
  'observedGeneration',
  'collisionCount',
];
const BELOW = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'];

export const STATEFUL_SETS = withStatus('apps/statefulsets', {
  defaults,
  prepareCreate(set) {
    set.status = { replicas: 0, availableReplicas: 0 };
  },
  validateCreate: (set) => validate(set, false),
  validateUpdate,
  validateStatus(next) {
    const status = child(next, 'status');
    const found = validateCounters(status, COUNTERS, BELOW);
    if (count(status, 'availableReplicas') > count(status, 'readyReplicas')) {
      found.push(
        invalidValue(
          'status.availableReplicas',
          count(status, 'availableReplicas'),
          'cannot be greater than status.readyReplicas',
        ),
      );
    }
    return found;
  },
});
