import { readFile, writeFile } from 'node:fs/promises';
import type { Plan } from '../plan/plan.ts';
import { readPlan } from '../plan/plan-text.ts';
import { cliFault } from './codes.ts';

/** The plan in a file. `FILE-UNREADABLE`, or what `readPlan` raises. */
export async function readPlanFile(path: string): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw cliFault('FILE-UNREADABLE', `The plan ${path} cannot be read.`, {
      hint: 'Make one with `seaworthy plan --out FILE`.',
      cause,
    });
  }
  return readPlan(text);
}

/** Writes a plan (0600: it names everything in the cluster); a file that is there is replaced. */
export async function writePlanFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (cause) {
    throw cliFault('FILE-UNWRITABLE', `The plan cannot be written to ${path}.`, {
      hint: 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  }
}
