import type { KubeObject } from '../../../objects/json.ts';
import { type Body, child, count, deep, entries, flag, has, items, text, texts } from '../values.ts';
import { accessModes, age, since } from './texts.ts';
import { type Cells, nameOf } from './workload-cells.ts';

const or = (value: string, otherwise: string): string => (value === '' ? otherwise : value);
const phaseOf = (object: KubeObject): string =>
  object.metadata.deletionTimestamp === undefined ? text(object.status, 'phase') : 'Terminating';
const classOf = (object: KubeObject): string =>
  object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? text(object.spec, 'storageClassName');

function nodeCells(node: KubeObject, now: number): ReturnType<Cells> {
  const ready = items(node.status, 'conditions').find((it) => text(it, 'type') === 'Ready');
  const status = [ready === undefined ? 'Unknown' : text(ready, 'status') === 'True' ? 'Ready' : 'NotReady'];
  if (flag(node.spec, 'unschedulable')) status.push('SchedulingDisabled');
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) =>
    key.startsWith(prefix) && key !== prefix
      ? [key.slice(prefix.length)]
      : key === 'kubernetes.io/role' && value !== ''
        ? [value]
        : [],
  );
  const address = (type: string): string =>
    or(
      text(
        items(node.status, 'addresses').find((it) => text(it, 'type') === type),
        'address',
      ),
      '<none>',
    );
  const info = child(node.status, 'nodeInfo');
  return [
    nameOf(node),
    status.join(','),
    or([...new Set(roles)].sort().join(','), '<none>'),
    age(node, now),
    text(info, 'kubeletVersion'),
    address('InternalIP'),
    address('ExternalIP'),
    ...['osImage', 'kernelVersion', 'containerRuntimeVersion'].map((key) => or(text(info, key), '<unknown>')),
  ];
}

function eventCells(event: KubeObject, now: number): ReturnType<Cells> {
  const about = child(event, 'involvedObject');
  const series = child(event, 'series');
  const first = since(text(event, 'firstTimestamp') || text(event, 'eventTime'), now);
  const last = has(event, 'lastTimestamp') ? since(text(event, 'lastTimestamp'), now) : first;
  const source = child(event, 'source');
  const from = or(text(source, 'component'), text(event, 'reportingComponent'));
  const host = or(text(source, 'host'), text(event, 'reportingInstance'));
  const kind = text(about, 'kind').toLowerCase();
  return [
    series === undefined ? last : since(text(series, 'lastObservedTime'), now),
    text(event, 'type'),
    text(event, 'reason'),
    text(about, 'name') === '' ? kind : `${kind}/${text(about, 'name')}`,
    text(about, 'fieldPath'),
    host === '' ? from : `${from}, ${host}`,
    text(event, 'message').trim(),
    first,
    series === undefined ? count(event, 'count') || 1 : count(series, 'count'),
    nameOf(event),
  ];
}

function quotaCells(quota: KubeObject, now: number): ReturnType<Cells> {
  const used = child(quota.status, 'used') ?? {};
  const told = [...entries(quota.status, 'hard')]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => ({
      limits: name.startsWith('limits.'),
      words: `${name}: ${String(used[name] ?? '0')}/${String(hard)}`,
    }));
  const column = (limits: boolean): string =>
    told
      .filter((it) => it.limits === limits)
      .map(({ words }) => words)
      .join(', ');
  return [nameOf(quota), column(false), column(true), age(quota, now)];
}

export const CORE_CELLS: Readonly<Record<string, Cells>> = {
  configmaps: (it, now) => [nameOf(it), entries(it, 'data').length + entries(it, 'binaryData').length, age(it, now)],
  secrets: (it, now) => [nameOf(it), text(it, 'type'), entries(it, 'data').length, age(it, now)],
  namespaces: (it, now) => [nameOf(it), text(it.status, 'phase'), age(it, now)],
  serviceaccounts: (it, now) => [nameOf(it), items(it, 'secrets').length, age(it, now)],
  nodes: nodeCells,
  events: eventCells,
  'events.events.k8s.io': eventCells,
  resourcequotas: quotaCells,
  persistentvolumes(it, now) {
    const claim = child(it.spec, 'claimRef');
    return [
      nameOf(it),
      or(String(deep(it.spec, 'capacity')?.storage ?? ''), '0'),
      accessModes(texts(it.spec, 'accessModes')),
      text(it.spec, 'persistentVolumeReclaimPolicy'),
      phaseOf(it),
      claim === undefined ? '' : `${text(claim, 'namespace')}/${text(claim, 'name')}`,
      classOf(it),
      has(it.spec, 'volumeAttributesClassName') ? text(it.spec, 'volumeAttributesClassName') : '<unset>',
      text(it.status, 'reason'),
      age(it, now),
      or(text(it.spec, 'volumeMode'), '<unset>'),
    ];
  },
  persistentvolumeclaims(it, now) {
    const bound = text(it.spec, 'volumeName') !== '';
    return [
      nameOf(it),
      phaseOf(it),
      text(it.spec, 'volumeName'),
      bound ? String((child(it.status, 'capacity') as Body | undefined)?.storage ?? '0') : '',
      bound ? accessModes(texts(it.status, 'accessModes')) : '',
      classOf(it),
      has(it.spec, 'volumeAttributesClassName') ? text(it.spec, 'volumeAttributesClassName') : '<unset>',
      age(it, now),
      or(text(it.spec, 'volumeMode'), '<unset>'),
    ];
  },
};
