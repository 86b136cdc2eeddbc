import type { Thing } from './sides.ts';

const HASHES = ['pod-template-hash', 'controller-revision-hash', 'controller.kubernetes.io/hash'];
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** Values that a server makes up and no other can make the same. */
const MADE_UP: ReadonlySet<string> = new Set(['resourceVersion', 'clusterIP', 'clusterIPs', 'ca.crt', 'token']);

/**
 * Objects as text to compare two servers by: uids by the name of what bears them, times, revisions, hashes of templates
 * and random endings of names taken out. By `kind name`, in order.
 */
export function normalised(things: readonly Thing[]): Readonly<Record<string, unknown>> {
  const sorted = [...things].sort((a, b) => order(a).localeCompare(order(b)));
  const texts = new Map<string, string>();
  const numbers = new Map<string, number>();
  for (const { metadata } of sorted) {
    const {
      labels = {},
      generateName,
      name,
      uid,
    } = metadata as Thing['metadata'] & {
      readonly labels?: Readonly<Record<string, string>>;
      readonly generateName?: string;
    };
    for (const label of HASHES) {
      const value = labels[label];
      const hash = value === undefined ? undefined : /[^-]+$/.exec(value)?.[0];
      if (hash !== undefined && !texts.has(hash)) texts.set(hash, `HASH${texts.size}`);
    }
    if (generateName !== undefined && name.startsWith(generateName) && name.length === generateName.length + 5) {
      const count = numbers.get(generateName) ?? 0;
      numbers.set(generateName, count + 1);
      texts.set(name, `${generateName}#${count}`);
    }
    texts.set(uid, `UID(${texts.get(name) ?? name})`);
  }
  const long = [...texts.keys()].sort((a, b) => b.length - a.length);
  const clean = (text: string): string => {
    let out = text;
    for (const from of long) out = out.replaceAll(from, texts.get(from) ?? '');
    for (const [from, to] of texts) if (to.startsWith('HASH')) out = out.replaceAll(from, to);
    return out
      .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-#')
      .replace(/10\.9\.0\.\d+/g, '10.9.0.#')
      .replace(UID, 'UID?')
      .replace(TIME, 'TIME');
  };
  const entries = sorted.map((thing) => {
    const { apiVersion: _version, ...rest } = thing;
    const told = JSON.parse(clean(JSON.stringify(rest, withoutMadeUp))) as Thing & {
      metadata: { managedFields?: unknown };
    };
    return [`${told.kind} ${told.metadata.name}`, told] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

const order = ({ kind, metadata }: Thing): string =>
  `${kind} ${String((metadata as { annotations?: Record<string, string> }).annotations?.['deployment.kubernetes.io/revision'] ?? '')} ${String(metadata.creationTimestamp)} ${metadata.name}`;

function withoutMadeUp(key: string, value: unknown): unknown {
  if (MADE_UP.has(key) && typeof value !== 'object') return 'MADE UP';
  if (key === 'clusterIPs' && Array.isArray(value)) return ['MADE UP'];
  if (key === 'managedFields' && Array.isArray(value))
    return [...value].sort((a, b) => entryName(a).localeCompare(entryName(b)));
  return value;
}

const entryName = (entry: { manager?: string; operation?: string; subresource?: string }): string =>
  `${entry.manager} ${entry.operation} ${entry.subresource ?? ''}`;
