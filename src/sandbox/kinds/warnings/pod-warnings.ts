import { dnsLabel } from '../../schema/metadata/names.ts';
import { nanoOf } from '../quantity.ts';
import { type Body, child, count, entries, has, items, text } from '../values.ts';

const GONE: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};
const WRITTEN: Readonly<Record<string, string>> = { storageos: 'storageOS' };

/** Labels of nodes that have new names. */
const OLD_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** What a label of a node is warned of, if it is. */
export const oldNodeLabel = (label: string): string | undefined => OLD_LABELS[label];

/** The name of what makes Pods becomes part of host names. */
export function hostNameWarnings(name: string, used: string): string[] {
  const said = dnsLabel(name);
  if (said.length === 0) return [];
  return [
    `metadata.name: this is used in ${used}, which can result in surprising behavior; a DNS label is recommended: [${said.join(' ')}]`,
  ];
}

/** Amounts of bytes that are no whole number. */
export function fractionWarnings(
  amounts: readonly [string, unknown][],
  names: readonly string[],
  path: string,
): string[] {
  return amounts
    .filter(([name, value]) => names.includes(name) && nanoOf(String(value)) % 1_000_000_000n !== 0n)
    .map(
      ([name, value]) =>
        `${path}[${name}]: fractional byte value ${JSON.stringify(value)} is invalid, must be an integer`,
    );
}

interface Placed {
  readonly container: Body;
  readonly path: string;
}
function containersOf(spec: Body, path: string): Placed[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    items(spec, key).map((container, at) => ({ container, path: `${path}.${key}[${at}]` })),
  );
}

/** What the server warns of in a Pod or a template at `path` (`''` for a Pod itself). */
export function podWarnings(pod: Body | undefined, path: string): string[] {
  const spec = child(pod, 'spec');
  if (spec === undefined) return [];
  const place = path === '' ? 'spec' : `${path}.spec`;
  const found: string[] = [];
  for (const [key] of entries(spec, 'nodeSelector')) {
    const said = oldNodeLabel(key);
    if (said !== undefined) found.push(`${place}.nodeSelector[${key}]: ${said}`);
  }
  items(spec, 'topologySpreadConstraints').forEach((one, at) => {
    const field = `${place}.topologySpreadConstraints[${at}]`;
    const said = oldNodeLabel(text(one, 'topologyKey'));
    if (said !== undefined) found.push(`${field}.topologyKey: ${text(one, 'topologyKey')} is ${said}`);
    if (!has(one, 'labelSelector'))
      found.push(`${field}.labelSelector: a null labelSelector results in matching no pod`);
  });
  items(spec, 'volumes').forEach((volume, at) => {
    for (const [source, said] of Object.entries(GONE))
      if (has(volume, source)) found.push(`${place}.volumes[${at}].${WRITTEN[source] ?? source}: ${said}`);
  });
  found.push(...doubles(spec, 'hostAliases', 'ip', place), ...doubles(spec, 'imagePullSecrets', 'name', place));
  items(spec, 'imagePullSecrets').forEach((one, at) => {
    if (text(one, 'name') === '') found.push(`${place}.imagePullSecrets[${at}].name: invalid empty name ""`);
  });
  const containers = containersOf(spec, place);
  for (const one of containers) found.push(...containerWarnings(one));
  found.push(...portWarnings(containers), ...portNameWarnings(containers));
  // Of a Pod itself it is 1 by then.
  if (path !== '' && count(spec, 'terminationGracePeriodSeconds') < 0)
    found.push(
      `${place}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  return found;
}

function doubles(spec: Body, list: string, key: string, place: string): string[] {
  const seen = new Set<string>();
  return items(spec, list).flatMap((one, at) => {
    const value = text(one, key);
    if (seen.has(value)) return [`${place}.${list}[${at}].${key}: duplicate ${key} ${JSON.stringify(value)}`];
    seen.add(value);
    return [];
  });
}

function containerWarnings({ container, path }: Placed): string[] {
  const resources = child(container, 'resources');
  const found: string[] = [];
  for (const name of ['memory', 'ephemeral-storage'])
    for (const key of ['limits', 'requests'])
      found.push(...fractionWarnings(entries(resources, key), [name], `${path}.resources.${key}`));
  const seen = new Set<string>();
  items(container, 'env').forEach((one, at) => {
    const [name, value] = [text(one, 'name'), text(one, 'value')];
    const before = `$(${name})`;
    if (!seen.has(name)) seen.add(name);
    else if (has(one, 'valueFrom') || value === before || !value.includes(before))
      found.push(
        `${path}.env[${at}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      );
  });
  return found;
}

function portWarnings(containers: readonly Placed[]): string[] {
  const found: string[] = [];
  const known = new Map<string, { readonly field: string; readonly port: Body }[]>();
  for (const { container, path } of containers)
    items(container, 'ports').forEach((port, at) => {
      const field = `${path}.ports[${at}]`;
      const key = `${count(port, 'containerPort')}/${text(port, 'protocol')}`;
      const others = known.get(key) ?? [];
      for (const other of others) {
        const [one, two] = [count(port, 'hostPort'), count(other.port, 'hostPort')];
        const [ip, otherIp] = [text(port, 'hostIP'), text(other.port, 'hostIP')];
        if (ip === otherIp && one === two) found.push(`${field}: duplicate port definition with ${other.field}`);
        else if (one === 0 || two === 0) found.push(`${field}: overlapping port definition with ${other.field}`);
        else if (one === two && (ip === '') !== (otherIp === ''))
          found.push(`${field}: dangerously ambiguous port definition with ${other.field}`);
      }
      known.set(key, [...others, { field, port }]);
    });
  return found;
}

function portNameWarnings(containers: readonly Placed[]): string[] {
  const found: string[] = [];
  const known = new Map<string, string>();
  for (const { container, path } of containers)
    items(container, 'ports').forEach((port, at) => {
      const [name, field] = [text(port, 'name'), `${path}.ports[${at}]`];
      if (name === '') return;
      const other = known.get(name);
      if (other === undefined) known.set(name, field);
      else
        found.push(
          `${field}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`,
        );
    });
  return found;
}
