import type {
  AdoptStep,
  AmendStep,
  CopyStep,
  CreateStep,
  MergeStep,
  Omission,
  Plan,
  Step,
} from '../../src/plan/plan.ts';
import { type Expected, expectedFates } from './fates.ts';
import type { Invariant, Violation } from './invariants.ts';
import { at, listOf, textOf } from './places.ts';
import type { Captured, Living, World } from './world.ts';

/** A world, a plan for it, and where everything stands in both. Judges add what they find. */
export class Case {
  readonly world: World;
  readonly plan: Plan;
  readonly violations: Violation[] = [];
  readonly expected: readonly Expected[];
  readonly byUid: ReadonlyMap<string, Captured>;
  readonly byKey: ReadonlyMap<string, Captured>;
  readonly living: ReadonlyMap<string, Living>;
  readonly stepsById: ReadonlyMap<string, Step>;
  readonly creates: ReadonlyMap<string, CreateStep>;
  readonly adopts: ReadonlyMap<string, AdoptStep>;
  readonly merges: ReadonlyMap<string, MergeStep>;
  readonly copies: readonly CopyStep[];
  readonly amends: readonly AmendStep[];
  readonly omissions: ReadonlyMap<string, Omission>;
  /** Rows that each row owns, by the UIDs of the captured graph. */
  readonly children: ReadonlyMap<number, readonly number[]>;
  readonly #said = new Set<string>();

  constructor(world: World, plan: Plan) {
    this.world = world;
    this.plan = plan;
    this.expected = expectedFates(world);
    this.byUid = new Map(world.objects.map((object) => [object.uid as string, object]));
    this.byKey = new Map(world.objects.map((object) => [object.key as string, object]));
    this.living = new Map(world.target.living.map((living) => [living.key as string, living]));
    this.stepsById = new Map(plan.steps.map((step) => [step.id as string, step]));
    this.creates = byTarget(plan, 'create');
    this.adopts = byTarget(plan, 'adopt');
    this.merges = byTarget(plan, 'merge');
    this.copies = plan.steps.filter((step) => step.kind === 'copy');
    this.amends = plan.steps.filter((step) => step.kind === 'amend');
    this.omissions = new Map(plan.omissions.map((omission) => [omission.key as string, omission]));
    const children = new Map<number, number[]>();
    for (const object of world.objects)
      for (const owner of this.ownersOf(object)) {
        const found = this.byUid.get(textOf(at(owner, 'uid')));
        if (found !== undefined) children.set(found.row, [...(children.get(found.row) ?? []), object.row]);
      }
    this.children = children;
  }

  /** Says it once for each invariant and object. */
  cry(invariant: Invariant, object: string, sentence: string): void {
    const said = `${invariant} ${object}`;
    if (this.#said.has(said)) return;
    this.#said.add(said);
    this.violations.push({ invariant, object, sentence });
  }

  ownersOf(object: Captured): unknown[] {
    return listOf(at(object.body, 'metadata', 'ownerReferences'));
  }

  /** All rows that the given ones own, over any number of owners, themselves included. */
  descendants(rows: Iterable<number>): Set<number> {
    const found = new Set(rows);
    for (const row of found) for (const child of this.children.get(row) ?? []) found.add(child);
    return found;
  }

  /** The same, through what comes back and owns rightly: a reference that is dropped makes nobody a member. */
  kept(rows: Iterable<number>): Set<number> {
    const found = new Set(rows);
    for (const row of found) {
      const owner = this.world.objects[row];
      if (owner === undefined || this.stepFor(owner.key) === undefined) continue;
      for (const child of this.children.get(row) ?? []) {
        const namespace = this.world.objects[child]?.namespace;
        if (owner.namespace === undefined || owner.namespace === namespace) found.add(child);
      }
    }
    return found;
  }

  /** Whether `step` cannot begin before `other` has been done or ended. */
  comesAfter(step: string, other: string): boolean {
    const seen = new Set([step]);
    for (const id of seen) {
      if (id === other && id !== step) return true;
      const found = this.stepsById.get(id);
      for (const before of [...(found?.needs ?? []), ...(found?.after ?? [])]) seen.add(before);
    }
    return seen.has(other);
  }

  /** The plan's step that gives an object of the point its UID. */
  stepFor(key: string): CreateStep | AdoptStep | MergeStep | undefined {
    return this.creates.get(key) ?? this.adopts.get(key) ?? this.merges.get(key);
  }
}

function byTarget<Kind extends 'create' | 'adopt' | 'merge'>(
  plan: Plan,
  kind: Kind,
): Map<string, Extract<Step, { kind: Kind }>> {
  const found = new Map<string, Extract<Step, { kind: Kind }>>();
  for (const step of plan.steps)
    if (step.kind === kind) found.set(step.target.key, step as Extract<Step, { kind: Kind }>);
  return found;
}
