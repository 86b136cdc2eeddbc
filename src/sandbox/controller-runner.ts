import { AsyncLocalStorage } from 'node:async_hooks';
import type { ObjectApi } from './api/api.ts';
import type { Clock } from './clock.ts';
import type { Controller, ControllerMaker } from './controllers/controller.ts';
import type { ObjectStore } from './storage/object-store.ts';

export interface RunnerParts {
  readonly store: ObjectStore;
  readonly api: ObjectApi;
  readonly clock: Clock;
  readonly random: () => number;
  log(line: string): void;
  /** Default: controllers write Events. */
  readonly events?: boolean;
}

/** A controller that never comes to rest is a defect of it. */
const MOST_ROUNDS = 20_000;

/** Starts controllers, tells them of changes, steps them until none has work. */
export class ControllerRunner {
  readonly #parts: RunnerParts;
  readonly #running = new Map<ControllerMaker, Controller>();
  readonly #unsubscribe: () => void;
  readonly #acting = new AsyncLocalStorage<string>();
  #settling: Promise<void> | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.store.subscribe((change) => {
      for (const controller of this.#running.values()) controller.onChange(change);
    });
  }

  get names(): readonly string[] {
    return [...this.#running.values()].map(({ name }) => name);
  }

  /** The controller in whose step this is called, also below what it waits for; undefined outside of any. */
  get acting(): string | undefined {
    return this.#acting.getStore();
  }

  /** A controller begins with everything that is there; one that runs already begins anew. */
  start(maker: ControllerMaker): Controller {
    const { api, clock, random, store, events = true } = this.#parts;
    const made = maker({ api, clock, random, events, log: (line) => this.#parts.log(`${made?.name ?? ''}: ${line}`) });
    for (const resource of [...store.resources()])
      store.scan(resource, {}, (version) => {
        made.onChange({ kind: 'added', now: version });
        return true;
      });
    this.#running.set(maker, made);
    return made;
  }

  /** It notes and does nothing more; what it knew is lost. */
  stop(maker: ControllerMaker): void {
    this.#running.delete(maker);
  }

  /** The next time at which some controller has work although nothing changes. */
  dueAt(): number | undefined {
    let next: number | undefined;
    for (const controller of this.#running.values()) {
      const due = controller.dueAt();
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
    return next;
  }

  /** Steps all controllers in turn until none has anything to do. */
  async settle(): Promise<void> {
    while (this.#settling !== undefined) await this.#settling;
    this.#settling = this.#settle();
    try {
      await this.#settling;
    } finally {
      this.#settling = undefined;
    }
  }

  async #settle(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      let worked = false;
      for (const controller of [...this.#running.values()])
        if (await this.#acting.run(controller.name, () => controller.step())) worked = true;
      if (!worked) return;
    }
    throw new Error(`controllers do not come to rest: ${this.names.join(', ')}`);
  }

  close(): void {
    this.#unsubscribe();
    this.#running.clear();
  }
}
