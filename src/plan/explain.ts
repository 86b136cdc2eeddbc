import type { KeyText } from '../objects/key.ts';
import type { Plan, Step } from './plan.ts';

/** Everything that the plan says of one object, as lines for people. Empty when the plan does not know the key. */
export function explain(plan: Plan, key: KeyText): string[] {
  const omission = plan.omissions.find((one) => one.key === key);
  const steps = plan.steps.filter((step) => 'target' in step && step.target.key === key);
  const lines: string[] = [];
  if (omission !== undefined)
    lines.push(
      `${key}: ${omission.kind}, origin ${omission.origin}`,
      `  ${omission.reason.code}: ${omission.reason.sentence}`,
    );
  for (const step of steps) lines.push(...explainStep(step));
  const behind = plan.steps
    .filter((step) => steps.some((own) => step.needs.includes(own.id) || step.after.includes(own.id)))
    .map((step) => step.id);
  if (behind.length > 0)
    lines.push(`waited for by ${behind.length}: ${behind.slice(0, 8).join(', ')}${behind.length > 8 ? ', ...' : ''}`);
  for (const finding of plan.findings.filter((one) => one.key === key))
    lines.push(`${finding.severity}: ${finding.reason.code}: ${finding.reason.sentence}`);
  for (const refusal of plan.refusals.filter((one) => one.key === key))
    lines.push(`refused: ${refusal.reason.code}: ${refusal.reason.sentence}`, `  ${refusal.hint}`);
  for (const check of plan.checks)
    if ('key' in check && check.key === key)
      lines.push(
        `verified after the run: ${check.kind}${check.kind === 'external' ? ` ${check.path} = ${JSON.stringify(check.value)}` : ''}`,
      );
  return lines;
}

function explainStep(step: Step): string[] {
  const lines = [`${step.id} (stage ${step.stage}${step.system === undefined ? '' : `, system ${step.system}`})`];
  if ('source' in step)
    lines.push(
      `  from the vault: row ${step.source.row}, sha256 ${step.source.digest.slice(0, 16)}, captured uid ${step.source.uid}`,
    );
  for (const id of step.needs) lines.push(`  needs ${id}`);
  if (step.after.length > 0)
    lines.push(
      `  after ${step.after.slice(0, 6).join(', ')}${step.after.length > 6 ? ` and ${step.after.length - 6} more` : ''}`,
    );
  if (step.kind === 'create' || step.kind === 'copy') {
    for (const link of step.writing.owners)
      if (link.kind !== 'drop')
        lines.push(
          `  owner ${link.owner}: ${link.kind === 'living' ? `lives in the target as ${link.uid}` : link.when === 'create' ? 'relinked' : 'relinked by a second write'}`,
        );
    if (step.writing.status === 'after') lines.push('  its status is written after it');
    if (step.writing.fields === 'restore') lines.push('  its managed fields are written back last');
    for (const { path, reason } of step.writing.yields) lines.push(`  ${path} is kept where free (${reason.code})`);
  }
  if ('wait' in step && step.wait !== undefined)
    lines.push(
      `  waits for ${step.wait.kind}${step.wait.kind === 'backend' ? ` ${[...step.wait.services, ...step.wait.urls].join(', ')}` : ''}`,
    );
  for (const reason of step.reasons) lines.push(`  ${reason.code}: ${reason.sentence}`);
  lines.push(`  undo: ${step.undo}`);
  return lines;
}
