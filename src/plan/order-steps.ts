import { closureOf } from '../graph/closure.ts';
import { type Draft, isPlanned, objectAt } from './decision.ts';
import type { ObjectSteps } from './object-steps.ts';
import { isWorkloadResource } from './stage.ts';
import { reasonOf, type StepGraph, stepId } from './step-graph.ts';
import type { SystemSteps } from './system-steps.ts';

/** Order that no reference tells: what judges comes last, workloads after what their controllers manage, schedules at the end. */
export function addOrder(draft: Draft, steps: StepGraph, objects: ObjectSteps, systems: SystemSteps): void {
  const barriers = new Map<string, number>();
  const planned = draft.survey.objects.filter((object) => isPlanned(draft, object.row)).map((object) => object.row);
  // A judge that is there already judges whatever comes; nothing is gained by waiting.
  const judges = planned.filter(
    (row) => draft.decisions[row]?.kind === 'create' && objectAt(draft, row).more?.judges !== undefined,
  );
  const ofCluster = judges.filter((row) => objectAt(draft, row).more?.judges === 'cluster');
  const { ordering } = objects;
  const hangs = (rows: readonly number[]) => closureOf(ordering, rows, 'forward', (edge) => edge.strength !== 'soft');
  const onCluster = hangs(ofCluster);
  const onNamespace = hangs(judges.filter((row) => objectAt(draft, row).more?.judges === 'namespace'));
  const judgeRows = new Set(judges);
  const nonJudges = [...onCluster].filter((row) => isPlanned(draft, row) && !judgeRows.has(row));
  // Where something hangs on a judge of the cluster, that judge cannot wait for the judges of that Namespace, which wait for it.
  const turned = new Set(nonJudges.map((row) => objectAt(draft, row).namespace));
  const lateJudges = [...onNamespace].filter(
    (row) => isPlanned(draft, row) && turned.has(objectAt(draft, row).namespace),
  );
  const late = [...nonJudges, ...lateJudges];
  const judged = judgedRows(draft, planned, new Set([...onCluster, ...lateJudges]), systems);
  const byNamespace = Map.groupBy(
    judgedRows(draft, planned, onNamespace, systems),
    (row) => objectAt(draft, row).namespace,
  );
  const inNamespace = (namespace: string | undefined): readonly number[] => byNamespace.get(namespace) ?? [];
  // What itself hangs on some judge is judged by those on which nothing hangs.
  for (const row of ofCluster)
    if (hangs([row]).size === 1) for (const one of late) steps.link(objects.main[one], objects.main[row], 'after');

  for (const row of judges) {
    const { judges: scope, namespace, more, backend } = { ...objectAt(draft, row), ...objectAt(draft, row).more };
    const step = objects.main[row];
    if (scope === 'namespace' && namespace !== undefined)
      steps.link(
        barrier(`written ${namespace}`, () => inNamespace(namespace), onNamespace),
        step,
        'after',
      );
    else
      steps.link(
        barrier('written', () => judged, onCluster),
        step,
        'after',
      );
    const system = more?.webhookOf;
    if (system !== undefined) steps.link(systems.releases.get(system), step, 'needs');
    const atOnce = system !== undefined && systems.releases.has(system) && systems.startsWithWebhooks.has(system);
    // A backend inside the cluster would wait for the configuration, and the configuration for it; one outside only a person knows.
    const services = atOnce ? [] : (backend?.services ?? []);
    if (step !== undefined && backend !== undefined && services.length + backend.urls.length > 0) {
      steps.amend(step, (draftStep) =>
        draftStep.kind === 'create'
          ? {
              ...draftStep,
              wait: { kind: 'backend', services, urls: backend.urls },
              reasons: [
                ...draftStep.reasons,
                reasonOf(backend.rule.code, `${objectAt(draft, row).key}: ${backend.rule.why}`),
              ],
            }
          : draftStep,
      );
    }
  }

  const custom = planned.filter(
    (row) => draft.survey.vocabulary.ofResource(objectAt(draft, row).resource)?.definition !== undefined,
  );
  const workloads = planned.filter((row) => isWorkloadResource(objectAt(draft, row)));
  if (custom.length > 0 && workloads.length > 0) {
    const behind = closureOf(ordering, workloads, 'forward', () => true);
    const first = custom.filter((row) => !behind.has(row));
    const gate = first.length === 0 ? undefined : barrier('custom objects', () => first);
    for (const row of workloads)
      if (objectAt(draft, row).owners.length === 0 || objectAt(draft, row).more?.foundByOwner !== undefined)
        steps.link(gate, objects.main[row], 'rather');
  }

  for (const [row, amends] of objects.amends) {
    for (const { step, until } of amends) {
      if (until !== 'released') continue;
      for (const release of systems.releases.values()) steps.link(release, step, 'after');
      for (const [system, rows] of systems.closures) {
        if (!rows.has(row)) continue;
        steps.link(systems.releases.get(system), step, 'needs');
        // Its own webhooks would judge this write before their backend answers.
        for (const hook of webhooksOf(system)) steps.link(step, objects.main[hook], 'after');
      }
      const { namespace } = objectAt(draft, row);
      steps.link(completeBarrier(namespace), step, 'needs');
    }
  }

  function webhooksOf(system: string): number[] {
    return planned.filter((row) => objectAt(draft, row).more?.webhookOf === system);
  }
  function barrier(name: string, rows: () => readonly number[], hanging: ReadonlySet<number> = NOTHING): number {
    return once(name, () => {
      const step = addBarrier(name);
      for (const row of rows()) linkAll(row, step, 'after', hanging);
      return step;
    });
  }
  function completeBarrier(namespace: string | undefined): number {
    const name = `complete ${namespace ?? 'the cluster'}`;
    return once(name, () => {
      const step = addBarrier(name);
      for (const row of inNamespace(namespace)) linkAll(row, step, 'needs', NOTHING);
      return step;
    });
  }
  /** A copy waits for the object whose UID it is named after: where that hangs on a judge, so does the copy. */
  function linkAll(row: number, step: number, strength: 'needs' | 'after', hanging: ReadonlySet<number>): void {
    steps.link(objects.main[row], step, strength);
    const uses = objectAt(draft, row).more?.uses ?? [];
    if (uses.some((use) => hanging.has(draft.survey.byUid.get(use.uid) ?? -1))) return;
    for (const copy of objects.copies.get(row) ?? []) steps.link(copy, step, strength);
  }
  function addBarrier(name: string): number {
    const sentence = name.startsWith('written')
      ? 'what judges writes comes after what it would judge'
      : name.startsWith('complete')
        ? 'schedules start only when everything around them is back'
        : 'controllers start after the objects that they manage';
    return steps.add({
      kind: 'barrier',
      stage: name === 'custom objects' ? 'workloads' : 'release',
      id: stepId('barrier', name),
      name,
      reasons: [reasonOf('BARRIER', sentence)],
      undo: 'nothing was written',
    });
  }
  function once(name: string, make: () => number): number {
    const known = barriers.get(name);
    if (known !== undefined) return known;
    const step = make();
    barriers.set(name, step);
    return step;
  }
}

const NOTHING: ReadonlySet<number> = new Set();

/** What is judged: all that is planned and does not itself hang on those judges, in the order of keys. */
function judgedRows(
  draft: Draft,
  planned: readonly number[],
  hanging: ReadonlySet<number>,
  systems: SystemSteps,
): number[] {
  const held = (row: number): boolean =>
    objectAt(draft, row).more?.webhookOf !== undefined && systems.releases.size > 0;
  return planned
    .filter((row) => !hanging.has(row) && !held(row))
    .sort((a, b) => (draft.keyRank[a] ?? 0) - (draft.keyRank[b] ?? 0));
}
