import type { Rule, System, WorkloadPick } from '../../src/knowledge/language.ts';
import { code, page, table } from './markdown.ts';
import { doesWhat, which } from './rule-words.ts';

/** In the order in which people ask: what does not come back, what is changed, what waits, what is verified. */
const CHAPTERS: readonly (readonly [string, readonly Rule['kind'][]])[] = [
  ['What is not written', ['omit', 'minted']],
  ['What is removed or kept', ['remove', 'status', 'yield', 'mention', 'unlist', 'ignore']],
  ['What is delayed, and the order', ['later', 'refers', 'judges', 'backend']],
  ['What belongs together', ['whole', 'data']],
  ['What is reported', ['hazard']],
  ['What is verified', ['ready', 'external']],
];

/** Everything that the rules of one system do. */
export function knowledgePage(system: System): string {
  const { title, tried, facts, members, rules, control } = system;
  const about = [
    ...(tried.length === 0 ? [] : [`Tried with ${tried.join(', ')}.`]),
    ...(facts.length === 0
      ? []
      : [`Sources: ${facts.join(', ')} (in the last column, the measurement that a rule comes from).`]),
  ].join(' ');
  return page(
    `# ${title}`,
    ...(about === '' ? [] : [about]),
    'Everything that no rule speaks of comes back as it was captured. Of several rules of one kind that fit an object the first counts.',
    ...(members.length === 0
      ? []
      : [
          '## Members',
          'Its release waits for all of these and for what they own:',
          members.map((pick) => `- ${which(pick)}`).join('\n'),
        ]),
    ...(control === undefined
      ? []
      : [
          '## What holds it',
          'These workloads come back at 0 replicas, or are scaled to 0 with `--hold-existing`, until its release:',
          control.workloads.map((pick) => `- ${workload(pick)}`).join('\n'),
          ...(control.webhooks.length === 0
            ? []
            : [
                'These webhook configurations stay away until then, and any whose every rule speaks of its groups:',
                control.webhooks.map((name) => `- ${code(name)}`).join('\n'),
              ]),
        ]),
    ...CHAPTERS.flatMap(([chapter, kinds]) =>
      chapterOf(
        chapter,
        rules.filter(({ kind }) => kinds.includes(kind)),
      ),
    ),
  );
}

function chapterOf(title: string, rules: readonly Rule[]): string[] {
  if (rules.length === 0) return [];
  const rows = rules.map((rule) => [code(rule.code), which(rule.on), doesWhat(rule), rule.why]);
  return [`## ${title}`, table(['code', 'objects', 'what', 'why'], rows)];
}

function workload({ resource, label, image }: WorkloadPick): string {
  const parts = [
    ...(label === undefined ? [] : [`with the label \`${label.name}${label.value === '' ? '' : `=${label.value}`}\``]),
    ...(image === undefined ? [] : [`with an image that matches \`${image}\``]),
  ];
  return `${code(resource)} ${parts.join(' and ')}`;
}
