/**
 * Each captured cluster of the lab: rebuilt in a real API server with its original uids, captured, recovered into a second
 * control plane with a controller manager, and read back. `--points DIR` takes other data laid out alike
 * (`NAME.objects.jsonl` with `NAME.discovery.json`); `--settle SECONDS` is how long nothing may be collected (60).
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capturePoint } from '../src/capture/capture-point.ts';
import { openCluster } from '../src/cluster/open.ts';
import type { KubeObject } from '../src/objects/json.ts';
import { planRecovery } from '../src/recover/plan-recovery.ts';
import { recover } from '../src/recover/recover.ts';
import { openVault } from '../src/vault/open-vault.ts';
import { controlPlaneAvailable, startControlPlane } from '../test/control-plane/fixture.ts';
import { rebuild } from '../test/control-plane/rebuild.ts';
import { type BenchInput, type BenchOutcome, type BenchTarget, numberOption } from './bench.ts';
import { judgeObjects, type LabFindings, readBack } from './lab/judge.ts';
import { judgeCnpg, judgeConnections, judgeCrossplane, livingKey, type SystemFindings } from './lab/systems.ts';

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const nothing = { name: 'lab', figures: {}, targets: [], samples: [] };
  const available = await controlPlaneAvailable();
  if (available.kind === 'unavailable') return { ...nothing, couldNotRun: `${available.why} ${available.hint}` };
  const folder = input.options.get('points') ?? '../shared/data';
  if (!existsSync(folder))
    return { ...nothing, couldNotRun: `there is no folder ${folder} with captured clusters; name one with --points` };
  const names = readdirSync(folder)
    .flatMap((file) => (file.endsWith('.objects.jsonl') ? [file.slice(0, -'.objects.jsonl'.length)] : []))
    .sort();
  if (names.length === 0) return { ...nothing, couldNotRun: `${folder} holds no *.objects.jsonl` };
  const settle = numberOption(input, 'settle', input.scale < 1 ? 5 : 60);
  const figures: Record<string, number | string> = { settle_seconds: settle };
  const targets: BenchTarget[] = [];
  const samples: unknown[] = [];
  for (const name of names) {
    input.say(`${name}: rebuilding, capturing, recovering, and waiting ${settle} s`);
    const result = await oneCluster(folder, name, settle, input.say);
    for (const [figure, value] of Object.entries(result.figures)) figures[`${name}.${figure}`] = value;
    for (const figure of result.zero)
      targets.push({
        name: `${name}: ${figure.replaceAll('_', ' ')}`,
        figure: `${name}.${figure}`,
        op: '==',
        limit: 0,
        atAnyScale: true,
      });
    for (const figure of result.some)
      targets.push({
        name: `${name}: ${figure.replaceAll('_', ' ')}`,
        figure: `${name}.${figure}`,
        op: '>=',
        limit: 1,
        atAnyScale: true,
      });
    samples.push(result.sample);
  }
  return { name: 'lab', figures, targets, samples };
}

interface OneCluster {
  readonly figures: Readonly<Record<string, number>>;
  /** Figures that must be zero, and figures that must not. */
  readonly zero: readonly string[];
  readonly some: readonly string[];
  readonly sample: unknown;
}

