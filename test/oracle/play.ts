import type { Plan, Step } from '../../src/plan/plan.ts';
import { ENDED, isFinished } from './controllers.ts';
import { at, type Body, copyOf, listOf, put, textOf } from './places.ts';
import { type Answer, Store } from './store.ts';
import { type Captured, keyFor, resourceOf, type World } from './world.ts';
import { amend, firstBody, merge, nameFrom, UnknownUid } from './write.ts';

export type Fate = 'done' | 'failed' | 'blocked' | 'withheld';

/** How one run of the plan goes. */
export interface Circumstances {
  readonly order: readonly Step[];
  /** Whether Services get ready endpoints, so that webhook configurations may come back. */
  readonly backends: boolean;
  /** This step is refused by the server for a reason of its own. */
  readonly failing?: string;
}
/** Called after each step that wrote something. */
export type Watcher = (moment: Moment) => void;

export interface Moment {
  readonly step: Step;
  readonly store: Store;
  readonly fates: ReadonlyMap<string, Fate>;
  /** The whole body as it was written, for creations, copies and amendments. */
  readonly sent?: Body;
  readonly run: Run;
}

/** The store as the target is before the recovery. */
export function targetStore(world: World): Store {
  const store = new Store();
  for (const kind of world.target.kinds) store.serve(kind);
  for (const living of world.target.living) store.place(living.resource, copyOf(living.body) as unknown as Body);
  return store;
}

/** One run of a plan against the store. Everything that a plan leaves open is decided by the circumstances. */
export class Run {
  readonly world: World;
  readonly store: Store;
  readonly fates = new Map<string, Fate>();
  /** UIDs that steps got, by key. */
  readonly uids = new Map<string, string>();
  /** Owners or mentioned objects whose UID was asked for before it was known. */
  readonly early: { readonly step: string; readonly key: string }[] = [];
  readonly #circumstances: Circumstances;

  constructor(world: World, circumstances: Circumstances) {
    this.world = world;
    this.store = targetStore(world);
    this.#circumstances = circumstances;
  }

  play(watch: Watcher): void {
    for (const step of this.#circumstances.order) {
      const blocked = step.needs.some((id) => this.fates.get(id) !== 'done');
      if (blocked) this.fates.set(step.id, 'blocked');
      else if (step.id === this.#circumstances.failing) this.fates.set(step.id, 'failed');
      else if (!this.#waitIsOver(step)) this.fates.set(step.id, 'withheld');
      else this.#carryOut(step, watch);
    }
  }

  readonly uidOf = (key: string): string | undefined => this.uids.get(key);

  #carryOut(step: Step, watch: Watcher): void {
    let sent: Body | undefined;
    try {
      const answer = this.#write(step, (body) => {
        sent = copyOf(body);
      });
      this.fates.set(step.id, answer.kind === 'done' ? 'done' : 'failed');
    } catch (error) {
      if (!(error instanceof UnknownUid)) throw error;
      this.early.push({ step: step.id, key: error.key });
      this.fates.set(step.id, 'failed');
    }
    watch({ step, store: this.store, fates: this.fates, run: this, ...(sent === undefined ? {} : { sent }) });
  }

  #write(step: Step, send: (body: Body) => void): Answer {
    const { store } = this;
    switch (step.kind) {
      case 'create':
      case 'copy': {
        const captured = this.#source(step.source.row);
        const name = step.kind === 'copy' ? nameFrom(step.name, this.uidOf) : step.target.name;
        const { body, status } = firstBody(step, captured, this.uidOf, name);
        send(body);
        if (captured.resource === 'jobs.batch' && isFinished(captured.body)) body[ENDED] = true;
        const answer = store.create(resourceOf(step.target), body);
        if (answer.kind === 'refused') return answer;
        if (step.kind === 'create') this.uids.set(step.target.key, answer.uid);
        const key = keyFor(resourceOf(step.target), step.target.namespace, name);
        if (status === undefined) return answer;
        return store.change(key, answer.uid, (live) => put(live, ['status'], { ...(status as Body) }));
      }
      case 'adopt': {
        const uid = store.uidOf(step.target.key);
        this.uids.set(step.target.key, step.uid);
        return store.change(step.target.key, uid === undefined ? undefined : step.uid, () => undefined);
      }
      case 'merge': {
        const answer = store.change(step.target.key, undefined, merge(step.paths, this.#source(step.source.row)));
        if (answer.kind === 'done') this.uids.set(step.target.key, answer.uid);
        return answer;
      }
      case 'amend': {
        const change = amend(step, this.#source(step.source.row), this.uidOf);
        return store.change(step.target.key, this.uids.get(step.target.key), (live) => {
          change(live);
          send(live);
        });
      }
      case 'hold': {
        const answers = [
          ...step.workloads.map(({ target, uid }) => store.change(target.key, uid, scale(0))),
          ...step.webhooks.map(({ target, uid }) => store.remove(target.key, uid)),
        ];
        return answers.find(({ kind }) => kind === 'refused') ?? { kind: 'done', uid: '' };
      }
      case 'release': {
        const answers = step.workloads.map(({ target, replicas }) =>
          store.change(target.key, undefined, scale(replicas)),
        );
        return answers.find(({ kind }) => kind === 'refused') ?? { kind: 'done', uid: '' };
      }
      case 'barrier':
        return { kind: 'done', uid: '' };
    }
  }

  #source(row: number): Captured {
    const captured = this.world.objects[row];
    if (captured === undefined) throw new Error(`no row ${row} in the point`);
    return captured;
  }

  #waitIsOver(step: Step): boolean {
    if ((step.kind !== 'create' && step.kind !== 'amend') || step.wait === undefined) return true;
    const { wait } = step;
    if (wait.kind === 'backend')
      return this.#circumstances.backends && wait.services.every((key) => this.store.objects.has(key));
    const there = this.store.objects.get(wait.object);
    return at(there?.body, 'status', 'phase') === 'Bound';
  }
}

