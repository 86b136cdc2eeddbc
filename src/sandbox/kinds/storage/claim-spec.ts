import { dnsSubdomain } from '../../schema/metadata/names.ts';
import { each, forbiddenField, invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { nanoOf } from '../quantity.ts';
import { validateSelector } from '../selectors.ts';
import { type Body, child, deep, text, texts } from '../values.ts';

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Access modes of a claim or a volume. */
export function validateAccessModes(spec: Body, field: string): Problem[] {
  const modes = texts(spec, 'accessModes');
  const place = `${field}.accessModes`;
  const found = modes.filter((mode) => !MODES.includes(mode)).map((mode) => notSupported(place, mode, MODES));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => MODES.includes(mode) && mode !== 'ReadWriteOncePod')) {
    found.push(forbiddenField(place, 'may not use ReadWriteOncePod with other access modes'));
  }
  return found;
}
export function validateVolumeMode(spec: Body, field: string): Problem[] {
  const mode = text(spec, 'volumeMode');
  return mode === '' || mode === 'Block' || mode === 'Filesystem'
    ? []
    : [notSupported(`${field}.volumeMode`, mode, ['Block', 'Filesystem'])];
}

/** The spec of a PersistentVolumeClaim, of its own or in a template. */
export function validateClaimSpec(spec: Body, field: string): Problem[] {
  const found: Problem[] = [];
  if (texts(spec, 'accessModes').length === 0) {
    found.push(required(`${field}.accessModes`, 'at least 1 access mode is required'));
  }
  found.push(...validateSelector(child(spec, 'selector'), `${field}.selector`), ...validateAccessModes(spec, field));
  const storage = deep(spec, 'resources', 'requests')?.storage;
  const place = `${field}.resources[storage]`;
  if (storage === undefined) found.push(required(place));
  else if (nanoOf(storage) <= 0n) found.push(invalidValue(place, storage, 'must be greater than zero'));
  const storageClass = text(spec, 'storageClassName');
  if (storageClass !== '') found.push(...each(`${field}.storageClassName`, storageClass, dnsSubdomain(storageClass)));
  found.push(...validateVolumeMode(spec, field));
  for (const key of ['dataSource', 'dataSourceRef']) {
    const source = child(spec, key);
    if (source === undefined) continue;
    if (text(source, 'name') === '') found.push(required(`${field}.${key}.name`));
    if (text(source, 'kind') === '') found.push(required(`${field}.${key}.kind`));
    if (text(source, 'apiGroup') === '' && text(source, 'kind') !== 'PersistentVolumeClaim') {
      const said = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
      found.push(invalidValue(`${field}.${key}`, text(source, 'kind'), said));
    }
  }
  return found;
}
