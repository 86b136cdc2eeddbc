import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../src/plan/plan.ts';
import { planText, readPlan } from '../src/plan/plan-text.ts';
import type { RunResult } from '../src/recover/result.ts';
import { openVault } from '../src/vault/open-vault.ts';
import { Desk } from './desk.ts';
import { type Figures, figuresOf, objectsThatMatter } from './figures.ts';
import { readHolding } from './holding.ts';
import { type Incident, playIncident } from './incident.ts';
import { countRows, makeProduction } from './production.ts';
import type { Story } from './story.ts';
import { type ClosingRow, closingRows, type DataChecks } from './table.ts';
import { tellIncident, tellProduction, tellVelero } from './tellings.ts';
import { type BackedUp, type Restored, restore } from './velero/restore.ts';
import { Applier } from './world/apply.ts';
import { operators, tenancy } from './world/platform.ts';
import { copyOfCloud, openSite, type Site } from './world/site.ts';

export interface PlayOptions {
  readonly tenants: number;
  /** Where vault, plan and run logs are left. */
  readonly folder: string;
  /** Between planning and recovering: what a test does to the plan. */
  readonly alterPlan?: (plan: Plan) => Plan;
}
export interface Played {
  readonly incident: Incident;
  readonly restored: Restored;
  /** Lines of the second cluster's log in which the operator refused a Service. */
  readonly refusals: readonly string[];
  readonly rows: readonly ClosingRow[];
  readonly velero: Figures;
  readonly seaworthy: Figures;
  /** True when Seaworthy's column is what it must be. */
  readonly good: boolean;
}
/** The age of production when the story begins, in its own clock. */
const AGE_MS = 600_000;
/** Velero's measured pace: 49 objects a second (lab 4). */
const VELERO_STEP_MS = 20;
const AFTER_SECONDS = 120;

/** Plays the whole demo; every figure is read from a server, a cloud or a disk of the sandboxes. */
export async function play(story: Story, { tenants: count, folder, alterPlan }: PlayOptions): Promise<Played> {
  await using open = new AsyncDisposableStack();
  story.chapter('Production: a cluster with Crossplane and CloudNativePG');
  const production = await makeProduction(count, Date.now() - AGE_MS);
  const { site, tenants } = production;
  open.use(site);
  const lost = await readHolding(site.cluster);
  tellProduction(story, production, lost);

  const sites: Record<string, Site> = { production: site };
  const contextOf = (name: string) => () => siteOf(sites, name).sandbox.cluster({ name });
  const desk = new Desk(folder, { production: contextOf('production'), new: contextOf('new') });
  story.chapter('Before the loss, one command captures it');
  const captured = await type(
    story,
    desk,
    'capture --vault vault --context production',
    /^(point|objects|complete|note)/,
  );
  if (captured.exit !== 0) throw new Error(`the capture ended with exit code ${captured.exit}: ${captured.err}`);

  story.chapter('The incident: an upgrade loses one template of a Composition');
  const incident = await playIncident(production, lost);
  tellIncident(story, incident, tenants.length);
  const now = site.now();
  const forVelero = copyOfCloud(site.outside, now, 5);
  const forSeaworthy = copyOfCloud(site.outside, now, 6);
  const rows = { all: incident.before.rows };
  await site[Symbol.asyncDispose]();

  story.chapter("A restore by Velero's rules, into a cluster in which the operators run");
  const second = open.use(await openSite('second', now, 2, forVelero));
  const empty = await readHolding(second.cluster);
  const keys = objectsThatMatter(lost, empty);
  const { restored, seconds } = await restoreByVelero(second, folder);
  const atSecond = await readHolding(second.cluster);
  const velero = figuresOf(second, lost, atSecond, keys);
  const refusals = second.log.filter((line) => line.includes('refusing to reconcile service'));
  tellVelero(story, second, { lost, found: atSecond, tenants }, velero, restored, refusals);

  story.chapter('Seaworthy, into a third cluster, empty; the same captured objects, the same cloud');
  const third = open.use(await openSite('third', now, 3, forSeaworthy));
  sites.new = third;
  const began = performance.now();
  const planned = await type(
    story,
    desk,
    'plan --vault vault --point latest --context new --out plan.json',
    /^(\d+ objects|consent)/,
  );
  if (planned.exit !== 0 && planned.exit !== 3) throw new Error(`planning ended with ${planned.exit}: ${planned.err}`);
  if (alterPlan !== undefined) {
    const file = join(folder, 'plan.json');
    await writeFile(file, planText(alterPlan(readPlan(await readFile(file, 'utf8')))));
  }
  story.say(
    'the databases would come back empty: their data is not in the objects. To see what their operator says of',
  );
  story.say('the rest, the demo consents:');
  const stop = third.liveOn(10);
  const result = await recoverIn(story, desk);
  await stop();
  const took = (performance.now() - began) / 1000;
  await third.live(AFTER_SECONDS);
  const atThird = await readHolding(third.cluster);
  const seaworthy = figuresOf(third, lost, atThird, keys);
  const data = dataChecks(result);
  story.say(
    `${third.log.filter((line) => line.includes('refusing')).length} refusals in the operators' logs, ${seaworthy.cloudCreates} creations and ${seaworthy.cloudDeletes} deletions asked of the cloud`,
  );

  story.chapter('What the servers and the cloud say');
  const closing = closingRows({
    velero: { ...velero, seconds, rows: { good: countRows(second, tenants), ...rows } },
    seaworthy: { ...seaworthy, seconds: took, rows: { good: countRows(third, tenants), ...rows }, data },
  });
  story.table([
    ['', "VELERO'S RULES", 'SEAWORTHY', ''],
    ...closing.map(({ what, velero: theirs, seaworthy: ours, good }) => [
      what,
      theirs,
      ours,
      good === undefined ? '' : good ? 'ok' : 'NO',
    ]),
  ]);
  const good = closing.every((row) => row.good !== false);
  return { incident, restored, refusals, rows: closing, velero, seaworthy, good };
}