const scale =
  (replicas: number) =>
  (live: Body): void => {
    put(live, ['spec', 'replicas'], replicas);
  };

/** A random order that keeps `needs` and `after`; undefined when they have a circle. */
export function shuffledOrder(plan: Plan, below: (limit: number) => number): Step[] | undefined {
  const waiting = new Map(
    plan.steps.map((step) => [step.id as string, new Set<string>([...step.needs, ...step.after])]),
  );
  const followers = new Map<string, string[]>();
  for (const [id, before] of waiting)
    for (const other of before) followers.set(other, [...(followers.get(other) ?? []), id]);
  const byId = new Map(plan.steps.map((step) => [step.id as string, step]));
  const ready = plan.steps.filter((step) => waiting.get(step.id)?.size === 0).map((step) => step.id as string);
  const order: Step[] = [];
  while (ready.length > 0) {
    const index = below(ready.length);
    const id = ready[index] ?? '';
    ready[index] = ready.at(-1) ?? '';
    ready.pop();
    const step = byId.get(id);
    if (step !== undefined) order.push(step);
    for (const follower of followers.get(id) ?? []) {
      const before = waiting.get(follower);
      before?.delete(id);
      if (before?.size === 0) ready.push(follower);
    }
  }
  return order.length === plan.steps.length ? order : undefined;
}

/** The replicas that a living workload asks for. */
export const replicasOf = (body: unknown): number => {
  const replicas = at(body, 'spec', 'replicas');
  return typeof replicas === 'number' ? replicas : 1;
};

export const labelsOf = (body: unknown): Body => (at(body, 'metadata', 'labels') as Body | undefined) ?? {};

/** Every UID-like text in a value, in lower case with dashes. */
export function uidsIn(value: unknown): Set<string> {
  const text = JSON.stringify(value) ?? '';
  const found = new Set<string>();
  for (const [dashed] of text.matchAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi))
    found.add(dashed.toLowerCase());
  for (const [bare] of text.matchAll(/[0-9a-f]{32}/gi)) {
    const word = bare.toLowerCase();
    found.add([word.slice(0, 8), word.slice(8, 12), word.slice(12, 16), word.slice(16, 20), word.slice(20)].join('-'));
  }
  return found;
}

export const ownersIn = (body: unknown): unknown[] => listOf(at(body, 'metadata', 'ownerReferences'));
export const ownerText = (owner: unknown): string => `${textOf(at(owner, 'kind'))}/${textOf(at(owner, 'name'))}`;
