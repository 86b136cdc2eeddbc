import type { Json, KubeObject } from '../../../objects/json.ts';
import { type Body, child, count, deep, flag, has, items, text, texts } from '../values.ts';
import { age, humanDuration } from './texts.ts';
import { type Cells, nameOf } from './workload-cells.ts';

const or = (value: string, otherwise: string): string => (value === '' ? otherwise : value);

const binding: Cells = (it, now) => {
  const role = child(it, 'roleRef');
  const subjects = (kind: string): string =>
    items(it, 'subjects')
      .filter((subject) => text(subject, 'kind') === kind)
      .map((subject) => (kind === 'ServiceAccount' ? `${text(subject, 'namespace')}/` : '') + text(subject, 'name'))
      .join(', ');
  return [
    nameOf(it),
    `${text(role, 'kind')}/${text(role, 'name')}`,
    age(it, now),
    subjects('User'),
    subjects('Group'),
    subjects('ServiceAccount'),
  ];
};
const webhooks: Cells = (it, now) => [nameOf(it), items(it, 'webhooks').length, age(it, now)];

function scalerTargets(scaler: KubeObject): string {
  const current = items(scaler.status, 'currentMetrics');
  const told = items(scaler.spec, 'metrics')
    .slice(0, 2)
    .map((metric, at) => {
      const kind = text(metric, 'type');
      const key = kind.charAt(0).toLowerCase() + kind.slice(1);
      const [target, now] = [deep(metric, key, 'target'), deep(current[at], key, 'current')];
      const name = kind === 'Resource' ? `${text(child(metric, key), 'name')}: ` : '';
      if (has(target, 'averageUtilization')) {
        const is = has(now, 'averageUtilization') ? `${count(now, 'averageUtilization')}%` : '<unknown>';
        return `${name}${is}/${count(target, 'averageUtilization')}%`;
      }
      const value = String(target?.averageValue ?? target?.value ?? '');
      return `${name}${String(now?.averageValue ?? now?.value ?? '<unknown>')}/${value}${has(target, 'averageValue') && kind !== 'Resource' && kind !== 'Pods' ? ' (avg)' : ''}`;
    });
  const more = items(scaler.spec, 'metrics').length - told.length;
  if (told.length === 0) return '<none>';
  return told.join(', ') + (more > 0 ? ` + ${more} more...` : '');
}

