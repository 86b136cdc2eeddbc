import { closureOf } from '../graph/closure.ts';
import { Barriers } from './barriers.ts';
import { type Draft, isPlanned, objectAt } from './decision.ts';
import { type Judged, judgedOf } from './judged.ts';
import type { ObjectSteps } from './object-steps.ts';
import { isWorkloadResource } from './stage.ts';
import { reasonOf, type StepGraph } from './step-graph.ts';
import type { SystemSteps } from './system-steps.ts';

interface Ordering {
  readonly draft: Draft;
  readonly steps: StepGraph;
  readonly objects: ObjectSteps;
  readonly systems: SystemSteps;
  readonly planned: readonly number[];
  readonly judged: Judged;
  readonly barriers: Barriers;
}

/** Order that no reference tells: what judges comes last, workloads after what their controllers manage, schedules at the end. */
export function addOrder(draft: Draft, steps: StepGraph, objects: ObjectSteps, systems: SystemSteps): void {
  const planned = draft.survey.objects.filter((object) => isPlanned(draft, object.row)).map((object) => object.row);
  const judged = judgedOf(draft, planned, objects.ordering, systems.releases.size > 0);
  const barriers = new Barriers(draft, steps, objects);
  const ordering = { draft, steps, objects, systems, planned, judged, barriers };
  for (const [late, judge] of judged.behind) steps.link(objects.main[late], objects.main[judge], 'after');
  for (const judge of judged.judges) judgeLast(ordering, judge);
  workloadsAfterCustom(ordering);
  schedulesAtTheEnd(ordering);
}

/** A judge comes behind what it judges, behind the release of its system, and waits for the backend that answers for it. */
function judgeLast({ draft, steps, objects, systems, judged, barriers }: Ordering, row: number): void {
  const { key, namespace, more } = objectAt(draft, row);
  const step = objects.main[row];
  const barrier =
    more?.judges === 'namespace' && namespace !== undefined
      ? barriers.behind('written', `written ${namespace}`, judged.inNamespace(namespace), judged.onNamespace)
      : barriers.behind('written', 'written', judged.everywhere, judged.onCluster);
  steps.link(barrier, step, 'after');
  const system = more?.webhookOf;
  if (system !== undefined) steps.link(systems.releases.get(system), step, 'needs');
  const atOnce = system !== undefined && systems.releases.has(system) && systems.startsWithWebhooks.has(system);
  const backend = more?.backend;
  // A backend inside the cluster would wait for the configuration, and the configuration for it; one outside only a person knows.
  const services = atOnce ? [] : (backend?.services ?? []);
  if (step === undefined || backend === undefined || services.length + backend.urls.length === 0) return;
  const reason = reasonOf(backend.rule.code, `${key}: ${backend.rule.why}`);
  steps.amend(step, (draftStep) =>
    draftStep.kind === 'create'
      ? {
          ...draftStep,
          wait: { kind: 'backend', services, urls: backend.urls },
          reasons: [...draftStep.reasons, reason],
        }
      : draftStep,
  );
}

function workloadsAfterCustom({ draft, steps, objects, planned, barriers }: Ordering): void {
  const { vocabulary } = draft.survey;
  const custom = planned.filter(
    (row) => vocabulary.ofResource(objectAt(draft, row).resource)?.definition !== undefined,
  );
  const workloads = planned.filter((row) => isWorkloadResource(objectAt(draft, row)));
  if (custom.length === 0 || workloads.length === 0) return;
  const behind = closureOf(objects.ordering, workloads, 'forward', () => true);
  const first = custom.filter((row) => !behind.has(row));
  if (first.length === 0) return;
  const gate = barriers.behind('custom', 'custom objects', first);
  for (const row of workloads)
    if (objectAt(draft, row).owners.length === 0 || objectAt(draft, row).more?.foundByOwner !== undefined)
      steps.link(gate, objects.main[row], 'rather');
}

function schedulesAtTheEnd({ draft, steps, objects, systems, planned, judged, barriers }: Ordering): void {
  for (const [row, amends] of objects.amends) {
    for (const { step, until } of amends) {
      if (until !== 'released') continue;
      for (const release of systems.releases.values()) steps.link(release, step, 'after');
      for (const [system, rows] of systems.closures) {
        if (!rows.has(row)) continue;
        steps.link(systems.releases.get(system), step, 'needs');
        // Its own webhooks would judge this write before their backend answers.
        for (const hook of planned)
          if (objectAt(draft, hook).more?.webhookOf === system) steps.link(step, objects.main[hook], 'after');
      }
      const { namespace } = objectAt(draft, row);
      const name = `complete ${namespace ?? 'the cluster'}`;
      steps.link(barriers.behind('complete', name, judged.inNamespace(namespace)), step, 'needs');
    }
  }
}
