import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capturePoint } from '../../src/capture/capture-point.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { System } from '../../src/knowledge/language.ts';
import { startSurvey } from '../../src/knowledge/survey.ts';
import { SYSTEMS } from '../../src/knowledge/systems.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Plan, Policy } from '../../src/plan/plan.ts';
import { planRecovery, pointOf } from '../../src/recover/plan-recovery.ts';
import { type RecoverInput, recover } from '../../src/recover/recover.ts';
import type { RunResult } from '../../src/recover/result.ts';
import { bodyText, parseBody } from '../../src/recover/run-context.ts';
import type { RunTime } from '../../src/recover/run-time.ts';
import { surveyTarget } from '../../src/recover/survey-target.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { PointReader } from '../../src/vault/vault.ts';
import { ApiObjects } from './api-objects.ts';
import type { Plane, PlaneOptions } from './plane.ts';

/** A control plane with what a scenario does to it and reads from it. */
export interface Place extends AsyncDisposable {
  readonly plane: Plane;
  readonly cluster: Cluster;
  readonly time: RunTime;
  readonly objects: ApiObjects;
}
/** Where a recovery goes: a place, or a place as somebody else sees it. */
export type Into = Pick<Place, 'cluster' | 'time'>;

/** What stories are played on: it makes as many places as they need. */
export class Ground {
  readonly #start: (options?: PlaneOptions) => Promise<Plane>;
  constructor(start: (options?: PlaneOptions) => Promise<Plane>) {
    this.#start = start;
  }

  /** With a controller manager unless the options say otherwise. */
  async place(options: PlaneOptions = {}): Promise<Place> {
    const plane = await this.#start(options);
    const cluster = await plane.open();
    return {
      plane,
      cluster,
      time: plane.time,
      objects: new ApiObjects(plane),
      async [Symbol.asyncDispose]() {
        await cluster.close();
        await plane.stop();
      },
    };
  }

  /** Makes a world, captures it, and ends it: the cluster is lost. */
  async lost(world: (source: Place) => Promise<void>, options: PlaneOptions = {}): Promise<PointReader> {
    await using source = await this.place(options);
    await world(source);
    const reader = await captured(source);
    assert.equal(reader.manifest.complete, true, 'the point is complete');
    return reader;
  }
}

/** A recovery point of the place as it is now, in a vault of its own in memory. */
export async function captured(from: Place): Promise<PointReader> {
  const vault = openVault('memory:');
  const point = await capturePoint({ cluster: from.cluster, vault, clock: { now: () => new Date() } });
  return await vault.open(point.id);
}

export const EVERYTHING: Policy = { selection: {}, fieldOwnership: 'all' };

/** Every known system without the rules of these codes: what would happen if nobody had known. */
export function without(...codes: string[]): readonly System[] {
  const known = new Set(SYSTEMS.flatMap((system) => system.rules.map(({ code }) => code)));
  for (const code of codes) assert.ok(known.has(code), `there is no rule ${code} to take away`);
  return SYSTEMS.map((system) => ({ ...system, rules: system.rules.filter((rule) => !codes.includes(rule.code)) }));
}

export interface Asked {
  readonly policy?: Policy;
  readonly systems?: readonly System[];
}
export async function planned(into: Into, reader: PointReader, asked: Asked = {}): Promise<Plan> {
  const policy = asked.policy ?? EVERYTHING;
  const { systems } = asked;
  if (systems === undefined) return await planRecovery({ cluster: into.cluster, reader, policy });
  const definitions = [];
  for (const { resource, row } of reader.entries)
    if (resource === 'customresourcedefinitions.apiextensions.k8s.io')
      definitions.push(parseBody(await reader.read(row), row));
  const { selection } = policy;
  const { resources } = reader.manifest;
  const surveyor = startSurvey({ resources, entries: reader.entries, definitions, systems, selection });
  for await (const { entry, bytes } of reader.stream())
    surveyor.add(entry.row, parseBody(bytes, entry.row), bodyText(bytes));
  const survey = surveyor.finish();
  const target = await surveyTarget(into.cluster, survey, reader, systems);
  return makePlan({ survey, point: pointOf(reader.manifest), target, policy, systems });
}

export type Run = Asked & Omit<Partial<RecoverInput>, 'cluster' | 'reader' | 'time'>;
export interface Recovered {
  readonly plan: Plan;
  readonly result: RunResult;
}

/** Plans (unless a plan is given) and carries out; the folder of the run is of this call unless one is given. */
export async function recovered(into: Into, reader: PointReader, run: Run = {}): Promise<Recovered> {
  const { policy: _, systems: __, plan: given, folder: kept, ...rest } = run;
  const plan = given ?? (await planned(into, reader, run));
  const folder = kept ?? runFolder();
  try {
    const limits = { patience: 4_000, backend: 1_500, ...run.limits };
    const times = { settleMs: 2_000, readyMs: 2_000 };
    const result = await recover({
      ...times,
      ...rest,
      cluster: into.cluster,
      time: into.time,
      reader,
      plan,
      folder,
      limits,
    });
    return { plan, result };
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
export function runFolder(): string {
  return mkdtempSync(join(tmpdir(), 'seaworthy-scenario-'));
}

/** What no rule looks at: the captured bodies as they are, in the order given (keys of the point), without any knowledge. */
export async function writtenAsCaptured(into: Place, reader: PointReader, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const entry = reader.entries.find((one) => keyOf(one) === key);
    assert.ok(entry, `${key} is in the point`);
    const body = parseBody(await reader.read(entry.row), entry.row);
    const { resourceVersion: _, uid: __, managedFields: ___, ...metadata } = body.metadata;
    await into.objects.make({ ...body, metadata } as never);
  }
}
export function keyOf(entry: { resource: string; namespace: string | undefined; name: string }): string {
  return `${entry.resource}/${entry.namespace === undefined ? '' : `${entry.namespace}/`}${entry.name}`;
}

/** `CODE key` of everything that the result complains of, sorted: what a person would read. */
export function complaints(result: RunResult): string[] {
  const steps = [...result.failed, ...result.blocked, ...result.withheld, ...result.lost].map(
    ({ reason, id }) => `${reason.code} ${id}`,
  );
  const checks = result.checks
    .filter(({ status, kind }) => status === 'failed' && kind !== 'present')
    .map(({ code, id }) => `${code} ${id}`);
  return [...steps, ...checks].sort();
}
export function codesOf(list: readonly { readonly key?: string; readonly reason: { readonly code: string } }[]) {
  return list.map(({ key, reason }) => `${reason.code} ${key ?? ''}`.trim()).sort();
}
export const newUid = (): string => randomUUID();
