/** How many requests go out side by side. */
export interface PaceOptions {
  readonly least?: number;
  readonly start?: number;
  readonly most?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** A window is judged when it has lasted this long and seen this many answers: less is noise. */
const WINDOW_MILLIS = 200;
const WINDOW_ANSWERS = 100;
/** While it doubles, shorter windows do: differences are great then. */
const FIRST_MILLIS = 80;
const FIRST_ANSWERS = 50;
/** After a throttle the limit stands still for a while: answers to requests already sent say nothing new. */
const CALM_MILLIS = 1_000;
/** Windows between two probes; doubles with each one that found nothing, up to the most. */
const REST = 2;
const LONGEST_REST = 16;

/** Where the best width lies when nothing speaks against it (lab 3). */
const LIKELY = 32;
/** Noise alone never leads below this width: only a server that asks for less does. */
const QUIET_LEAST = 24;

type Mode = 'doubling' | 'resting' | 'up' | 'down';

/**
 * Multiplicative decrease when the server asks for less, careful increase otherwise: doubling at first up to the likely width, and on while that brings more, then
 * probes of an eighth up or down, kept only when the rate says so. More is not always faster: of 8, 32 and 64 connections 32
 * were the fastest on one machine (lab 3), and beyond the best one only latency grows.
 */
export class Pace {
  readonly #least: number;
  readonly #most: number;
  readonly #now: () => number;
  #limit: number;
  /** What the probes start from, and its rate in answers per millisecond. */
  #base: number;
  #baseRate = 0;
  #mode: Mode = 'doubling';
  #lastProbe: 'up' | 'down' = 'up';
  #rest = REST;
  #rested = 0;
  #answers = 0;
  #full = 0;
  #began: number;
  #calmUntil = 0;

  constructor(options: PaceOptions = {}) {
    this.#least = options.least ?? 1;
    this.#most = options.most ?? 64;
    this.#now = options.now ?? (() => performance.now());
    this.#limit = Math.min(options.start ?? 8, this.#most);
    this.#base = this.#limit;
    this.#began = this.#now();
  }

  get limit(): number {
    return this.#limit;
  }

  /** One request was answered; `full` when as many as allowed were under way: only then the rate tells something of the limit. */
  answered(full: boolean): void {
    this.#answers++;
    if (full) this.#full++;
    const quick = this.#mode === 'doubling';
    if (this.#answers < (quick ? FIRST_ANSWERS : WINDOW_ANSWERS)) return;
    const now = this.#now();
    const lasted = now - this.#began;
    if (lasted < (quick ? FIRST_MILLIS : WINDOW_MILLIS)) return;
    const rate = this.#answers / lasted;
    const busy = this.#full > this.#answers / 2;
    this.#open(now);
    if (busy && now >= this.#calmUntil) this.#judge(rate);
  }

  /** The server asked for less (429, 503), or a connection was lost. */
  throttled(): void {
    const now = this.#now();
    if (now < this.#calmUntil) return;
    this.#calmUntil = now + CALM_MILLIS;
    this.#settle(Math.floor(this.#limit / 2));
    this.#baseRate = 0;
    this.#open(now);
  }

  #judge(rate: number): void {
    switch (this.#mode) {
      case 'doubling':
        if ((this.#limit < LIKELY || rate > this.#baseRate * 1.05) && this.#limit < this.#most) {
          this.#base = this.#limit;
          this.#baseRate = rate;
          this.#limit = Math.min(this.#most, this.#limit * 2);
        } else this.#settle(rate > this.#baseRate * 1.03 ? this.#limit : Math.max(this.#base, LIKELY));
        break;
      case 'resting':
        this.#baseRate = this.#baseRate === 0 ? rate : this.#baseRate * 0.6 + rate * 0.4;
        if (++this.#rested >= this.#rest) this.#probe();
        break;
      case 'up':
      case 'down': {
        // Measured rates are noisy: towards the likely width a probe has to lose nothing, away from it it has to gain.
        const nearer = this.#mode === 'up' ? this.#limit <= LIKELY : this.#limit >= LIKELY;
        const kept = rate > this.#baseRate * (nearer ? 0.99 : 1.04);
        this.#rest = kept ? REST : Math.min(this.#rest * 2, LONGEST_REST);
        this.#settle(kept ? this.#limit : this.#base);
        if (kept) this.#baseRate = rate;
        break;
      }
    }
  }

  #probe(): void {
    const step = Math.max(2, Math.round(this.#base / (this.#base < LIKELY ? 4 : 8)));
    this.#lastProbe = this.#base <= QUIET_LEAST || this.#lastProbe === 'down' ? 'up' : 'down';
    const probed = this.#bounded(
      this.#lastProbe === 'up' ? this.#base + step : Math.max(QUIET_LEAST, this.#base - step),
    );
    this.#rested = 0;
    if (probed === this.#base) return;
    this.#mode = this.#lastProbe;
    this.#limit = probed;
  }

  #settle(limit: number): void {
    this.#limit = this.#bounded(limit);
    this.#base = this.#limit;
    this.#mode = 'resting';
    this.#rested = 0;
  }

  #open(now: number): void {
    this.#answers = 0;
    this.#full = 0;
    this.#began = now;
  }

  #bounded(limit: number): number {
    return Math.min(this.#most, Math.max(this.#least, limit));
  }
}
