import type { Cluster } from '../cluster/port.ts';
import type { KubeObject } from '../objects/json.ts';
import { type KeyText, parseKeyText } from '../objects/key.ts';
import { getAt } from '../objects/pointer.ts';
import type { Plan } from '../plan/plan.ts';
import type { Stage } from './stage.ts';

/** A database of the plan. Whether its data comes back nobody here can say. */
export interface DatabaseFate {
  readonly key: KeyText;
  readonly system: string;
  /** As its operator's model left it; `not run` where none acted or where it depends on what is not known here. */
  readonly phase: string;
  readonly data: 'not run';
  readonly sentence: string;
}

/** Looks at each database in the end. */
export async function databasesOf(
  plan: Plan,
  { cluster, acting }: { readonly cluster: Cluster; readonly acting: Stage['acting'] },
  unknown: ReadonlyMap<KeyText, string>,
): Promise<DatabaseFate[]> {
  const versions = new Map(plan.steps.flatMap((step) => ('target' in step ? [[step.target.key, step.target]] : [])));
  const fates: DatabaseFate[] = [];
  for (const check of plan.checks) {
    if (check.kind !== 'data') continue;
    const { key, system, sentence } = check;
    const target = versions.get(key);
    const place = parseKeyText(key);
    if (target === undefined || place === undefined) continue;
    const why = unknown.get(key);
    const acts = acting(system, key.slice(0, key.indexOf('/')) as never) === 'acts';
    const answer = acts && why === undefined ? await cluster.get({ ...place, version: target.version }) : undefined;
    const phase = answer?.kind === 'accepted' ? phaseOf(answer.object) : answer === undefined ? 'not run' : 'not there';
    fates.push({ key, system, phase, data: 'not run', sentence: why === undefined ? sentence : `${sentence}; ${why}` });
  }
  return fates;
}

function phaseOf(object: KubeObject): string {
  const phase = getAt(object, '/status/phase');
  return typeof phase === 'string' && phase !== '' ? phase : 'none yet';
}
