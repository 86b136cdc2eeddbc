import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resultText } from '../../src/cli/render/result-text.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { readPlan } from '../../src/plan/plan-text.ts';
import type { RunResult } from '../../src/recover/result.ts';
import { type ControlPlane, startControlPlane } from '../../test/control-plane/fixture.ts';
import { compareClusters } from './compare.ts';
import { postAsCaptured } from './contrast.ts';
import { controlPlane } from './control-plane.ts';
import { type Holding, readBack } from './read-back.ts';
import { rebuildFrom } from './recorded.ts';
import { Seaworthy } from './seaworthy.ts';
import { chapter, say, verdicts } from './telling.ts';
import { Api } from './world/api.ts';
import { makeCrossplane } from './world/crossplane.ts';
import { makePostgres } from './world/postgres.ts';
import { makeTenants } from './world/tenants.ts';

const SETTLE_SECONDS = 10;
const CONTRAST_SECONDS = 10;

/** Plays the demo and returns the exit code: 0 when everything held, 1 when something did not, 4 when it could not run. */
export async function realDemo(words: readonly string[]): Promise<number> {
  const data = words[0] === '--data' ? (words[1] ?? '') : undefined;
  if (words.length > 0 && data === undefined) {
    say('npm run demo -- --real [--data FILE.objects.jsonl]');
    return 2;
  }
  const available = await controlPlane();
  if ('exit' in available) return available.exit;
  await using open = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-demo-'));
  open.defer(() => rm(folder, { recursive: true, force: true }));

  chapter(`Production: a Kubernetes ${available.version} control plane`);
  const production = open.use(await startControlPlane({ controllerManager: data === undefined }));
  if (data === undefined) await makeWorld(production);
  else say(await rebuildFrom(production, data));
  const lost = await readBack(production);
  say(`${lost.size} objects are there now, ${owned(lost)} of them owned by another one`);

  const seaworthy = new Seaworthy(folder);
  await seaworthy.know({ production });
  chapter('Before the loss: one command captures it');
  const captured = await seaworthy.run('capture --vault vault --context production');
  if (captured.code !== 0) return failed('the capture', captured.code);

  chapter('Production is lost; a new, empty control plane stands by');
  await production.stop();
  const fresh = open.use(await startControlPlane());
  await seaworthy.know({ new: fresh });
  say('what would come back, and what not, before anything is written:');
  const planned = await seaworthy.run('plan --vault vault --point latest --context new --out plan.json');
  if (planned.code !== 0 && planned.code !== 3) return failed('the plan', planned.code);
  const plan = readPlan(await readFile(join(folder, 'plan.json'), 'utf8'));

  chapter('It is brought back');
  const recovery = `recover --vault vault --plan plan.json --context new --settle ${SETTLE_SECONDS} -o json`;
  const ran = await seaworthy.run(recovery, true);
  if (ran.code !== 0 && ran.code !== 3) return failed('the recovery', ran.code);
  const result = JSON.parse(ran.out) as RunResult;
  process.stdout.write(`\n${resultText(plan, result, false)}`);
  const found = await readBack(fresh);
  await sleep(3_000);
  const later = await readBack(fresh);
  const contrast = await withoutRelinking(open, lost, plan, [fresh]);

  chapter('What the servers say');
  const rows = compareClusters(lost, found, later, written(plan, result));
  verdicts(rows);
  tellLeftOut(plan, result);
  say('');
  const { posted, owned: linked, gone, what } = contrast;
  say(
    `without relinking, of the same ${posted} objects, ${linked} of them owned, ${gone} were deleted within ${CONTRAST_SECONDS} s: ${what}`,
  );

  chapter('Try next');
  say('npm run seaworthy -- capture --vault ./vault --context YOUR-CLUSTER');
  say('npm run seaworthy -- plan --vault ./vault --context A-TEST-CLUSTER');
  say('npm run seaworthy -- plan explain KEY --vault ./vault --context A-TEST-CLUSTER');
  return rows.every(({ good }) => good) ? 0 : 1;
}

async function makeWorld(plane: ControlPlane): Promise<void> {
  const api = new Api(plane);
  say('three teams with their applications, one of them under GitOps');
  await makeTenants(api);
  say(
    'Crossplane: two claims, their composites, cloud resources with names that no Git knows, passwords given only once',
  );
  await makeCrossplane(api);
  say('CloudNativePG: a database with the Services, Secrets and the volume that its operator made for it');
  await makePostgres(api, 'team-a');
  // The controller manager still makes ReplicaSets, Pods, Endpoints.
  await sleep(3_000);
}

function owned(holding: Holding): number {
  return [...holding.values()].filter(({ metadata }) => metadata.ownerReferences !== undefined).length;
}

/** Keys that the plan writes, less what the run says it withheld. */
function written(plan: Plan, result: RunResult): string[] {
  const withheld = new Set(result.withheld.map(({ id }) => id));
  return plan.steps.flatMap((step) => (step.kind === 'create' && !withheld.has(step.id) ? [step.target.key] : []));
}

async function withoutRelinking(
  open: AsyncDisposableStack,
  lost: Holding,
  plan: Plan,
  done: readonly ControlPlane[],
): Promise<{ readonly posted: number; readonly owned: number; readonly gone: number; readonly what: string }> {
  chapter('For contrast: the same objects, with their owners as they were captured, on a third control plane');
  for (const plane of done) await plane.stop();
  const third = open.use(await startControlPlane({ controllerManager: false }));
  const keys = plan.steps.flatMap((step) => (step.kind === 'create' ? [step.target.key] : []));
  const contrast = await postAsCaptured(third, lost, keys, CONTRAST_SECONDS);
  const gone = Object.values(contrast.lost).reduce((sum, count) => sum + count, 0);
  say(
    `${contrast.posted} posted, ${contrast.refused} refused; ${CONTRAST_SECONDS} s after the garbage collector started ${gone} are deleted or being deleted`,
  );
  const what = Object.entries(contrast.lost).map(([resource, count]) => `${count} ${resource}`);
  return { posted: contrast.posted, owned: contrast.owned, gone, what: what.join(', ') };
}

/** Everything that is not back, by code. */
function tellLeftOut(plan: Plan, result: RunResult): void {
  const counts = new Map<string, number>();
  const add = (kind: string, code: string): void =>
    void counts.set(`${kind} ${code}`, (counts.get(`${kind} ${code}`) ?? 0) + 1);
  for (const { kind, reason } of plan.omissions) add(kind, reason.code);
  for (const { reason } of result.withheld) add('withheld', reason.code);
  for (const { reason } of result.failed) add('failed', reason.code);
  for (const { status, code } of result.checks) if (status === 'not run') add('not run', code);
  say('');
  say('left out, withheld or not verified, and why (`seaworthy plan explain KEY` says it for each object):');
  for (const [what, count] of [...counts].sort()) say(`  ${String(count).padStart(5)}  ${what}`);
}

function failed(what: string, code: number): number {
  say(`${what} ended with exit code ${code}: the demo stops here`);
  return 1;
}
