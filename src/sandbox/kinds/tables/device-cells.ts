import type { KubeObject } from '../../../objects/json.ts';
import { child, has, items, text } from '../values.ts';
import { age } from './texts.ts';
import { type Cells, nameOf } from './workload-cells.ts';

const plain: Cells = (it, now) => [nameOf(it), age(it, now)];

function claimState(claim: KubeObject): string {
  const gone = claim.metadata.deletionTimestamp !== undefined;
  const words = gone ? ['deleted'] : [];
  if (!has(claim.status, 'allocation')) return [...words, ...(gone ? [] : ['pending'])].join(',');
  words.push('allocated');
  if (items(claim.status, 'reservedFor').length > 0) words.push('reserved');
  return words.join(',');
}

/** Devices, and what the control plane says of itself. */
export const DEVICE_CELLS: Readonly<Record<string, Cells>> = {
  'deviceclasses.resource.k8s.io': plain,
  'resourceclaimtemplates.resource.k8s.io': plain,
  'resourceclaims.resource.k8s.io': (it, now) => [nameOf(it), claimState(it), age(it, now)],
  'resourceslices.resource.k8s.io': (it, now) => [
    nameOf(it),
    text(it.spec, 'nodeName'),
    text(it.spec, 'driver'),
    text(child(it.spec, 'pool'), 'name'),
    age(it, now),
  ],
  componentstatuses(it) {
    const healthy = items(it, 'conditions').find((one) => text(one, 'type') === 'Healthy');
    const status = healthy === undefined ? 'Unknown' : text(healthy, 'status') === 'True' ? 'Healthy' : 'Unhealthy';
    return [nameOf(it), status, text(healthy, 'message'), text(healthy, 'error')];
  },
  'apiservices.apiregistration.k8s.io'(it, now) {
    const service = child(it.spec, 'service');
    const available = items(it.status, 'conditions').find((one) => text(one, 'type') === 'Available');
    const status = available === undefined ? 'Unknown' : text(available, 'status');
    return [
      nameOf(it),
      service === undefined ? 'Local' : `${text(service, 'namespace')}/${text(service, 'name')}`,
      available === undefined || status === 'True' ? status : `${status} (${text(available, 'reason')})`,
      age(it, now),
    ];
  },
};
