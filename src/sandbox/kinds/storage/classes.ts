import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { dnsSubdomain, qualifiedName } from '../../schema/metadata/names.ts';
import {
  each,
  forbiddenField,
  IMMUTABLE,
  invalidValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { nextGeneration } from '../generation.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { child, fill, has, made, text, texts } from '../values.ts';

const same = (a: unknown, b: unknown): boolean => sameJson((a ?? null) as Json, (b ?? null) as Json);

function validateClass(it: KubeObject): Problem[] {
  const found: Problem[] = [];
  const provisioner = text(it, 'provisioner');
  if (provisioner === '') found.push(required('provisioner'));
  else found.push(...each('provisioner', provisioner, qualifiedName(provisioner.toLowerCase())));
  if (Object.hasOwn((it.parameters ?? {}) as object, ''))
    found.push(invalidValue('parameters', '', 'field can not be empty.'));
  const policy = text(it, 'reclaimPolicy');
  if (policy !== 'Delete' && policy !== 'Retain')
    found.push(notSupported('reclaimPolicy', policy, ['Delete', 'Retain']));
  const binding = text(it, 'volumeBindingMode');
  if (binding !== 'Immediate' && binding !== 'WaitForFirstConsumer') {
    found.push(notSupported('volumeBindingMode', binding, ['Immediate', 'WaitForFirstConsumer']));
  }
  return found;
}

export const STORAGE_CLASSES = rulesOf('storage.k8s.io/storageclasses', {
  defaults(it) {
    fill(it, 'reclaimPolicy', 'Delete');
    fill(it, 'volumeBindingMode', 'Immediate');
  },
  validateCreate: validateClass,
  validateUpdate(next, before) {
    const found: Problem[] = [];
    if (!same(next.parameters, before.parameters))
      found.push(forbiddenField('parameters', 'updates to parameters are forbidden.'));
    if (next.provisioner !== before.provisioner)
      found.push(forbiddenField('provisioner', 'updates to provisioner are forbidden.'));
    if (next.reclaimPolicy !== before.reclaimPolicy) {
      found.push(forbiddenField('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'));
    }
    if (next.volumeBindingMode !== before.volumeBindingMode) {
      found.push(invalidValue('volumeBindingMode', next.volumeBindingMode, IMMUTABLE));
    }
    return [...found, ...validateClass(next)];
  },
});

export const CSI_DRIVERS = rulesOf('storage.k8s.io/csidrivers', {
  unconditionalUpdate: false,
  defaults(driver) {
    const spec = made(driver, 'spec');
    fill(spec, 'attachRequired', true);
    fill(spec, 'podInfoOnMount', false);
    fill(spec, 'storageCapacity', false);
    fill(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
    if (texts(spec, 'volumeLifecycleModes').length === 0) spec.volumeLifecycleModes = ['Persistent'];
    fill(spec, 'requiresRepublish', false);
    fill(spec, 'seLinuxMount', false);
  },
  prepareUpdate(next, before) {
    nextGeneration(next, before);
  },
  validateUpdate(next, before) {
    const [now, was] = [child(next, 'spec') ?? {}, child(before, 'spec') ?? {}];
    return ['attachRequired', 'fsGroupPolicy', 'volumeLifecycleModes']
      .filter((key) => key !== 'fsGroupPolicy' && !same(now[key], was[key]))
      .map((key) => invalidValue(`spec.${key === 'attachRequired' ? 'attachedRequired' : key}`, now[key], IMMUTABLE));
  },
});

export const CSI_NODES = rulesOf('storage.k8s.io/csinodes', { unconditionalUpdate: false });
export const CSI_CAPACITIES = rulesOf('storage.k8s.io/csistoragecapacities', {
  unconditionalUpdate: false,
  validateCreate(it) {
    const name = text(it, 'storageClassName');
    return name === '' ? [required('storageClassName')] : each('storageClassName', name, dnsSubdomain(name));
  },
});
export const ATTRIBUTES_CLASSES = rulesOf('storage.k8s.io/volumeattributesclasses', {
  validateCreate: (it) => (text(it, 'driverName') === '' ? [required('driverName')] : []),
});

export const VOLUME_ATTACHMENTS = rulesOf('storage.k8s.io/volumeattachments', {
  statusKeeps: 'metadata',
  unconditionalUpdate: false,
  prepareCreate(it) {
    it.status = { attached: false };
  },
  prepareUpdate: keepStatus,
  validateCreate(it) {
    const spec = child(it, 'spec');
    const found: Problem[] = [];
    if (text(spec, 'attacher') === '') found.push(required('spec.attacher'));
    const source = child(spec, 'source');
    if (!has(source, 'persistentVolumeName') && !has(source, 'inlineVolumeSpec')) {
      found.push(required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
    }
    if (text(spec, 'nodeName') === '') found.push(invalidValue('spec.nodeName', '', dnsSubdomain('')[0] ?? ''));
    return found;
  },
  validateUpdate: (next, before) => (same(next.spec, before.spec) ? [] : [invalidValue('spec', next.spec, IMMUTABLE)]),
});