async function oneCluster(
  folder: string,
  name: string,
  settle: number,
  say: (line: string) => void,
): Promise<OneCluster> {
  const objectsText = readFileSync(join(folder, `${name}.objects.jsonl`), 'utf8');
  const discoveryText = readFileSync(join(folder, `${name}.discovery.json`), 'utf8');
  const file = objectsText
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as KubeObject);
  const scratch = mkdtempSync(join(tmpdir(), 'seaworthy-lab-'));
  await using source = await startControlPlane({ controllerManager: false });
  await using target = await startControlPlane({ controllerManager: true });
  const from = await openCluster({ kubeconfig: source.kubeconfig });
  const into = await openCluster({ kubeconfig: target.kubeconfig });
  const vault = openVault(join(scratch, 'vault'));
  try {
    const rebuilt = await rebuild(source, objectsText, discoveryText);
    const served = await rebuilt.compare();
    for (const difference of served.differences) say(`  not served as in the file: ${JSON.stringify(difference)}`);
    const running = await managersOn(into);
    const manifest = await capturePoint({ cluster: from, vault, clock: { now: () => new Date() } });
    const reader = await vault.open(manifest.id);
    const plan = await planRecovery({ cluster: into, reader, policy: { selection: {}, fieldOwnership: 'all' } });
    for (const refusal of plan.refusals) say(`  refused: ${refusal.reason.sentence}`);
    const uids = new Map<string, string>();
    const copies = new Map<string, string>();
    const result = await recover({
      cluster: into,
      reader,
      plan,
      folder: join(scratch, 'run'),
      settleMs: settle * 1000,
      readyMs: 1000,
    });
    for (const line of readFileSync(join(scratch, 'run', 'log.jsonl'), 'utf8')
      .trim()
      .split('\n')) {
      const record = JSON.parse(line) as { t: string; id?: string; key?: string; uid?: string };
      if (record.key === undefined || record.uid === undefined || record.id === undefined) continue;
      if (record.id.startsWith('copy '))
        copies.set(record.id.slice('copy '.length), record.key.slice(record.key.lastIndexOf('/') + 1));
      else uids.set(record.key, record.uid);
    }
    const undone = new Set(
      [...result.failed, ...result.blocked, ...result.withheld].map((report) => report.id as string),
    );
    for (const report of [...result.failed, ...result.lost]) say(`  ${report.reason.code}: ${report.reason.sentence}`);
    const findings: LabFindings = {
      unaccounted: [],
      missing: [],
      ownersWrong: [],
      fieldsWrong: [],
      contentWrong: [],
      collected: [],
      managersLeftOut: new Set(),
      written: 0,
      relinked: 0,
      fieldsEqual: 0,
    };
    const done = new Set(plan.steps.map((step) => step.id as string).filter((id) => !undone.has(id)));
    const placed = await readBack(into, plan, done, copies, findings);
    judgeObjects(file, placed, running, new Set(result.adopted), findings);

    const skippedKinds = new Set<string>();
    const stepRows = new Set(
      plan.steps.flatMap((step) =>
        'source' in step ? [step.source.uid as string] : step.kind === 'adopt' ? [step.target.key as string] : [],
      ),
    );
    const omittedRows = new Map(plan.omissions.map((omission) => [omission.row, omission]));
    const omitted = new Set([...omittedRows.keys()].map((row) => reader.entries[row]?.uid as string));
    const entries = new Set(reader.entries.map((entry) => entry.uid as string));
    const skippedResources = new Set(manifest.skipped.map((skip) => skip.resource.split('.', 1)[0] ?? ''));
    for (const object of file) {
      const uid = object.metadata.uid ?? '';
      if (entries.has(uid)) {
        const entry = reader.entries.find((one) => one.uid === uid);
        const key =
          entry === undefined
            ? ''
            : `${entry.resource}/${entry.namespace === undefined ? '' : `${entry.namespace}/`}${entry.name}`;
        if (!stepRows.has(uid) && !omitted.has(uid) && !stepRows.has(key))
          findings.unaccounted.push(`${object.kind} ${object.metadata.name}`);
      } else if (skippedResources.has(pluralOf(object))) skippedKinds.add(object.kind);
      else findings.unaccounted.push(`${object.kind} ${object.metadata.name}: not captured, by no named rule`);
    }

    const collectedChecks = result.checks.filter((check) => check.status === 'failed');
    for (const check of collectedChecks) findings.collected.push(`${check.code}: ${check.sentence}`);
    const living = new Map(
      placed
        .filter(({ step }) => step.kind !== 'copy')
        .map(({ live }) => [livingKey(live.kind, live.metadata.namespace, live.metadata.name ?? ''), live]),
    );
    const systems: SystemFindings = { wrong: [], looked: 0 };
    const withheld = new Set(
      plan.omissions
        .filter((omission) => omission.kind === 'withheld')
        .map((omission) => reader.entries[omission.row]?.uid as string),
    );
    judgeCnpg(file, living, skippedKinds, systems);
    judgeCrossplane(
      file.filter((object) => !omitted.has(object.metadata.uid ?? '')),
      living,
      withheld,
      systems,
    );
    await judgeConnections(file, newUids(placed), into, withheld, systems);

    const lists = {
      not_served_as_in_the_file: served.differences.map((one) => JSON.stringify(one)),
      unaccounted: findings.unaccounted,
      missing: findings.missing,
      owners_wrong: findings.ownersWrong,
      managed_fields_wrong: findings.fieldsWrong,
      content_wrong: findings.contentWrong,
      failed_steps: result.failed.map((report) => report.reason.sentence),
      failed_checks: findings.collected,
      system_facts_wrong: systems.wrong,
      refusals: plan.refusals.map((refusal) => refusal.reason.sentence),
      incomplete: manifest.complete ? [] : ['the point'],
    };
    for (const [what, list] of Object.entries(lists)) for (const one of list.slice(0, 12)) say(`  ${what}: ${one}`);
    return {
      figures: {
        objects_in_file: file.length,
        captured: manifest.objects,
        written: findings.written,
        adopted: result.adopted.length,
        owners_relinked: findings.relinked,
        managed_fields_equal: findings.fieldsEqual,
        withheld_steps: result.withheld.length + result.blocked.length,
        omitted: plan.omissions.length,
        system_facts: systems.looked,
        copies: copies.size,
        ...Object.fromEntries(Object.entries(lists).map(([what, list]) => [what, list.length])),
      },
      zero: Object.keys(lists),
      some: ['written', 'managed_fields_equal'],
      sample: {
        name,
        seconds: result.seconds,
        writes: result.writes,
        managersLeftOut: [...findings.managersLeftOut],
        adopted: result.adopted,
        withheld: [...result.withheld, ...result.blocked].map((report) => [report.id, report.reason.code]),
        skipped: [...skippedKinds],
        lists,
      },
    };
  } finally {
    await Promise.all([from.close(), into.close(), vault.close()]);
    rmSync(scratch, { recursive: true, force: true });
  }
}

function newUids(
  placed: readonly { readonly step: { readonly kind: string }; readonly live: KubeObject }[],
): Map<string, string> {
  const uids = new Map<string, string>();
  for (const { step, live } of placed) {
    const source = (step as { source?: { uid: string } }).source;
    if (step.kind === 'create' && source !== undefined) uids.set(source.uid, live.metadata.uid ?? '');
  }
  return uids;
}

/** Who writes fields on a fresh control plane by itself. */
async function managersOn(cluster: Awaited<ReturnType<typeof openCluster>>): Promise<Set<string>> {
  const managers = new Set<string>();
  const discovery = await cluster.discovery();
  for (const one of discovery.resources.filter(
    (resource) => resource.verbs.includes('list') && resource.subresources !== undefined,
  )) {
    await cluster.list({ group: one.group, version: one.version, resource: one.resource }, (item) => {
      const metadata = (JSON.parse(Buffer.from(item.bytes).toString()) as KubeObject).metadata;
      for (const entry of metadata.managedFields ?? []) managers.add(entry.manager ?? '');
    });
  }
  return managers;
}

function pluralOf(object: KubeObject): string {
  const lower = object.kind.toLowerCase();
  return lower.endsWith('s') ? lower : `${lower}s`;
}
