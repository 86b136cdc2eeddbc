import { Pool } from 'undici';
import type { HttpAnswer, HttpRequest, Stream } from './server.ts';

export interface Place {
  readonly url: string;
  readonly ca?: string;
  /** Tokens by user; '' is the administrator. */
  readonly tokens: ReadonlyMap<string, string>;
}

const LIMIT_MS = 30_000;

/** Requests over HTTP as a client makes them: a token, JSON unless the script says otherwise, a user agent that never changes. */
export class HttpClient {
  readonly #pool: Pool;
  readonly #tokens: Place['tokens'];

  constructor({ url, ca, tokens }: Place) {
    this.#pool = new Pool(url, {
      connections: 24,
      headersTimeout: LIMIT_MS,
      bodyTimeout: LIMIT_MS,
      ...(ca === undefined ? {} : { connect: { ca } }),
    });
    this.#tokens = tokens;
  }

  async request(request: HttpRequest, user = ''): Promise<HttpAnswer> {
    const { statusCode, headers, body } = await this.#pool.request(this.#options(request, user));
    return { status: statusCode, headers, body: await body.text() };
  }

  async stream(request: HttpRequest, user = ''): Promise<Stream | HttpAnswer> {
    const { statusCode, headers, body } = await this.#pool.request(this.#options(request, user));
    if (statusCode !== 200) return { status: statusCode, headers, body: await body.text() };
    const lines: string[] = [];
    let ended = false;
    let wake: () => void = () => undefined;
    let rest = '';
    body.setEncoding('utf8');
    body.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.filter((line) => line !== ''));
      wake();
    });
    const over = (): void => {
      ended = true;
      wake();
    };
    body.once('end', over).once('close', over).once('error', over);
    return {
      status: statusCode,
      headers,
      take: () => lines.shift(),
      get ended() {
        return ended && lines.length === 0;
      },
      more: (milliseconds) =>
        new Promise((resolve) => {
          if (lines.length > 0 || ended) return resolve();
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        }),
      close: () => {
        body.destroy();
      },
    };
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #options({ method, path, headers, body }: HttpRequest, user: string): Parameters<Pool['request']>[0] {
    const token = this.#tokens.get(user);
    return {
      method: method as 'GET',
      path,
      headers: {
        'user-agent': 'fidelity',
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    };
  }
}
