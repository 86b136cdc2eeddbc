import type { Plan } from '../../plan/plan.ts';
import type { CheckResult } from '../../recover/checks/check.ts';
import type { RunResult, StepReport } from '../../recover/result.ts';
import { amountOf, timeText } from './amounts.ts';
import { columns } from './columns.ts';
import { nextAfter } from './next-after.ts';
import { type Paint, paintFor } from './paint.ts';

const SHOWN = 20;

/** What a recovery came to: steps, checks, and everything that is not as it should be, with what to do about it. */
export function resultText(plan: Plan, result: RunResult, colour: boolean): string {
  const paint = paintFor(colour);
  return [
    stepsText(plan, result),
    checksText(result.checks),
    ...list('failed', 'danger', result.failed, paint),
    ...list('blocked', 'warning', result.blocked, paint),
    ...list('withheld', 'warning', result.withheld, paint),
    ...list('lost something', 'warning', result.lost, paint),
    ...list('gave up a value that the target refused', 'warning', result.yields, paint),
    ...list('could not be seen', 'warning', result.remarks, paint),
    ...checkList('failed', 'danger', result.checks, paint),
    ...checkList('not run', 'warning', result.checks, paint),
    ...(result.notHeld.length === 0
      ? []
      : [
          `${paint('warning', 'not held')}: ${result.notHeld.join(', ')}: no workload of it was found, so nothing holds it\n`,
        ]),
    ending(result, paint),
  ].join('\n');
}

/** Said of the whole: never more than was measured. */
function ending({ exit, counts, checks }: RunResult, paint: Paint): string {
  const undone = counts.failed + counts.blocked + counts.withheld;
  if (exit !== 0) {
    const next = undone > 0 ? 'the same command goes on with what is not done' : 'every step is done';
    return `${paint('warning', 'recovered in part')}: ${next}; see above\n`;
  }
  const open = checks.filter(({ status }) => status === 'not run').length;
  const except = open === 0 ? ' and verified' : `; ${amountOf(open, 'check')} not run, for want of a node`;
  return `${paint('good', 'recovered')}: everything planned is there${except}\n`;
}

function stepsText(plan: Plan, { counts, adopted, failed, blocked, withheld, seconds, writes }: RunResult): string {
  const undone = new Set([...failed, ...blocked, ...withheld].map(({ id }) => id));
  const merged = plan.steps.filter(({ kind, id }) => kind === 'merge' && !undone.has(id)).length;
  const table = columns(
    ['STEPS', 'COUNT'],
    [
      ['done', String(counts.done)],
      ['  of them adopted', String(adopted.length)],
      ['  of them merged', String(merged)],
      ['withheld', String(counts.withheld)],
      ['failed', String(counts.failed)],
      ['blocked', String(counts.blocked)],
    ],
  );
  const rate = seconds > 0 ? `, ${Math.round(writes / seconds)} a second` : '';
  return `${table}${amountOf(writes, 'write')} in ${timeText(seconds * 1000)}${rate}\n`;
}

/** A check that speaks of objects one by one counts once for each. */
function checksText(checks: readonly CheckResult[]): string {
  const kinds = [...new Set(checks.map(({ kind }) => kind))].sort();
  const number = (kind: string, status: string): string =>
    String(checks.filter((check) => check.kind === kind && check.status === status).length);
  return columns(
    ['CHECK', 'VERIFIED', 'FAILED', 'NOT RUN'],
    kinds.map((kind) => [kind, number(kind, 'verified'), number(kind, 'failed'), number(kind, 'not run')]),
  );
}

function list(title: string, tone: Parameters<Paint>[0], reports: readonly StepReport[], paint: Paint): string[] {
  if (reports.length === 0) return [];
  const lines = reports.slice(0, SHOWN).flatMap(({ id, reason: { code, sentence } }) => entry(id, code, sentence));
  return [headed(title, tone, lines, reports.length, paint)];
}

function checkList(
  status: CheckResult['status'],
  tone: Parameters<Paint>[0],
  checks: readonly CheckResult[],
  paint: Paint,
) {
  const found = checks.filter((check) => check.status === status);
  if (found.length === 0) return [];
  const lines = found.slice(0, SHOWN).flatMap(({ id, code, sentence }) => entry(id, code, sentence));
  return [headed(`checks ${status}`, tone, lines, found.length, paint)];
}

function entry(id: string, code: string, sentence: string): string[] {
  const next = nextAfter(code);
  return [`  ${id}`, `    ${code}: ${sentence}`, ...(next === undefined ? [] : [`    ${next}`])];
}

function headed(
  title: string,
  tone: Parameters<Paint>[0],
  lines: readonly string[],
  total: number,
  paint: Paint,
): string {
  const more = total > SHOWN ? [`  ... and ${total - SHOWN} more: see -o json`] : [];
  return `${[`${paint(tone, title)}: ${total}`, ...lines, ...more].join('\n')}\n`;
}
