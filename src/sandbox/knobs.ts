import { setTimeout as sleep } from 'node:timers/promises';
import { refusalAnswer, type SandboxAnswer, type SandboxRequest } from './serving/exchange.ts';
import type { Damage } from './serving/http-server.ts';
import { refusal } from './status/refusal.ts';

/** Decides over a request what goes wrong with it; undefined: nothing. */
export type Trouble =
  /** 429 with Retry-After (seconds). */
  | { readonly kind: 'throttle'; readonly retryAfter: number }
  /** This answer instead of the true one; nothing is done. */
  | {
      readonly kind: 'fail';
      readonly status: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfter?: number;
    }
  /** The request is carried out, but its answer is lost or cut. */
  | { readonly kind: Damage };
export type TroubleRule = (request: SandboxRequest) => Trouble | undefined;

/** What a test may turn to make the server behave badly. */
export interface Knobs {
  /** Milliseconds (real time) before a request is looked at. */
  latency: number | ((request: SandboxRequest) => number);
  /** Asked for every request in order; the first that says something decides. */
  readonly troubles: Set<TroubleRule>;
  /** How long history is kept, in milliseconds of the sandbox's clock; default five minutes. */
  historyMillis: number;
}

export const defaultKnobs = (): Knobs => ({ latency: 0, troubles: new Set(), historyMillis: 300_000 });

/** What is wrong with each request, remembered until its answer leaves. */
export class Mischief {
  readonly knobs: Knobs;
  readonly #damages = new WeakMap<SandboxRequest, Damage>();

  constructor(knobs: Knobs) {
    this.knobs = knobs;
  }

  damage(request: SandboxRequest): Damage | undefined {
    return this.#damages.get(request);
  }

  /** Carries out the request unless a knob says otherwise. */
  async through(
    request: SandboxRequest,
    handle: (request: SandboxRequest) => Promise<SandboxAnswer>,
  ): Promise<SandboxAnswer> {
    const { latency, troubles } = this.knobs;
    const wait = typeof latency === 'number' ? latency : latency(request);
    if (wait > 0) await sleep(wait);
    for (const rule of troubles) {
      const trouble = rule(request);
      if (trouble === undefined) continue;
      if (trouble.kind === 'throttle') return throttled(trouble.retryAfter);
      if (trouble.kind === 'fail') return failed(trouble);
      this.#damages.set(request, trouble.kind);
      break;
    }
    return await handle(request);
  }
}

function throttled(retryAfter: number): SandboxAnswer {
  return refusalAnswer(
    refusal({
      code: 429,
      reason: 'TooManyRequests',
      message: 'the server has received too many requests and has asked us to try again later',
      details: { retryAfterSeconds: retryAfter },
    }),
  );
}

function failed(trouble: Extract<Trouble, { kind: 'fail' }>): SandboxAnswer {
  const { status, reason, message = 'ordered by a knob of the sandbox', retryAfter } = trouble;
  return refusalAnswer(
    refusal({
      code: status,
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(retryAfter === undefined ? {} : { details: { retryAfterSeconds: retryAfter } }),
    }),
  );
}
