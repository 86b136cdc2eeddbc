import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Lane } from './lane.ts';
import { LaneLoss } from './loss.ts';

/** What one answer goes into. A promise from `data` holds the server up until it settles. */
export interface Sink {
  start(status: number, headers: IncomingHttpHeaders): void;
  data(chunk: Buffer): void | Promise<void>;
  end(): void | Promise<void>;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array | undefined;
  /** Milliseconds to the head of the answer, between two pieces, and in all less the caller's own time (0: none). */
  readonly headersMillis: number;
  readonly idleMillis: number;
  readonly totalMillis: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request and its answer over one lane: written on the lane's own connection or not at all.
 * Resolves when the sink has taken everything. Rejects with LaneLoss, with what the sink threw, or with the abort's reason;
 * the lane is then of no further use.
 */
export function exchange(lane: Lane, request: WireRequest, sink: Sink): Promise<void> {
  return new Promise((resolve, reject) => {
    new Exchange(lane, request, sink, resolve, reject).begin();
  });
}

class Exchange {
  readonly #lane: Lane;
  readonly #request: WireRequest;
  readonly #sink: Sink;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #queue: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #holding = false;
  #ended = false;
  #lost: LaneLoss | undefined;
  #timer: NodeJS.Timeout | undefined;
  #heldSince = 0;
  #heldMillis = 0;

  constructor(lane: Lane, request: WireRequest, sink: Sink, resolve: () => void, reject: (error: unknown) => void) {
    this.#lane = lane;
    this.#request = request;
    this.#sink = sink;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { method, path, headers, body, headersMillis, idleMillis, totalMillis, signal } = this.#request;
    if (signal?.aborted) {
      this.#fail(signal.reason);
      return;
    }
    signal?.addEventListener('abort', this.#aborted, { once: true });
    if (totalMillis > 0) this.#timer = setTimeout(this.#overdue, totalMillis);
    const options: Dispatcher.DispatchOptions = {
      method,
      path,
      headers,
      headersTimeout: headersMillis,
      bodyTimeout: idleMillis,
      body: body ?? null,
    };
    try {
      this.#lane.client.dispatch(options, {
        onRequestStart: (controller) => {
          this.#controller = controller;
          if (this.#settled) controller.abort(new Error('aborted before it was sent'));
        },
        onResponseStart: (_controller, status, answerHeaders) => {
          if (status < 200 || this.#settled) return;
          this.#guarded(() => this.#sink.start(status, answerHeaders));
        },
        onResponseData: (controller, chunk) => this.#data(controller, chunk),
        onResponseEnd: () => {
          this.#ended = true;
          if (!this.#holding) this.#finish();
        },
        onResponseError: (_controller, error) => {
          const loss = new LaneLoss(this.#controller === undefined ? 'no' : 'maybe', error);
          if (this.#holding) this.#lost = loss;
          else this.#fail(loss);
        },
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #data(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    // A peer that closes makes the parser deliver the rest in spite of the pause.
    if (this.#holding) {
      this.#queue.push(chunk);
      return;
    }
    this.#guarded(() => {
      const wait = this.#sink.data(chunk);
      if (wait === undefined) return;
      controller.pause();
      this.#hold(wait);
    });
  }

  #hold(wait: Promise<void>): void {
    this.#holding = true;
    this.#heldSince = performance.now();
    wait.then(this.#goOn, (error) => this.#fail(error));
  }

  readonly #goOn = (): void => {
    this.#holding = false;
    this.#heldMillis += performance.now() - this.#heldSince;
    if (this.#settled) return;
    this.#guarded(() => {
      for (let chunk = this.#queue.shift(); chunk !== undefined; chunk = this.#queue.shift()) {
        const wait = this.#sink.data(chunk);
        if (wait !== undefined) {
          this.#hold(wait);
          return;
        }
      }
      if (this.#lost !== undefined) this.#fail(this.#lost);
      else if (this.#ended) this.#finish();
      else this.#controller?.resume();
    });
  };

  readonly #aborted = (): void => this.#fail(this.#request.signal?.reason);

  readonly #overdue = (): void => {
    const held = this.#heldMillis + (this.#holding ? performance.now() - this.#heldSince : 0);
    if (held < 1) {
      this.#fail(new LaneLoss('maybe', new Error('the whole answer took too long'), true));
      return;
    }
    this.#heldMillis = 0;
    this.#heldSince = performance.now();
    this.#timer = setTimeout(this.#overdue, Math.ceil(held));
  };

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #finish(): void {
    if (this.#settled) return;
    this.#guarded(() => {
      const wait = this.#sink.end();
      const done = () => {
        if (this.#settled) return;
        this.#settle();
        this.#resolve();
      };
      if (wait === undefined) done();
      else wait.then(done, (error) => this.#fail(error));
    });
  }

  #fail(error: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#controller?.abort(error instanceof Error ? error : new Error(String(error)));
    this.#reject(error);
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener('abort', this.#aborted);
  }
}
