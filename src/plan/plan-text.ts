import { isJsonObject, type Json } from '../objects/json.ts';
import { planFault } from './codes.ts';
import { planDigest } from './make-plan.ts';
import { PLAN_FORMAT, type Plan } from './plan.ts';

/** The plan as JSON, a step a line, so that a diff of two plans reads well. Ends with a newline. */
export function planText(plan: Plan): string {
  const lists = ['steps', 'omissions', 'findings', 'refusals', 'checks'] as const;
  const rest = Object.entries(plan).filter(([name]) => !(lists as readonly string[]).includes(name));
  const head = rest.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const bodies = lists.map(
    (name) =>
      `${JSON.stringify(name)}: [${plan[name].map((item) => `\n  ${JSON.stringify(item)}`).join(',')}${plan[name].length > 0 ? '\n' : ''}]`,
  );
  return `{\n${[...head, ...bodies].join(',\n')}\n}\n`;
}

/** Reads what `planText` wrote. `PLAN-FORMAT` for another format, `PLAN-DAMAGED` when the digest is not that of the content. */
export function readPlan(text: string): Plan {
  const hint = 'make the plan again with `seaworthy plan --out FILE`';
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw planFault('PLAN-DAMAGED', 'the plan file is no JSON', { hint, cause });
  }
  if (!isJsonObject(value) || typeof value.format !== 'string')
    throw planFault('PLAN-DAMAGED', 'the file holds no plan', { hint });
  if (value.format !== PLAN_FORMAT) {
    throw planFault('PLAN-FORMAT', `the plan file has the format ${value.format}; this version reads ${PLAN_FORMAT}`, {
      hint,
    });
  }
  const plan = value as unknown as Plan;
  if (!Array.isArray(plan.steps) || planDigest(plan) !== plan.digest)
    throw planFault('PLAN-DAMAGED', 'the plan file was changed after it was made: its digest does not fit', { hint });
  return plan;
}
