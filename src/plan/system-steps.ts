import type { Graph } from '../graph/graph.ts';
import type { System } from '../knowledge/language.ts';
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
  for (const system of systems) {
    const roots = draft.survey.objects.filter((object) => object.system === system.id).map((object) => object.row);
    closures.set(system.id, ownedBy(kinship, roots));
  }
  for (const system of systems) {
    if (system.control === undefined) continue;
    // What returns only after the release, or waits for a backend that may be this very operator, cannot be waited for.
    const afterwards = hangingOn(
      kinship,
      draft.survey.objects.filter((object) => object.more?.webhookOf === system.id).map((object) => object.row),
    );
    const members = [...(closures.get(system.id) ?? [])].filter(
      (row) => isPlanned(draft, row) && !afterwards.has(row) && objectAt(draft, row).more?.backend === undefined,
    );
    const own = draft.survey.objects.filter(
      (object) => object.more?.workload?.system === system.id && isPlanned(draft, object.row),
    );
    const living = draft.target.workloads.filter((workload) => workload.system === system.id);
    const acting = living.filter((workload) => workload.replicas > 0);
    if (members.length === 0 && own.length === 0) continue;
    if (own.length === 0 && living.length === 0) {
      notHeld.push(system.id);
      draft.findings.push({
        severity: 'warning',
        reason: {
          code: 'NOT-HELD',
          sentence: `${system.title} runs neither among what comes back nor in the target: nothing holds it, so make sure that it does not run anywhere until the recovery has ended`,
        },
      });
    }
    const isThere = acting.length > 0 || draft.target.webhooks.some((webhook) => webhook.system === system.id);
    const hold = isThere && isTaking(draft, members, own) ? addHold(draft, steps, system, acting) : undefined;
    for (const row of members) steps.link(hold, objects.main[row], 'needs');
    if (own.length === 0 && hold === undefined) continue;

    const closure = steps.add({
      kind: 'barrier',
      stage: 'release',
      system: system.id,
      id: stepId('closure', system.id),
      name: `closure of ${system.id}`,
      reasons: [reasonOf('CLOSURE', `${system.title} may act only when everything that belongs to it is back`)],
      undo: 'nothing was written',
    });
    for (const row of members) {
      steps.link(objects.main[row], closure, 'needs');
      for (const copy of objects.copies.get(row) ?? []) steps.link(copy, closure, 'needs');
      for (const amend of objects.amends.get(row) ?? [])
        if (amend.until !== 'released') steps.link(amend.step, closure, 'needs');
    }
    const workloads: ReleaseStep['workloads'][number][] = [];
    for (const object of own)
      if (draft.decisions[object.row]?.kind === 'create')
        workloads.push({ target: targetOf(object), replicas: object.more?.workload?.replicas ?? 0 });
    if (hold !== undefined)
      for (const workload of acting) workloads.push({ target: livingTarget(workload), replicas: workload.replicas });
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
      ...(system.control.startsWithWebhooks === true ? { webhooks: 'at-once' as const } : {}),
      workloads: workloads.sort((a, b) => (a.target.key < b.target.key ? -1 : 1)),
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
      for (const amend of objects.amends.get(object.row) ?? [])
        if (amend.until !== 'released') steps.link(amend.step, release, 'after');
    }
    releases.set(system.id, release);
  }
  const startsWithWebhooks = new Set(
    systems.filter((system) => system.control?.startsWithWebhooks === true).map((system) => system.id),
  );
  return { releases, notHeld, closures, startsWithWebhooks };
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
    const members = ownedBy(
      kinship,
      draft.survey.objects.filter((object) => object.system === system.id).map((object) => object.row),
    );
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
