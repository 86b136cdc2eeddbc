import { dnsLabel } from '../../schema/metadata/names.ts';
import { duplicate, each, forbiddenField, invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, child, count, has, items, text } from '../values.ts';

/** The volumes of a pod spec; `names` holds those that mounts may refer to. */
export function validateVolumes(volumes: readonly Body[], field: string): { found: Problem[]; names: Set<string> } {
  const found: Problem[] = [];
  const names = new Set<string>();
  volumes.forEach((volume, at) => {
    const place = `${field}[${at}]`;
    const name = text(volume, 'name');
    const here = sources(volume, place);
    if (name === '') here.push(required(`${place}.name`));
    else here.push(...each(`${place}.name`, name, dnsLabel(name)));
    if (names.has(name)) here.push(duplicate(`${place}.name`, name));
    if (here.length === 0) names.add(name);
    found.push(...here);
  });
  return { found, names };
}

function sources(volume: Body, place: string): Problem[] {
  const found: Problem[] = [];
  const kinds = Object.keys(volume)
    .filter((key) => key !== 'name' && has(volume, key))
    .sort(byDeclaration);
  kinds.forEach((kind, at) => {
    if (at > 0) found.push(forbiddenField(`${place}.${kind}`, 'may not specify more than 1 volume type'));
    else found.push(...source(kind, child(volume, kind) ?? {}, `${place}.${kind}`));
  });
  if (kinds.length === 0) found.push(required(place, 'must specify a volume type'));
  return found;
}
const ORDER = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flexVolume',
  'configMap',
];
const byDeclaration = (a: string, b: string): number => rank(a) - rank(b);
const rank = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

function source(kind: string, it: Body, field: string): Problem[] {
  switch (kind) {
    case 'secret':
      return [...needed(it, 'secretName', field), ...mode(it, field), ...keys(it, field)];
    case 'configMap':
      return [...needed(it, 'name', field), ...mode(it, field), ...keys(it, field)];
    case 'persistentVolumeClaim':
      return needed(it, 'claimName', field);
    case 'hostPath':
      return text(it, 'path') === ''
        ? [required(`${field}.path`)]
        : text(it, 'path').split('/').includes('..')
          ? [invalidValue(`${field}.path`, it.path, "must not contain '..'")]
          : [];
    case 'nfs':
      return [
        ...needed(it, 'server', field),
        ...needed(it, 'path', field),
        ...(text(it, 'path') === '' || text(it, 'path').startsWith('/')
          ? []
          : [invalidValue(`${field}.path`, it.path, 'must be an absolute path')]),
      ];
    case 'csi':
      return needed(it, 'driver', field);
    case 'projected':
      return mode(it, field);
    default:
      return [];
  }
}
const needed = (it: Body, key: string, field: string): Problem[] =>
  text(it, key) === '' ? [required(`${field}.${key}`)] : [];
function mode(it: Body, field: string): Problem[] {
  const bits = count(it, 'defaultMode');
  const said = 'must be a number between 0 and 0777 (octal), both inclusive';
  return bits < 0 || bits > 0o777 ? [invalidValue(`${field}.defaultMode`, bits, said)] : [];
}
function keys(it: Body, field: string): Problem[] {
  return items(it, 'items').flatMap((item, at) => [
    ...(text(item, 'key') === '' ? [required(`${field}.items[${at}].key`)] : []),
    ...(text(item, 'path') === '' ? [required(`${field}.items[${at}].path`)] : []),
  ]);
}
