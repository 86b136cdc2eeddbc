import type { Deed } from './authorizer.ts';

/** One rule of a Role or ClusterRole as it is stored. */
export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const NONE: readonly string[] = [];
const matches = (list: readonly string[] | undefined, wanted: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(wanted));

/** Whether the rule allows the deed. */
export function ruleAllows(rule: PolicyRule, deed: Deed): boolean {
  if (!matches(rule.verbs, deed.verb)) return false;
  if (deed.resource === undefined)
    return (rule.nonResourceURLs ?? NONE).some((url) => pathMatches(url, deed.path ?? ''));
  if (!matches(rule.apiGroups, deed.group ?? '')) return false;
  const sub = deed.subresource ?? '';
  const whole = sub === '' ? deed.resource : `${deed.resource}/${sub}`;
  const resources = rule.resources ?? NONE;
  if (!matches(resources, whole) && !(sub !== '' && resources.includes(`*/${sub}`))) return false;
  const names = rule.resourceNames ?? NONE;
  return names.length === 0 || names.includes(deed.name ?? '');
}

const pathMatches = (rule: string, path: string): boolean =>
  rule === '*' || rule === path || (rule.endsWith('*') && path.startsWith(rule.replace(/\*+$/, '')));

/** The smallest rules (one verb, one resource, one name each) of `wanted` that no rule of `held` covers. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(atoms).filter((atom) => !held.some((rule) => covers(rule, atom)));
}

function atoms(rule: PolicyRule): PolicyRule[] {
  const found: PolicyRule[] = [];
  const [verbs, names] = [rule.verbs ?? NONE, rule.resourceNames ?? NONE];
  for (const group of rule.apiGroups ?? NONE)
    for (const resource of rule.resources ?? NONE)
      for (const verb of verbs) {
        const atom = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (names.length === 0) found.push(atom);
        else for (const name of names) found.push({ ...atom, resourceNames: [name] });
      }
  for (const url of rule.nonResourceURLs ?? NONE)
    for (const verb of verbs) found.push({ nonResourceURLs: [url], verbs: [verb] });
  return found;
}

function covers(owner: PolicyRule, atom: PolicyRule): boolean {
  const all = (list: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean =>
    (wanted ?? NONE).every((item) => matches(list, item));
  const [ownerNames, names] = [owner.resourceNames ?? NONE, atom.resourceNames ?? NONE];
  return (
    all(owner.verbs, atom.verbs) &&
    all(owner.apiGroups, atom.apiGroups) &&
    (atom.resources ?? NONE).every((resource) => coversResource(owner.resources ?? NONE, resource)) &&
    (ownerNames.length === 0 || (names.length > 0 && names.every((name) => ownerNames.includes(name)))) &&
    (atom.nonResourceURLs ?? NONE).every((url) =>
      (owner.nonResourceURLs ?? NONE).some((held) => pathMatches(held, url)),
    )
  );
}

function coversResource(held: readonly string[], resource: string): boolean {
  if (held.includes('*') || held.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && held.includes(`*/${resource.slice(slash + 1)}`);
}

/** What is missing as the server lists it: verbs on one resource together, the lines in order. */
export function describeMissing(missing: readonly PolicyRule[]): string {
  const simple = new Map<string, { rule: PolicyRule; verbs: string[] }>();
  const lines = new Set<string>();
  for (const rule of missing) {
    if (rule.nonResourceURLs !== undefined) {
      lines.add(compact(rule, rule.verbs ?? NONE));
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const known = simple.get(key);
    if (known === undefined) simple.set(key, { rule, verbs: [...(rule.verbs ?? NONE)] });
    else known.verbs.push(...(rule.verbs ?? NONE));
  }
  for (const { rule, verbs } of simple.values()) lines.add(compact(rule, verbs));
  return [...lines].sort().join('\n');
}

/** A list of texts as Go prints it with %q. */
export const quotedList = (texts: readonly string[]): string =>
  `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

function compact(rule: PolicyRule, verbs: readonly string[]): string {
  const part = (label: string, list: readonly string[] | undefined): string[] =>
    list === undefined || list.length === 0 ? [] : [`${label}:${quotedList(list)}`];
  return `{${[
    ...part('APIGroups', rule.apiGroups),
    ...part('Resources', rule.resources),
    ...part('NonResourceURLs', rule.nonResourceURLs),
    ...part('ResourceNames', rule.resourceNames),
    ...part('Verbs', verbs),
  ].join(', ')}}`;
}
