import type { Surroundings } from '../surroundings.ts';

const LINE_EVERY_MILLIS = 5_000;
const REWRITE_EVERY_MILLIS = 100;

/** Progress on stderr: on a terminal one line that is rewritten, else a line when the heading changes and now and then. */
export class ProgressLine {
  readonly #world: Surroundings;
  #at = Number.NEGATIVE_INFINITY;
  #heading = '';
  #shown = false;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** `heading` is what the work is at; a new one is told at once. */
  show(heading: string, rest: string): void {
    const now = this.#world.now().getTime();
    const line = rest === '' ? heading : `${heading}: ${rest}`;
    const fresh = heading !== this.#heading;
    const pause = this.#world.terminal ? REWRITE_EVERY_MILLIS : LINE_EVERY_MILLIS;
    if (!fresh && now - this.#at < pause) return;
    this.#heading = heading;
    this.#write(line, now);
  }

  /** A line of its own; the progress goes on below. */
  say(text: string): void {
    this.#clear();
    this.#world.err(`${text}\n`);
  }

  /** The last state stays on a terminal no longer: the result follows. */
  end(): void {
    this.#clear();
    this.#heading = '';
  }

  #write(line: string, now: number): void {
    this.#at = now;
    if (!this.#world.terminal) {
      this.#world.err(`${line}\n`);
      return;
    }
    const width = Math.max(20, this.#world.columns() - 1);
    this.#world.err(`\r\u001b[2K${line.length > width ? `${line.slice(0, width - 3)}...` : line}`);
    this.#shown = true;
  }

  #clear(): void {
    if (this.#shown) this.#world.err('\r\u001b[2K');
    this.#shown = false;
  }
}