export const OTHER_CELLS: Readonly<Record<string, Cells>> = {
  'rolebindings.rbac.authorization.k8s.io': binding,
  'clusterrolebindings.rbac.authorization.k8s.io': binding,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhooks,
  'validatingadmissionpolicies.admissionregistration.k8s.io'(it, now) {
    const kind = child(it.spec, 'paramKind');
    const told = kind === undefined ? '<unset>' : `${text(kind, 'apiVersion')}/${text(kind, 'kind')}`;
    return [nameOf(it), items(it.spec, 'validations').length, told, age(it, now)];
  },
  'validatingadmissionpolicybindings.admissionregistration.k8s.io'(it, now) {
    const parameter = child(it.spec, 'paramRef');
    const name = text(parameter, 'name');
    return [
      nameOf(it),
      text(it.spec, 'policyName'),
      name === '' ? '<unset>' : `${or(text(parameter, 'namespace'), '*')}/${name}`,
      age(it, now),
    ];
  },
  'storageclasses.storage.k8s.io'(it, now) {
    const standard = it.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
    return [
      standard ? `${nameOf(it)} (default)` : nameOf(it),
      text(it, 'provisioner'),
      or(text(it, 'reclaimPolicy'), 'Delete'),
      or(text(it, 'volumeBindingMode'), 'Immediate'),
      flag(it, 'allowVolumeExpansion'),
      age(it, now),
    ];
  },
  'volumeattributesclasses.storage.k8s.io': (it, now) => [nameOf(it), text(it, 'driverName'), age(it, now)],
  'csidrivers.storage.k8s.io'(it, now) {
    const spec = child(it, 'spec') ?? {};
    const requests = items(spec, 'tokenRequests').map((request) => text(request, 'audience'));
    return [
      nameOf(it),
      spec.attachRequired !== false,
      flag(spec, 'podInfoOnMount'),
      flag(spec, 'storageCapacity'),
      has(spec, 'tokenRequests') ? requests.join(',') : '<unset>',
      flag(spec, 'requiresRepublish'),
      or(texts(spec, 'volumeLifecycleModes').join(','), '<none>'),
      age(it, now),
    ];
  },
  'csinodes.storage.k8s.io': (it, now) => [nameOf(it), items(it.spec, 'drivers').length, age(it, now)],
  'csistoragecapacities.storage.k8s.io': (it, now) => [
    nameOf(it),
    text(it, 'storageClassName'),
    String(it.capacity ?? '<unset>'),
    age(it, now),
  ],
  'volumeattachments.storage.k8s.io': (it, now) => [
    nameOf(it),
    text(it.spec, 'attacher'),
    text(deep(it.spec, 'source'), 'persistentVolumeName'),
    text(it.spec, 'nodeName'),
    flag(it.status, 'attached'),
    age(it, now),
  ],
  'priorityclasses.scheduling.k8s.io': (it, now) => [
    nameOf(it),
    count(it, 'value'),
    flag(it, 'globalDefault'),
    age(it, now),
    text(it, 'preemptionPolicy'),
  ],
  'runtimeclasses.node.k8s.io': (it, now) => [nameOf(it), text(it, 'handler'), age(it, now)],
  'leases.coordination.k8s.io': (it, now) => [nameOf(it), text(it.spec, 'holderIdentity'), age(it, now)],
  'horizontalpodautoscalers.autoscaling'(it, now) {
    const target = child(it.spec, 'scaleTargetRef');
    return [
      nameOf(it),
      `${text(target, 'kind')}/${text(target, 'name')}`,
      scalerTargets(it),
      has(it.spec, 'minReplicas') ? String(count(it.spec, 'minReplicas')) : '<unset>',
      count(it.spec, 'maxReplicas'),
      count(it.status, 'currentReplicas'),
      age(it, now),
    ];
  },
  'flowschemas.flowcontrol.apiserver.k8s.io'(it, now) {
    const dangling = items(it.status, 'conditions').find((one) => text(one, 'type') === 'Dangling');
    return [
      nameOf(it),
      text(deep(it.spec, 'priorityLevelConfiguration'), 'name'),
      count(it.spec, 'matchingPrecedence'),
      or(text(deep(it.spec, 'distinguisherMethod'), 'type'), '<none>'),
      age(it, now),
      dangling === undefined ? '?' : text(dangling, 'status'),
    ];
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'(it, now) {
    const limited = child(it.spec, 'limited');
    const queuing = deep(limited, 'limitResponse', 'queuing');
    const told = (holder: Body | undefined, key: string): Json =>
      holder === undefined ? '<none>' : count(holder, key);
    return [
      nameOf(it),
      text(it.spec, 'type'),
      told(limited, 'nominalConcurrencyShares'),
      told(queuing, 'queues'),
      told(queuing, 'handSize'),
      told(queuing, 'queueLengthLimit'),
      age(it, now),
    ];
  },
  'certificatesigningrequests.certificates.k8s.io'(it, now) {
    const types = items(it.status, 'conditions').map((one) => text(one, 'type'));
    const words = types.includes('Denied') ? ['Denied'] : types.includes('Approved') ? ['Approved'] : ['Pending'];
    if (types.includes('Failed')) words.push('Failed');
    if (text(it.status, 'certificate') !== '') words.push('Issued');
    return [
      nameOf(it),
      age(it, now),
      or(text(it.spec, 'signerName'), '<none>'),
      text(it.spec, 'username'),
      has(it.spec, 'expirationSeconds') ? humanDuration(count(it.spec, 'expirationSeconds') * 1000) : '<none>',
      words.join(','),
    ];
  },
};
