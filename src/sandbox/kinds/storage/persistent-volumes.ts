import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { timestamp } from '../../clock.ts';
import { dnsSubdomain } from '../../schema/metadata/names.ts';
import {
  each,
  forbiddenField,
  IMMUTABLE,
  invalidValue,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { innerLines } from '../differences/inner-text.ts';
import { unifiedDiff } from '../differences/unified-diff.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { defaultSources } from '../pods/volume-defaults.ts';
import { nanoOf } from '../quantity.ts';
import { sortedMap } from '../selectors.ts';
import { type Body, child, entries, fill, fillEmpty, has, made, text, texts } from '../values.ts';
import { validateAccessModes, validateVolumeMode } from './claim-spec.ts';

/** Everything in the spec that is not a source of the volume. */
const COMMON = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);
const sourcesOf = (spec: Body): Body => Object.fromEntries(Object.entries(spec).filter(([key]) => !COMMON.has(key)));

function validate(volume: KubeObject): Problem[] {
  const spec = child(volume, 'spec') ?? {};
  const found: Problem[] = texts(spec, 'accessModes').length === 0 ? [required('spec.accessModes')] : [];
  found.push(...validateAccessModes(spec, 'spec'));
  const capacity = entries(spec, 'capacity');
  if (capacity.length === 0) found.push(required('spec.capacity'));
  if (capacity.length !== 1 || capacity[0]?.[0] !== 'storage') {
    found.push(notSupported('spec.capacity', sortedMap(child(spec, 'capacity')), ['storage']));
  }
  for (const [name, value] of capacity) {
    if (nanoOf(value) <= 0n) found.push(invalidValue(`spec.capacity[${name}]`, value, 'must be greater than zero'));
  }
  const policy = text(spec, 'persistentVolumeReclaimPolicy');
  const policies = ['Delete', 'Recycle', 'Retain'];
  if (policy !== '' && !policies.includes(policy)) {
    found.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, policies));
  }
  if (has(spec, 'nodeAffinity') && !has(child(spec, 'nodeAffinity'), 'required'))
    found.push(required('spec.nodeAffinity.required', 'must specify required node constraints'));
  const kinds = Object.keys(sourcesOf(spec)).sort((one, other) => rank(one) - rank(other));
  kinds.forEach((kind, at) => {
    if (at > 0) found.push(forbiddenField(`spec.${kind}`, 'may not specify more than 1 volume type'));
    else found.push(...source(kind, child(spec, kind) ?? {}));
    if (at === 0 && kind === 'local' && !has(spec, 'nodeAffinity'))
      found.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  });
  if (kinds.length === 0) found.push(required('spec', 'must specify a volume type'));
  if (policy === 'Recycle' && text(child(spec, 'hostPath'), 'path') === '/') {
    const said = "may not be 'recycle' for a hostPath mount of '/'";
    found.push(forbiddenField('spec.persistentVolumeReclaimPolicy', said));
  }
  const storageClass = text(spec, 'storageClassName');
  if (storageClass !== '') found.push(...each('spec.storageClassName', storageClass, dnsSubdomain(storageClass)));
  return [...found, ...validateVolumeMode(spec, 'spec')];
}

/** The order in which the server looks for sources. */
const ORDER = ['hostPath', 'nfs', 'iscsi', 'fc', 'azureDisk', 'local', 'csi'];
const rank = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  hostPath: ['path'],
  nfs: ['server', 'path'],
  local: ['path'],
  csi: ['driver', 'volumeHandle'],
};
const HOST_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function source(kind: string, it: Body): Problem[] {
  const found = (NEEDED[kind] ?? [])
    .filter((key) => text(it, key) === '')
    .map((key) => required(`spec.${kind}.${key}`));
  const path = text(it, 'path');
  const field = `spec.${kind}.path`;
  if (kind === 'nfs' && !path.startsWith('/')) found.push(invalidValue(field, path, 'must be an absolute path'));
  if (kind !== 'hostPath' && kind !== 'local') return found;
  if (path.split('/').includes('..')) found.push(invalidValue(field, path, "must not contain '..'"));
  const type = text(it, 'type');
  if (kind === 'hostPath' && path !== '' && !HOST_TYPES.includes(type))
    found.push(notSupported('spec.hostPath.type', type, HOST_TYPES));
  return found;
}

function prepareStatus(next: Body, before: KubeObject, now: number): void {
  const [status, was] = [made(next, 'status'), child(before, 'status') ?? {}];
  const at = was.lastPhaseTransitionTime;
  if (text(status, 'phase') === text(was, 'phase')) {
    if (!has(status, 'lastPhaseTransitionTime') && at !== undefined) status.lastPhaseTransitionTime = at;
  } else if (!has(status, 'lastPhaseTransitionTime') || status.lastPhaseTransitionTime === at) {
    status.lastPhaseTransitionTime = timestamp(now);
  }
}

export const VOLUMES = rulesOf('persistentvolumes', {
  defaults(volume) {
    fillEmpty(made(volume, 'status'), 'phase', 'Pending');
    const spec = made(volume, 'spec');
    fillEmpty(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    fill(spec, 'volumeMode', 'Filesystem');
    defaultSources(spec);
  },
  prepareCreate(volume, { now }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(now) };
  },
  prepareUpdate: keepStatus,
  prepareStatus: (next, before, { now }) => prepareStatus(next, before, now),
  validateCreate: validate,
  validateUpdate(next, before) {
    // Once as a whole object and once as an update: causes come twice.
    const found = [...validate(next), ...validate(next)];
    const [now, was] = [child(next, 'spec') ?? {}, child(before, 'spec') ?? {}];
    if (!sameJson(sourcesOf(now) as Json, sourcesOf(was) as Json)) {
      const diff = unifiedDiff(innerLines(was, 'PersistentVolumeSource'), innerLines(now, 'PersistentVolumeSource'));
      const said = `spec.persistentvolumesource is immutable after creation\n${diff}`;
      found.push(forbiddenField('spec.persistentvolumesource', said));
    }
    if (text(now, 'volumeMode') !== text(was, 'volumeMode'))
      found.push(invalidValue('volumeMode', now.volumeMode, IMMUTABLE));
    if (has(was, 'nodeAffinity') && !sameJson((now.nodeAffinity ?? null) as Json, (was.nodeAffinity ?? null) as Json)) {
      found.push(invalidValue('nodeAffinity', now.nodeAffinity, IMMUTABLE));
    }
    return found;
  },
  selectable: (volume) => ({ name: volume.metadata.name ?? '' }),
});
