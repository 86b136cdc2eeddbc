import type { Graph } from '../graph/graph.ts';
import type { System } from '../knowledge/language.ts';
import type { SurveyedObject } from '../knowledge/surveyed.ts';
import { type Draft, isPlanned, objectAt } from './decision.ts';
import { hangingOn, ownedBy } from './kinship.ts';
import type { ObjectSteps } from './object-steps.ts';
import type { ReleaseStep, Target } from './plan.ts';
import { reasonOf, type StepGraph, stepId } from './step-graph.ts';
import { unprovenData } from './unproven-data.ts';
import { targetOf } from './writing.ts';

/** The release of each system that has one, and the systems that nothing holds. */
export interface SystemSteps {
  readonly releases: ReadonlyMap<string, number>;
  readonly notHeld: readonly string[];
  /** The rows of each system: its members, and what they own. */
  readonly closures: ReadonlyMap<string, ReadonlySet<number>>;
  /** Systems whose operator does not start without its webhook configurations. */
  readonly startsWithWebhooks: ReadonlySet<string>;
}

/** What one system has to do with this plan. */
interface Part {
  readonly system: System;
  /** Its planned objects, without what returns only after its release. */
  readonly members: readonly number[];
  /** Its planned workloads: they run its controllers. */
  readonly workloads: readonly SurveyedObject[];
  /** Its workloads that run in the target. */
  readonly acting: Draft['target']['workloads'];
  readonly hold: number | undefined;
}

/** Holds what runs already, closes each system's own closure, and releases it then (KNOWLEDGE: release is per system). */
export function addSystemSteps(
  draft: Draft,
  kinship: Graph,
  steps: StepGraph,
  objects: ObjectSteps,
  systems: readonly System[],
): SystemSteps {
  const releases = new Map<string, number>();
  const notHeld: string[] = [];
  /** An object owned by members of two systems belongs to both. */
  const closures = new Map<string, ReadonlySet<number>>();
  for (const system of systems) closures.set(system.id, ownedBy(kinship, rowsOf(draft, system)));
  for (const system of systems) {
    if (system.control === undefined) continue;
    const members = membersOf(draft, kinship, system, closures.get(system.id) ?? []);
    const workloads = draft.survey.objects.filter(
      (object) => object.more?.workload?.system === system.id && isPlanned(draft, object.row),
    );
    if (members.length === 0 && workloads.length === 0) continue;
    const living = draft.target.workloads.filter((workload) => workload.system === system.id);
    if (workloads.length === 0 && living.length === 0) {
      notHeld.push(system.id);
      draft.findings.push({ severity: 'warning', reason: reasonOf('NOT-HELD', notHeldSentence(system)) });
    }
    const acting = living.filter((workload) => workload.replicas > 0);
    const isThere = acting.length > 0 || draft.target.webhooks.some((webhook) => webhook.system === system.id);
    const hold = isThere && isTaking(draft, members, workloads) ? addHold(draft, steps, system, acting) : undefined;
    for (const row of members) steps.link(hold, objects.main[row], 'needs');
    if (workloads.length === 0 && hold === undefined) continue;
    releases.set(system.id, addRelease(draft, steps, objects, { system, members, workloads, acting, hold }));
  }
  const startsWithWebhooks = new Set(
    systems.filter((system) => system.control?.startsWithWebhooks === true).map((system) => system.id),
  );
  return { releases, notHeld, closures, startsWithWebhooks };
}

function rowsOf(draft: Draft, system: System): number[] {
  return draft.survey.objects.filter((object) => object.system === system.id).map((object) => object.row);
}

function membersOf(draft: Draft, kinship: Graph, system: System, closure: Iterable<number>): number[] {
  // What returns only after the release, or waits for a backend that may be this very operator, cannot be waited for.
  const afterwards = hangingOn(
    kinship,
    draft.survey.objects.filter((object) => object.more?.webhookOf === system.id).map((object) => object.row),
  );
  return [...closure].filter(
    (row) => isPlanned(draft, row) && !afterwards.has(row) && objectAt(draft, row).more?.backend === undefined,
  );
}

function notHeldSentence({ title }: System): string {
  return `${title} runs neither among what comes back nor in the target: nothing holds it, so make sure that it does not run anywhere until the recovery has ended`;
}

