import type { KubeObject } from '../../../objects/json.ts';
import { timestamp } from '../../clock.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { type Body, child, count, items, made, text } from '../values.ts';
import { validatePod } from './pod-spec.ts';
import { defaultPodOnly, defaultPodSpec } from './pod-spec-defaults.ts';
import { validatePodStatus } from './pod-status.ts';
import { EPHEMERAL_CONTAINERS, POD_RESIZE } from './pod-subresources.ts';
import { nextPodGeneration, validatePodUpdate } from './pod-update.ts';
import { qosClass } from './qos-class.ts';

/** The one address and the list of them say the same; where they do not, the one counts. */
function oneAddress(pod: Body): void {
  const status = child(pod, 'status');
  if (status === undefined) return;
  const [ip, first] = [text(status, 'podIP'), text(items(status, 'podIPs')[0], 'ip')];
  if (ip === '' && first !== '') status.podIP = first;
  else if (ip !== '' && ip !== first) status.podIPs = [{ ip }];
}

function defaults(pod: Body): void {
  oneAddress(pod);
  const spec = made(pod, 'spec');
  defaultPodOnly(spec);
  defaultPodSpec(spec);
}

/** A gated Pod says so in its conditions from the start. */
function gatedCondition(pod: Body, status: Body, now: number): void {
  if (items(child(pod, 'spec'), 'schedulingGates').length === 0) return;
  status.conditions = [
    {
      lastProbeTime: null,
      lastTransitionTime: timestamp(now),
      message: 'Scheduling is blocked due to non-empty scheduling gates',
      reason: 'SchedulingGated',
      status: 'False',
      type: 'PodScheduled',
    },
  ];
}

/** 30 s by the spec; none for Pods on no node, or over. */
function graceSeconds(pod: KubeObject): number {
  const phase = text(pod.status, 'phase');
  if (text(pod.spec, 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  return count(pod.spec, 'terminationGracePeriodSeconds');
}

export const PODS = rulesOf('pods', {
  defaults,
  prepareCreate(pod, { now }) {
    made(pod, 'metadata').generation = 1;
    const status: Body = { phase: 'Pending', qosClass: qosClass(pod) };
    pod.status = status;
    gatedCondition(pod, status, now);
  },
  prepareUpdate(next, before) {
    keepStatus(next, before);
    nextPodGeneration(next, before);
  },
  prepareStatus(next, before) {
    const owners = before.metadata.ownerReferences;
    const meta = made(next, 'metadata');
    if (owners === undefined) delete meta.ownerReferences;
    else meta.ownerReferences = owners as unknown as Body[];
    const status = made(next, 'status');
    if (text(status, 'qosClass') === '') status.qosClass = text(before.status, 'qosClass');
  },
  validateCreate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatus: validatePodStatus,
  subresources: { ephemeralcontainers: EPHEMERAL_CONTAINERS, resize: POD_RESIZE },
  selectable: (pod) => ({
    'spec.nodeName': text(pod.spec, 'nodeName'),
    'spec.restartPolicy': text(pod.spec, 'restartPolicy'),
    'spec.schedulerName': text(pod.spec, 'schedulerName'),
    'spec.serviceAccountName': text(pod.spec, 'serviceAccountName'),
    'spec.hostNetwork': String((pod.spec as Body | undefined)?.hostNetwork === true),
    'status.phase': text(pod.status, 'phase'),
    'status.podIP': text(pod.status, 'podIP'),
    'status.nominatedNodeName': text(pod.status, 'nominatedNodeName'),
  }),
  graceSeconds,
});
