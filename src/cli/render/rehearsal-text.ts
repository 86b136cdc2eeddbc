import { EXIT } from '../../outcome/fault.ts';
import type { PlanDigest } from '../../plan/plan.ts';
import { type Fate, OUTCOMES, type Outcome } from '../../rehearsal/fates.ts';
import type { JudgedCheck } from '../../rehearsal/judged-checks.ts';
import type { RehearsalReport } from '../../rehearsal/report.ts';
import { amountOf, timeText } from './amounts.ts';
import { columns } from './columns.ts';
import { type Paint, paintFor } from './paint.ts';
import { planHead } from './plan-head.ts';

export interface RehearsalTextOptions {
  /** Every object, not only what is not plain. */
  readonly all: boolean;
  readonly colour: boolean;
}

const SHOWN = 10;
const TONES: Readonly<Partial<Record<Outcome, 'danger' | 'warning'>>> = {
  refused: 'danger',
  collected: 'danger',
  deleted: 'danger',
  replaced: 'danger',
  blocked: 'warning',
  withheld: 'warning',
};

/** The prediction for people: head, verdict, counts, then what is not plain. Ends with a newline. */
export function rehearsalText(report: RehearsalReport, { all, colour }: RehearsalTextOptions): string {
  const paint = paintFor(colour);
  const { point, target, policy, plan } = report;
  const head = `${planHead({ point, target, policy, digest: plan as PlanDigest })}${verdict(report, paint)}`;
  if (report.refusals.length > 0) return `${head}${refusalsText(report)}`;
  const parts = [
    columns(
      ['OBJECTS', 'COUNT'],
      OUTCOMES.filter((one) => report.counts[one] > 0).map((one) => [one, String(report.counts[one])]),
    ),
    ...(all ? [everyObject(report.objects)] : notPlain(report.objects, paint)),
    ...assumedText(report),
    ...changedText(report),
    ...madeText(report),
    outsideText(report, paint),
    ...databasesText(report),
    ...checksText(report.checks, paint),
    estimateText(report),
  ];
  return [head, ...parts].join('\n');
}

function verdict({ exit, stage, refusals, tookSeconds }: RehearsalReport, paint: Paint): string {
  const where = `${stage.began === 'empty' ? 'an empty cluster with the Service ranges of the captured one' : 'a cluster like the target'}${stage.nodes ? '' : ' without nodes'}`;
  const took = `rehearsed in ${where}, ${timeText(tookSeconds * 1000)}; nothing was written anywhere else`;
  const says =
    refusals.length > 0
      ? paint('danger', 'would be refused')
      : exit === EXIT.fine
        ? paint('good', 'would come back, every check verified')
        : paint('warning', 'would not all come back, or could not all be tried');
  return `\n${says} (${took})\n`;
}

function refusalsText({ refusals }: RehearsalReport): string {
  return refusals
    .slice(0, SHOWN)
    .map(({ reason, hint }) => `  ${reason.code}: ${reason.sentence}\n    ${hint}\n`)
    .concat(more(refusals.length))
    .join('');
}

function everyObject(objects: readonly Fate[]): string {
  return columns(
    ['OUTCOME', 'OBJECT', 'WHY'],
    objects.map(({ outcome, key, reason }) => [
      outcome,
      key,
      reason === undefined ? '' : `${reason.code}: ${reason.sentence}`,
    ]),
  );
}

function notPlain(objects: readonly Fate[], paint: Paint): string[] {
  return OUTCOMES.flatMap((outcome) => {
    const tone = TONES[outcome];
    const found = tone === undefined ? [] : objects.filter((one) => one.outcome === outcome);
    if (tone === undefined || found.length === 0) return [];
    const lines = found
      .slice(0, SHOWN)
      .map(({ key, reason }) => `  ${key}\n    ${reason?.code}: ${reason?.sentence}\n`)
      .concat(more(found.length));
    return [`${paint(tone, outcome)}: ${found.length}\n${lines.join('')}`];
  });
}

function assumedText({ assumed }: RehearsalReport): string[] {
  if (assumed.length === 0) return [];
  const lines = assumed.map(
    ({ flag, why }) =>
      `  --${flag}: ${why.slice(0, 3).join('; ')}${why.length > 3 ? `; and ${why.length - 3} more` : ''}\n`,
  );
  return [`taken as consented, which the recovery will ask for:\n${lines.join('')}`];
}

