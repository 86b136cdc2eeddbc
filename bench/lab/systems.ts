/** What the lab saw decide about two systems (lab 5 row 3, lab 6), held against the file and the target. */
import type { Cluster } from '../../src/cluster/port.ts';
import type { KubeObject } from '../../src/objects/json.ts';

export interface SystemFindings {
  readonly wrong: string[];
  /** How many facts were looked at: 0 would prove nothing. */
  looked: number;
}
/** Live objects by `Kind namespace name`. */
export type Living = ReadonlyMap<string, KubeObject>;
export const livingKey = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind} ${namespace ?? ''} ${name}`;
const CNPG = 'postgresql.cnpg.io';
const NEVER_BACK = new Set(['PersistentVolumeClaim', 'Job', 'Pod']);

/** A Cluster's PVCs, Jobs and Pods are not there; everything else that it controls is, with the new Cluster as controller; no status. */
export function judgeCnpg(
  file: readonly KubeObject[],
  living: Living,
  skipped: ReadonlySet<string>,
  findings: SystemFindings,
): void {
  for (const cluster of file.filter(
    (object) =>
      object.apiVersion.startsWith(`${CNPG}/`) &&
      object.kind === 'Cluster' &&
      object.metadata.deletionTimestamp === undefined,
  )) {
    const { namespace, name = '' } = cluster.metadata;
    const live = living.get(livingKey('Cluster', namespace, name));
    findings.looked++;
    if (live === undefined) {
      findings.wrong.push(`Cluster ${namespace}/${name} is not there`);
      continue;
    }
    if (live.status !== undefined) findings.wrong.push(`Cluster ${namespace}/${name} has a status`);
    for (const owned of file.filter((object) =>
      object.metadata.ownerReferences?.some((owner) => owner.uid === cluster.metadata.uid && owner.controller === true),
    )) {
      const key = livingKey(owned.kind, owned.metadata.namespace, owned.metadata.name ?? '');
      const there = living.get(key);
      findings.looked++;
      if (owned.metadata.deletionTimestamp !== undefined || skipped.has(owned.kind)) continue;
      if (NEVER_BACK.has(owned.kind)) {
        if (there !== undefined) findings.wrong.push(`${key} came back`);
      } else if (there?.metadata.ownerReferences?.find((owner) => owner.controller === true)?.uid !== live.metadata.uid)
        findings.wrong.push(`${key} is not there with the new Cluster as controller`);
    }
  }
}

/** Claims, composites and managed resources are there with their references and external names; passwords also under new UIDs. */
export function judgeCrossplane(
  file: readonly KubeObject[],
  living: Living,
  withheld: ReadonlySet<string>,
  findings: SystemFindings,
): void {
  const external = 'crossplane.io/external-name';
  for (const object of file) {
    const { namespace, name = '', annotations } = object.metadata;
    const key = livingKey(object.kind, namespace, name);
    if (object.metadata.deletionTimestamp !== undefined || withheld.has(object.metadata.uid ?? '')) continue;
    const there = living.get(key);
    const spec = object.spec as
      | { resourceRefs?: unknown; resourceRef?: unknown; crossplane?: { resourceRefs?: unknown } }
      | undefined;
    for (const [what, before, after] of [
      ['external-name', annotations?.[external], there?.metadata.annotations?.[external]],
      ['resourceRefs', spec?.resourceRefs, (there?.spec as typeof spec)?.resourceRefs],
      [
        'crossplane.resourceRefs',
        spec?.crossplane?.resourceRefs,
        (there?.spec as typeof spec)?.crossplane?.resourceRefs,
      ],
      ['resourceRef', spec?.resourceRef, (there?.spec as typeof spec)?.resourceRef],
    ] as const) {
      if (before === undefined) continue;
      findings.looked++;
      if (JSON.stringify(before) !== JSON.stringify(after))
        findings.wrong.push(`${key}: ${what} was ${JSON.stringify(before)} and is ${JSON.stringify(after)}`);
    }
  }
}

/** Every connection Secret has its data under its old name, and under each name in which a UID that changed stands. */
export async function judgeConnections(
  file: readonly KubeObject[],
  newUid: ReadonlyMap<string, string>,
  cluster: Cluster,
  withheld: ReadonlySet<string>,
  findings: SystemFindings,
): Promise<void> {
  for (const secret of file.filter(
    (object) => object.kind === 'Secret' && object.type === 'connection.crossplane.io/v1alpha1',
  )) {
    if (secret.metadata.deletionTimestamp !== undefined || withheld.has(secret.metadata.uid ?? '')) continue;
    const { namespace = '', name = '' } = secret.metadata;
    const names = new Set([name]);
    for (const [old, now] of newUid) if (name.includes(old)) names.add(name.replaceAll(old, now));
    for (const one of names) {
      findings.looked++;
      const answer = await cluster.get({ group: '', version: 'v1', resource: 'secrets', namespace, name: one });
      const data = answer.kind === 'accepted' ? answer.object.data : undefined;
      if (JSON.stringify(data) !== JSON.stringify(secret.data))
        findings.wrong.push(`Secret ${namespace}/${one} does not hold what ${name} held`);
    }
  }
}
