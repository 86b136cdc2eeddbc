import { compareText } from '../objects/key.ts';
import { count } from './count.ts';
import { type Plan, STAGES, type Stage, type Step } from './plan.ts';

/** The plan at a glance: a row a stage and kind of action, then what is left out, held, found and refused. */
export function renderTable(plan: Plan): string {
  const figures = count(plan);
  const rows: string[][] = [['STAGE', 'ACTION', 'RESOURCE', 'OBJECTS']];
  for (const stage of STAGES) {
    const groups = new Map<string, number>();
    for (const step of plan.steps) {
      if (step.stage !== stage || step.kind === 'barrier') continue;
      const what = `${step.kind} ${resourceOf(step)}`;
      groups.set(what, (groups.get(what) ?? 0) + 1);
    }
    for (const [what, number] of [...groups].sort((a, b) => compareText(a[0], b[0]))) {
      const [action = '', resource = ''] = what.split(' ');
      rows.push([stage, action, resource, String(number)]);
    }
  }
  const lines = [
    table(rows),
    '',
    `${figures.objects} objects in the point: ${figures.byAction.create} created, ${figures.byAction.adopt} adopted, ${figures.byAction.merge} merged, ${sum(figures.omitted)} omitted, ${sum(figures.withheld)} withheld; about ${figures.writes} writes`,
  ];
  for (const [kind, counts] of [
    ['omitted', figures.omitted],
    ['withheld', figures.withheld],
  ] as const) {
    for (const [code, number] of Object.entries(counts)) lines.push(`  ${kind} ${String(number).padStart(6)}  ${code}`);
  }
  for (const severity of ['danger', 'warning'] as const) {
    const found = plan.findings.filter((finding) => finding.severity === severity);
    for (const { reason } of found.slice(0, 20)) lines.push(`${severity}: ${reason.code}: ${reason.sentence}`);
    if (found.length > 20) lines.push(`... and ${found.length - 20} more of severity ${severity}: see -o json`);
  }
  for (const { reason, hint } of plan.refusals.slice(0, 20))
    lines.push(`refused: ${reason.code}: ${reason.sentence}`, `  ${hint}`);
  if (plan.refusals.length > 20) lines.push(`... and ${plan.refusals.length - 20} more refusals: see -o json`);
  return `${lines.join('\n')}\n`;
}

/** The plan as people think of it: what is owned stands below its owner. */
export function renderTree(plan: Plan): string {
  const children = new Map<string, Step[]>();
  const roots: Step[] = [];
  for (const step of plan.steps) {
    if (step.kind === 'barrier') continue;
    const parent = parentOf(step);
    if (parent === undefined) roots.push(step);
    else children.set(parent, [...(children.get(parent) ?? []), step]);
  }
  const lines: string[] = [];
  const seen = new Set<Step>();
  const draw = (step: Step, before: string, turn: string): void => {
    if (seen.has(step)) return;
    seen.add(step);
    lines.push(`${before}${turn}${labelOf(step)}`);
    const key =
      'target' in step && (step.kind === 'create' || step.kind === 'adopt' || step.kind === 'merge')
        ? step.target.key
        : undefined;
    const below = key === undefined ? [] : (children.get(key) ?? []);
    const inner = turn === '' ? before : `${before}${turn.startsWith('└') ? '   ' : '│  '}`;
    for (const [index, child] of below.entries()) draw(child, inner, index === below.length - 1 ? '└─ ' : '├─ ');
  };
  const byStage = new Map<Stage, Step[]>(STAGES.map((stage) => [stage, []]));
  for (const step of roots) byStage.get(step.stage)?.push(step);
  for (const [stage, steps] of byStage) {
    if (steps.length === 0) continue;
    lines.push(`${stage}`);
    for (const step of steps) draw(step, '  ', '');
  }
  // What hangs on itself has no root: shown all the same.
  for (const step of plan.steps) if (step.kind !== 'barrier' && !seen.has(step)) draw(step, '  ', '');
  return `${lines.join('\n')}\n`;
}

function parentOf(step: Step): string | undefined {
  if (step.kind === 'amend' || step.kind === 'copy') return step.target.key;
  if (step.kind !== 'create') return undefined;
  const link = step.writing.owners.find((owner) => owner.kind === 'relink');
  return link?.kind === 'relink' ? link.owner : undefined;
}
function labelOf(step: Step): string {
  const marks = [
    ...(step.kind === 'create' && step.writing.owners.some((owner) => owner.kind === 'drop') ? ['owner dropped'] : []),
    ...('wait' in step && step.wait !== undefined ? [`waits: ${step.wait.kind}`] : []),
    ...(step.kind === 'release' && step.consent !== undefined ? [`asks for --${step.consent.flag}`] : []),
  ];
  return `${step.id}${marks.length === 0 ? '' : `  [${marks.join('; ')}]`}`;
}
function resourceOf(step: Step): string {
  if ('target' in step)
    return step.target.group === '' ? step.target.resource : `${step.target.resource}.${step.target.group}`;
  return step.system ?? '';
}
function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
