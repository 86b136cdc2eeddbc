import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { canonicalHash } from '../objects/canonical.ts';
import type { Uid } from '../objects/key.ts';
import type { Plan, Policy } from '../plan/plan.ts';
import { readPlan } from '../plan/plan-text.ts';

/** Where a run is kept unless the caller says otherwise: the same point, target and policy always meet the same folder. */
export function runFolder(
  run: { readonly point: string; readonly fingerprint: Uid; readonly policy: Policy },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const state = environment.XDG_STATE_HOME || join(environment.HOME || homedir(), '.local', 'state');
  const name = `${run.point}-${run.fingerprint.slice(0, 8)}-${canonicalHash(run.policy).slice(0, 8)}`;
  return join(state, 'seaworthy', 'runs', name);
}

/** The plan of a run that was begun and has not been completed: it is carried on, not planned anew. Faults as `readPlan` does. */
export function begunPlan(folder: string): Plan | undefined {
  const path = join(folder, 'plan.json');
  if (!existsSync(path) || stateOf(folder) !== 'begun') return undefined;
  return readPlan(readFileSync(path, 'utf8'));
}

/** `begun`: its log has a record, and its newest end, if any, left something to do. A torn record is none. */
function stateOf(folder: string): 'new' | 'begun' | 'complete' {
  const path = join(folder, 'log.jsonl');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).trimEnd();
  if (lines === '') return 'new';
  const last = lines.slice(lines.lastIndexOf('\n') + 1);
  return /"t":"finished"/.test(last) && /"complete":true/.test(last) ? 'complete' : 'begun';
}

/** Makes the folder (0700) and puts the plan into it (0600), unless a run was begun in it. A completed run is moved aside first. */
export function prepareFolder(folder: string, planText: string): void {
  const state = stateOf(folder);
  if (state === 'complete') renameSync(folder, asideOf(folder));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const path = join(folder, 'plan.json');
  if (state === 'begun' && existsSync(path)) return;
  // Whole or not at all: a plan half written would stop the next run. Two beginners do not meet in one file.
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, planText, { mode: 0o600 });
  renameSync(fresh, path);
}

function asideOf(folder: string): string {
  for (let number = 1; ; number++) {
    const aside = `${folder}.finished-${number}`;
    if (!existsSync(aside)) return aside;
  }
}
