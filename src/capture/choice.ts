import type { Discovery, ServedResource } from '../cluster/port.ts';
import { compareText, type ResourceName, resourceName } from '../objects/key.ts';
import type { PointManifest, ResourceRecord } from '../vault/vault.ts';
import type { ApiServiceFacts, CrdFacts } from './api-facts.ts';
import type { MissingCode } from './codes.ts';
import { type SkipRule, skipRuleFor, skipRuleForGroup } from './skips.ts';

/** One resource that is listed, in the version that is read. */
export interface ListTarget {
  readonly name: ResourceName;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Other served versions, in the server's order. */
  readonly served: readonly string[];
  /** Answered by the API server itself, so that it can be had at the revision of the point. */
  readonly local: boolean;
  readonly webhook: boolean;
}
export interface SkipTarget {
  readonly target: ListTarget;
  readonly rule: SkipRule;
}

/** What a point will hold, decided before the first object of it is read. */
export interface Choice {
  /** Groups that share a plural stand together, in the server's order of groups: the first keeps an object that stands in both. */
  readonly lists: readonly (readonly ListTarget[])[];
  readonly skips: readonly SkipTarget[];
  readonly dead: PointManifest['dead'];
  /** Resources whose objects exist and that the server does not serve. */
  readonly unserved: readonly ResourceRecord[];
}

/**
 * Every resource once: one that a CRD defines in its storage version if that is served, else in the preferred version that has
 * it. Read in another version an object may say what that version refuses on write (a Crossplane 1.x XRD read as v2).
 */
export function choose(discovery: Discovery, crds: readonly CrdFacts[], services: readonly ApiServiceFacts[]): Choice {
  const crdOf = new Map(crds.map((crd) => [resourceName(crd.group, crd.resource), crd]));
  const foreign = new Set(services.filter(({ local }) => !local).map(({ group, version }) => `${group}/${version}`));
  const found = new Map<ResourceName, ServedResource[]>();
  for (const served of discovery.resources) {
    const name = resourceName(served.group, served.resource);
    found.set(name, [...(found.get(name) ?? []), served]);
  }
  const groups = Object.keys(discovery.preferred);
  const lists = new Map<string, ListTarget[]>();
  const skips: SkipTarget[] = [];
  for (const [name, unordered] of found) {
    const versions = inOrder(unordered, discovery);
    const target = targetOf(name, versions, crdOf.get(name), foreign);
    if (target === undefined) continue;
    const verbs = versions.flatMap((served) => served.verbs);
    const rule = skipRuleFor({ group: target.group, resource: target.resource, verbs });
    if (rule !== undefined) skips.push({ target, rule });
    else lists.set(target.resource, [...(lists.get(target.resource) ?? []), target]);
  }
  const byGroup = (a: ListTarget, b: ListTarget): number =>
    rank(groups, a.group) - rank(groups, b.group) || compareText(a.group, b.group);
  const dead = discovery.dead.map((one) => {
    const rule = skipRuleForGroup(one.group);
    return { group: one.group, version: one.version, why: one.why, ...(rule === undefined ? {} : { rule: rule.code }) };
  });
  return {
    lists: [...lists.entries()].sort(([a], [b]) => compareText(a, b)).map(([, targets]) => targets.sort(byGroup)),
    skips: skips.sort((a, b) => compareText(a.target.name, b.target.name)),
    dead,
    unserved: crds.filter((crd) => !found.has(resourceName(crd.group, crd.resource))).flatMap(unservedRecord),
  };
}

/** CRDs that discovery did not know though the server serves them: it was asked too early. */
export function unknownTo(discovery: Discovery, crds: readonly CrdFacts[]): readonly CrdFacts[] {
  const known = new Set(discovery.resources.map(({ group, resource }) => resourceName(group, resource)));
  return crds.filter((crd) => crd.established && !known.has(resourceName(crd.group, crd.resource)));
}

const rank = (order: readonly string[], wanted: string): number => {
  const at = order.indexOf(wanted);
  return at < 0 ? order.length : at;
};

function inOrder(versions: readonly ServedResource[], discovery: Discovery): readonly ServedResource[] {
  const order = discovery.preferred[versions[0]?.group ?? ''] ?? [];
  return versions.toSorted((a, b) => rank(order, a.version) - rank(order, b.version));
}

function targetOf(
  name: ResourceName,
  versions: readonly ServedResource[],
  crd: CrdFacts | undefined,
  foreign: ReadonlySet<string>,
): ListTarget | undefined {
  const listed = versions.filter(({ verbs }) => verbs.includes('list'));
  const webhook = crd?.webhook === true;
  const stored = crd === undefined ? undefined : listed.find(({ version }) => version === crd.storage);
  const chosen = stored ?? listed[0] ?? versions[0];
  if (chosen === undefined) return undefined;
  const { group, version, resource, kind, namespaced } = chosen;
  const served = versions.map((other) => other.version).filter((other) => other !== version);
  const local = !foreign.has(`${group}/${version}`);
  return { name, group, version, resource, kind, namespaced, served, local, webhook };
}

/** A CRD that is not established and serves a version was never served: it has no objects. */
function unservedRecord(crd: CrdFacts): ResourceRecord[] {
  if (!crd.established && crd.served.length > 0) return [];
  const name = resourceName(crd.group, crd.resource);
  const code: MissingCode = 'NOT-SERVED';
  const sentence = `${name} is defined and the server serves no version of it; what is stored of it cannot be read`;
  return [
    {
      resource: name,
      version: crd.storage,
      kind: crd.kind,
      namespaced: crd.namespaced,
      count: 0,
      revision: { kind: 'none' },
      missing: { code, sentence },
      served: [],
    },
  ];
}