/** The closure of a system and, behind it, its release. */
function addRelease(draft: Draft, steps: StepGraph, objects: ObjectSteps, part: Part): number {
  const { system, members, workloads: own, hold } = part;
  const closure = steps.add({
    kind: 'barrier',
    stage: 'release',
    system: system.id,
    id: stepId('closure', system.id),
    name: `closure of ${system.id}`,
    reasons: [reasonOf('CLOSURE', `${system.title} may act only when everything that belongs to it is back`)],
    undo: 'nothing was written',
  });
  const linkAmends = (row: number, next: number, strength: 'needs' | 'after'): void => {
    for (const amend of objects.amends.get(row) ?? [])
      if (amend.until !== 'released') steps.link(amend.step, next, strength);
  };
  for (const row of members) {
    steps.link(objects.main[row], closure, 'needs');
    for (const copy of objects.copies.get(row) ?? []) steps.link(copy, closure, 'needs');
    linkAmends(row, closure, 'needs');
  }
  const workloads = startedBy(draft, part);
  // Where nothing is started, nothing starts on an empty database.
  const why = (workloads.length === 0 ? [] : members).flatMap((row) => {
    const sentence = unprovenData(draft, objectAt(draft, row));
    return sentence === undefined ? [] : [{ key: objectAt(draft, row).key, sentence }];
  });
  const release = steps.add({
    kind: 'release',
    stage: 'release',
    system: system.id,
    id: stepId('release', system.id),
    ...(system.control?.startsWithWebhooks === true ? { webhooks: 'at-once' as const } : {}),
    workloads,
    ...(why.length === 0
      ? {}
      : { consent: { flag: 'accept-empty-databases', why: why.sort((a, b) => (a.key < b.key ? -1 : 1)) } }),
    reasons: [reasonOf('RELEASE', `${system.title} acts again once its closure is complete`)],
    undo: 'scale its workloads to 0',
  });
  steps.link(closure, release, 'needs');
  steps.link(hold, release, 'needs');
  for (const object of own) {
    steps.link(objects.main[object.row], release, 'needs');
    linkAmends(object.row, release, 'after');
  }
  return release;
}

/** The workloads that a release starts: those that came back at 0, and those of the target that were held. */
function startedBy(draft: Draft, { workloads, acting, hold }: Part): ReleaseStep['workloads'] {
  const written = workloads
    .filter((object) => draft.decisions[object.row]?.kind === 'create')
    .map((object) => ({ target: targetOf(object), replicas: object.more?.workload?.replicas ?? 0 }));
  const held =
    hold === undefined
      ? []
      : acting.map((workload) => ({ target: livingTarget(workload), replicas: workload.replicas }));
  return [...written, ...held].sort((a, b) => (a.target.key < b.target.key ? -1 : 1));
}

/**
 * Systems that run in the target, or of which webhook configurations are left there, and that have something of theirs in the plan are
 * held: these configurations are taken away, so one that would have been adopted is written again after the release.
 */
export function writeHeldWebhooks(draft: Draft, kinship: Graph, systems: readonly System[]): void {
  for (const system of systems) {
    const acts = draft.target.workloads.some((workload) => workload.system === system.id && workload.replicas > 0);
    // Webhook configurations that outlived their operator refuse every write to its kinds.
    if (!acts && !draft.target.webhooks.some((webhook) => webhook.system === system.id)) continue;
    const members = ownedBy(kinship, rowsOf(draft, system));
    const own = draft.survey.objects.filter((object) => object.more?.workload?.system === system.id);
    if (!isTaking(draft, members, own)) continue;
    for (const object of draft.survey.objects) {
      if (object.more?.webhookOf === system.id && draft.decisions[object.row]?.kind === 'adopt')
        draft.decisions[object.row] = { kind: 'create' };
    }
  }
}

/** Whether anything of a system is written: where all of it is there already, its operator is left alone. */
function isTaking(draft: Draft, members: Iterable<number>, own: readonly { readonly row: number }[]): boolean {
  const isWritten = (row: number): boolean =>
    draft.decisions[row]?.kind === 'create' || draft.decisions[row]?.kind === 'merge';
  return own.some(({ row }) => isWritten(row)) || [...members].some(isWritten);
}

function addHold(draft: Draft, steps: StepGraph, system: System, acting: Draft['target']['workloads']): number {
  const webhooks = draft.target.webhooks.filter((webhook) => webhook.system === system.id);
  return steps.add({
    kind: 'hold',
    stage: 'hold',
    system: system.id,
    id: stepId('hold', system.id),
    workloads: acting
      .map((workload) => ({ target: livingTarget(workload), uid: workload.uid, replicas: workload.replicas }))
      .sort((a, b) => (a.target.key < b.target.key ? -1 : 1)),
    webhooks: webhooks
      .map((webhook) => ({ target: livingTarget(webhook), uid: webhook.uid }))
      .sort((a, b) => (a.target.key < b.target.key ? -1 : 1)),
    reasons: [
      reasonOf(
        'HOLD',
        acting.length > 0
          ? `${system.title} runs in the target and would act on half of what it manages`
          : `Webhook configurations of ${system.title} are in the target without it and would refuse what is written`,
      ),
    ],
    undo: 'the release scales it back and writes its webhook configurations again',
  });
}

function livingTarget(living: {
  readonly key: Target['key'];
  readonly version: string;
  readonly kind: string;
}): Target {
  const parts = living.key.split('/');
  const [resourceText = '', second = '', third] = parts;
  const dot = resourceText.indexOf('.');
  const resource = dot < 0 ? resourceText : resourceText.slice(0, dot);
  const group = dot < 0 ? '' : resourceText.slice(dot + 1);
  const base = { key: living.key, group, version: living.version, kind: living.kind, resource };
  return third === undefined ? { ...base, name: second } : { ...base, namespace: second, name: third };
}
