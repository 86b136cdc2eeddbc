import type { Pick, Rule, Where } from '../../src/knowledge/language.ts';

/** What a rule does, in words. */
export function doesWhat(rule: Rule): string {
  switch (rule.kind) {
    case 'omit':
      return `not written (origin ${rule.origin})${rule.boundToo === true ? ', nor what is bound to it' : ''}${rule.report === 'referrers' ? '; those that use it are reported' : ''}`;
    case 'minted':
      return `the target makes it; what others than its maker edited is merged${rule.except === undefined ? '' : `, except ${paths(rule.except)}`}`;
    case 'remove':
      return `removes \`${rule.path}\`${rule.matching === undefined ? '' : ` where it matches \`${rule.matching}\``}`;
    case 'later':
      return `\`${rule.path}\` is \`${JSON.stringify(rule.value)}\` first; the captured value returns ${UNTIL[rule.until]}`;
    case 'status':
      return rule.keep ? 'keeps the captured status' : 'leaves the captured status out';
    case 'mention':
      return `a UID at \`${rule.path}\`${rule.of === undefined ? '' : ` of ${which(rule.of)}`}: ${MENTION[rule.action]}`;
    case 'yield':
      return `keeps \`${rule.path}\` where the target has it free; gives it up, and says so, where not`;
    case 'refers':
      return `\`${rule.path}\` names ${rule.to === undefined ? 'another object' : `one of \`${rule.to}\``}: that comes first${rule.strength === 'hard' ? ', and without it this one is not written' : ''}`;
    case 'judges':
      return `comes after everything that it judges in its ${rule.scope}`;
    case 'backend':
      return `written only when its backend (${paths(rule.paths)}) is ready`;
    case 'ready':
      return `verified ready: ${claim(rule.ready)}${rule.needsKubelet ? '; not run where no node is ready' : ''}`;
    case 'external':
      return `\`${rule.path}\` names a thing outside: verified equal, and the objects are counted`;
    case 'hazard':
      return `reported: ${rule.severity}`;
    case 'whole':
      return `withheld when one of ${paths(rule.parts)} cannot come back${rule.makers.length === 0 ? '' : `, and with it what ${paths(rule.makers)} names`}`;
    case 'data':
      return 'its data is in no object: the check `data` is not run, and the release asks for consent';
    case 'ignore':
      return `\`${rule.path}\` does not count when it is compared with a living one`;
    case 'found-by-owner':
      return 'written before its controller, without the reference to it; the reference follows when the controller is there';
    case 'unlist':
      return `items of \`${rule.path}\` that name an omitted one of \`${rule.to}\` are taken out`;
  }
}

const UNTIL = {
  bound: 'when the volume is Bound',
  status: 'when its status is written',
  released: 'at release, when everything is verified',
} as const;
const MENTION = {
  rewrite: 'rewritten to the new UID',
  copy: 'the object is written a second time under the new UID',
  keep: 'kept as it is',
  drop: 'taken out',
} as const;

/** Which objects a pick speaks of. */
export function which(pick: Pick): string {
  const parts = [
    ...(pick.resources === undefined ? [] : [pick.resources.map((name) => `\`${name}\``).join(', ')]),
    ...(pick.groups === undefined
      ? []
      : [
          `of ${pick.groups.map((group) => (group.startsWith('.') ? `groups \`*${group}\`` : `group \`${group}\``)).join(', ')}`,
        ]),
    ...(pick.category === undefined ? [] : [`of the category \`${pick.category}\``]),
    ...(pick.ownedBy === undefined ? [] : [`owned by ${which(pick.ownedBy)}`]),
    ...(pick.controlled === undefined ? [] : [pick.controlled ? 'that have a controller' : 'that have no controller']),
    ...(pick.where === undefined ? [] : [`where ${claim(pick.where)}`]),
  ];
  return parts.join(' ');
}

function claim(where: Where): string {
  switch (where.kind) {
    case 'has':
      return `\`${where.path}\` is there`;
    case 'equals':
      return `\`${where.path}\` is \`${JSON.stringify(where.value)}\``;
    case 'matches':
      return `\`${where.path}\` matches \`${where.pattern}\``;
    case 'condition':
      return `the condition \`${where.type}\` is \`${where.status}\``;
    case 'newer':
      return `\`${where.path}\` is later than ${paths(where.than)}`;
    case 'not':
      return `not (${claim(where.of)})`;
    case 'all':
      return where.of.map(claim).join(' and ');
    case 'any':
      return where.of.map((one) => (one.kind === 'all' ? `(${claim(one)})` : claim(one))).join(' or ');
  }
}

function paths(all: readonly string[]): string {
  return all.map((path) => `\`${path}\``).join(', ');
}
