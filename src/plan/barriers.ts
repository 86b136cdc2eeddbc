import { type Draft, objectAt } from './decision.ts';
import type { ObjectSteps } from './object-steps.ts';
import type { Stage } from './plan.ts';
import { reasonOf, type StepGraph, stepId } from './step-graph.ts';

/** Why a barrier stands, and how firmly what comes behind it waits for each row before it. */
interface Kind {
  readonly stage: Stage;
  readonly sentence: string;
  readonly strength: 'needs' | 'after';
}
const KINDS = {
  written: { stage: 'release', sentence: 'what judges writes comes after what it would judge', strength: 'after' },
  complete: {
    stage: 'release',
    sentence: 'schedules start only when everything around them is back',
    strength: 'needs',
  },
  custom: {
    stage: 'workloads',
    sentence: 'controllers start after the objects that they manage',
    strength: 'after',
  },
} as const satisfies Record<string, Kind>;

const NOTHING: ReadonlySet<number> = new Set();

/** Steps that write nothing: one stands between all that comes before it and all that waits for that, instead of a link for each pair. */
export class Barriers {
  readonly #draft: Draft;
  readonly #steps: StepGraph;
  readonly #objects: ObjectSteps;
  readonly #made = new Map<string, number>();

  constructor(draft: Draft, steps: StepGraph, objects: ObjectSteps) {
    this.#draft = draft;
    this.#steps = steps;
    this.#objects = objects;
  }

  /**
   * The barrier of this name, behind these rows and their copies. `hanging`: rows that stand behind what waits here; a copy that is
   * named after one of them waits with it.
   */
  behind(
    kind: keyof typeof KINDS,
    name: string,
    rows: readonly number[],
    hanging: ReadonlySet<number> = NOTHING,
  ): number {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const { stage, sentence, strength } = KINDS[kind];
    const step = this.#steps.add({
      kind: 'barrier',
      stage,
      id: stepId('barrier', name),
      name,
      reasons: [reasonOf('BARRIER', sentence)],
      undo: 'nothing was written',
    });
    this.#made.set(name, step);
    for (const row of rows) {
      this.#steps.link(this.#objects.main[row], step, strength);
      const uses = objectAt(this.#draft, row).more?.uses ?? [];
      if (uses.some((use) => hanging.has(this.#draft.survey.byUid.get(use.uid) ?? -1))) continue;
      for (const copy of this.#objects.copies.get(row) ?? []) this.#steps.link(copy, step, strength);
    }
    return step;
  }
}