/** By controller: how many objects it changes, and where. */
function changedText({ objects }: RehearsalReport): string[] {
  const by = new Map<string, { objects: number; places: Set<string> }>();
  for (const { changed } of objects)
    for (const { by: who, places } of changed ?? []) {
      const group = by.get(who) ?? { objects: 0, places: new Set<string>() };
      group.objects++;
      for (const place of places) group.places.add(place);
      by.set(who, group);
    }
  if (by.size === 0) return [];
  const rows = [...by].sort().map(([who, { objects: count, places }]) => {
    const some = [...places].slice(0, 4).join(' ');
    return [who, String(count), `${some}${places.size > 4 ? ` and ${places.size - 4} more places` : ''}`];
  });
  return [columns(['THEN CHANGED BY', 'OBJECTS', 'AT'], rows)];
}

function madeText({ made }: RehearsalReport): string[] {
  if (made.length === 0) return [];
  return [
    columns(
      ['THEN MADE BY', 'KIND', 'COUNT'],
      made.map(({ by, resource, keys }) => [by, resource, String(keys.length)]),
    ),
  ];
}

function outsideText({ outside, secrets, lost }: RehearsalReport, paint: Paint): string {
  const { created, deleted, twice } = outside;
  const lines = [
    `outside: ${created.length} created, ${deleted.length} deleted, ${twice.length} twice\n`,
    ...twice
      .slice(0, SHOWN)
      .map((group) => `  ${paint('danger', 'twice')}: ${group.map(({ kind, id }) => `${kind} ${id}`).join(', ')}\n`),
    ...deleted.slice(0, SHOWN).map(({ kind, id }) => `  ${paint('danger', 'deleted')}: ${kind} ${id}\n`),
    `secrets: ${secrets.kept} hold what they held, ${secrets.changed.length} changed, ${secrets.gone.length} gone\n`,
    ...[...secrets.changed, ...secrets.gone].slice(0, SHOWN).map((key) => `  ${key}\n`),
    ...(lost.length === 0 ? [] : [`${paint('danger', 'deleted of what was in the target')}: ${lost.length}\n`]),
    ...lost.slice(0, SHOWN).map(({ key, by }) => `  ${key} by ${by}\n`),
  ];
  return lines.join('');
}

function databasesText({ databases }: RehearsalReport): string[] {
  if (databases.length === 0) return [];
  const rows = databases.slice(0, SHOWN).map(({ key, phase, data }) => [key, phase, data]);
  return [`${columns(['DATABASE', 'PHASE', 'DATA'], rows)}${more(databases.length)}`];
}

function checksText(checks: readonly JudgedCheck[], paint: Paint): string[] {
  const kinds = [...new Set(checks.map(({ kind }) => kind))].sort();
  const count = (kind: string, status: string): string =>
    String(checks.filter((check) => check.kind === kind && check.status === status).length);
  const table = columns(
    ['CHECK', 'VERIFIED', 'FAILED', 'NOT RUN'],
    kinds.map((kind) => [kind, count(kind, 'verified'), count(kind, 'failed'), count(kind, 'not run')]),
  );
  const failed = checks.filter(({ status }) => status === 'failed');
  const open = Map.groupBy(
    checks.filter(({ status }) => status === 'not run'),
    ({ code }) => code,
  );
  return [
    table,
    ...(failed.length === 0
      ? []
      : [
          `${paint('danger', 'checks failed')}: ${failed.length}\n${failed
            .slice(0, SHOWN)
            .map(({ id, code, sentence }) => `  ${id}\n    ${code}: ${sentence}\n`)
            .concat(more(failed.length))
            .join('')}`,
        ]),
    ...[...open].map(
      ([code, found]) =>
        `${paint('warning', 'not run')}: ${found.length} ${code}\n${found
          .slice(0, 3)
          .map(({ sentence }) => `  ${sentence}\n`)
          .join('')}${found.length > 3 ? `  ... and ${found.length - 3} more: see -o json\n` : ''}`,
    ),
  ];
}

function estimateText({ estimate }: RehearsalReport): string {
  const { writes, writeSeconds, waitSeconds, settleSeconds, seconds, from } = estimate;
  const parts = [
    `${amountOf(writes, 'write')} in ${timeText(writeSeconds * 1000)}`,
    `waiting ${timeText(waitSeconds * 1000)}`,
    `settling ${timeText(settleSeconds * 1000)}`,
  ];
  return `duration: about ${timeText(seconds * 1000)}: ${parts.join(', ')}\n  rate: ${from}\n`;
}

const more = (count: number): string =>
  count > SHOWN ? `  ... and ${count - SHOWN} more: see --all or -o json\n` : '';
