/** What a rule looks at. */
export interface SkipSubject {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}
export interface SkipRule {
  readonly code: string;
  readonly which: (subject: SkipSubject) => boolean;
  /** True when the rule takes every resource of the group, so that the group may be dead. */
  readonly wholeGroup?: (group: string) => boolean;
  /** Whether one small list may be asked for how many there are. */
  readonly counted: boolean;
  readonly why: string;
}

const isMetrics = (group: string): boolean => group === 'metrics.k8s.io' || group.endsWith('.metrics.k8s.io');

/** Objects left out because another one of the same UID is kept; found while listing, not by name. */
export const SAME_OBJECT = 'SAME-OBJECT';

/** What a point leaves out by rule. The first rule that fits counts. */
export const SKIP_RULES: readonly SkipRule[] = [
  {
    code: 'NO-LIST',
    which: ({ verbs }) => !verbs.includes('list'),
    counted: false,
    why: 'It cannot be listed: a request that is answered and not kept, such as a review.',
  },
  {
    code: 'METRICS',
    which: ({ group }) => isMetrics(group),
    wholeGroup: isMetrics,
    counted: false,
    why: 'Measurements of the moment; nothing of them is stored.',
  },
  {
    code: 'EVENTS',
    which: ({ group, resource }) => resource === 'events' && (group === '' || group === 'events.k8s.io'),
    counted: true,
    why: 'Reports that expire after an hour; recovered ones would tell of a cluster that is gone.',
  },
  {
    code: 'LEASES',
    which: ({ group, resource }) => resource === 'leases' && group === 'coordination.k8s.io',
    counted: true,
    why: 'Heartbeats and elections of running processes; a recovered one would block the new leader.',
  },
  {
    code: 'COMPONENT-STATUSES',
    which: ({ group, resource }) => group === '' && resource === 'componentstatuses',
    counted: false,
    why: 'Made up at each request, never stored; listed at a revision it answers without one.',
  },
  {
    code: SAME_OBJECT,
    which: () => false, // decided by UID, see list-resource.ts
    counted: false,
    why: 'The same object under a second group; it is kept once, under the group that the server prefers.',
  },
];

export function skipRuleFor(subject: SkipSubject): SkipRule | undefined {
  return SKIP_RULES.find((rule) => rule.which(subject));
}
/** The rule that leaves out everything of a group, also when the group does not answer. */
export function skipRuleForGroup(group: string): SkipRule | undefined {
  return SKIP_RULES.find((rule) => rule.wholeGroup?.(group) === true);
}