function siteOf(sites: Readonly<Record<string, Site>>, name: string): Site {
  const found = sites[name];
  if (found === undefined) throw new Error(`there is no cluster ${name} yet`);
  return found;
}

async function type(story: Story, desk: Desk, line: string, shown: RegExp): ReturnType<Desk['run']> {
  story.command(`seaworthy ${line}`);
  const ran = await desk.run(line);
  story.printed(ran.out + ran.err, shown);
  return ran;
}

async function recoverIn(story: Story, desk: Desk): Promise<RunResult> {
  const line = 'recover --vault vault --plan plan.json --context new --settle 2 --accept-empty-databases';
  story.command(`seaworthy ${line}`);
  const { exit, out, err } = await desk.run(`${line} -o json`);
  if (exit !== 0 && exit !== 3) throw new Error(`the recovery ended with exit code ${exit}: ${err}`);
  const result = JSON.parse(out) as RunResult;
  const { done, failed, withheld } = result.counts;
  story.say(`${done} steps done, ${failed} failed, ${withheld} withheld`);
  const counts = new Map<string, number>();
  for (const { status } of result.checks) counts.set(status, (counts.get(status) ?? 0) + 1);
  story.say(`checks: ${[...counts].map(([status, number]) => `${number} ${status}`).join(', ')}; exit code ${exit}`);
  return result;
}

function dataChecks({ checks }: RunResult): DataChecks {
  const own = checks.filter(({ kind }) => kind === 'data');
  const number = (status: string): number => own.filter((one) => one.status === status).length;
  return { verified: number('verified'), notRun: number('not run'), failed: number('failed') };
}

/** The captured objects as the vault has them, restored beside running operators. */
async function restoreByVelero(
  site: Site,
  folder: string,
): Promise<{ readonly restored: Restored; readonly seconds: number }> {
  const applier = new Applier(site.cluster);
  await applier.apply(operators(), 'helm');
  await site.live(5);
  await applier.apply(tenancy(), 'argocd-controller');
  await site.live(5);
  const vault = await openVault(join(folder, 'vault'));
  const reader = await vault.open('latest');
  const backup: BackedUp[] = [];
  const decoder = new TextDecoder();
  for await (const { entry, bytes } of reader.stream())
    backup.push({ resource: entry.resource, object: JSON.parse(decoder.decode(bytes)) as BackedUp['object'] });
  await reader.close();
  await vault.close();
  const began = performance.now();
  const restored = await restore(site.cluster, backup, { between: () => site.sandbox.advance(VELERO_STEP_MS) });
  const seconds = (performance.now() - began) / 1000;
  await site.live(AFTER_SECONDS);
  return { restored, seconds };
}
