import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Random } from '../worlds/random.ts';
import { ATTACKS, type Attack } from './attacks.ts';
import { honestAnswer, type Place, placeOf } from './honest.ts';

/** What is done to a server, and where the server strikes. */
export interface HostileCase {
  readonly operation: 'capture' | 'plan' | 'recover';
  readonly place: Place;
  readonly attack: Attack;
}

const PLACES: Readonly<Record<HostileCase['operation'], readonly Place[]>> = {
  capture: ['version', 'fingerprint', 'discovery', 'namespaces', 'configmaps'],
  plan: ['version', 'fingerprint', 'discovery', 'configmaps', 'access'],
  recover: ['fingerprint', 'access'],
};

/** Every attack at every place that it fits, in every operation that asks there. */
export const CASES: readonly HostileCase[] = Object.entries(PLACES).flatMap(([operation, places]) =>
  places.flatMap((place) =>
    ATTACKS.filter(({ at }) => at === undefined || at.includes(place))
      .filter(({ captureOnly }) => captureOnly === undefined || operation === 'capture')
      .map((attack) => ({
        operation: operation as HostileCase['operation'],
        place,
        attack,
      })),
  ),
);

/**
 * A server on loopback. `/honest/...` answers as a small cluster does; `/SEED/CASE/...` does so too, but for the one place where the
 * case strikes. Writes that reach it are counted by case: reviews of permissions and dry runs change nothing and are none.
 */
export class HostileServer {
  readonly writes: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #pages = new Map<string, number>();

  constructor() {
    this.#server = createServer((request, answer) => this.#answer(request, answer));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, answer: ServerResponse): void {
    answer.on('error', () => undefined);
    request.resume();
    const { method = '', url = '' } = request;
    const [, honest, seed, number, path = '', query = ''] =
      /^\/(?:(honest)|(\d+)\/(\d+))(\/[^?]*)(\?.*)?$/.exec(url) ?? [];
    const place = placeOf(method, path);
    if (place === 'write' && !query.includes('dryRun=All')) this.writes.push(`${method} ${url}`);
    const body = honestAnswer(path);
    const hostile = honest === undefined ? CASES[Number(number) % CASES.length] : undefined;
    if (hostile?.place === place && body !== undefined) {
      const page = (this.#pages.get(url.split('?')[0] ?? '') ?? 0) + 1;
      this.#pages.set(url.split('?')[0] ?? '', page);
      const random = new Random(Number(seed) * 7919 + Number(number));
      hostile.attack.play(answer, body, { random, place, page });
      return;
    }
    const missing = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'NotFound',
      message: 'not found',
      code: 404,
    };
    answer.writeHead(body === undefined ? 404 : place === 'access' ? 201 : 200, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(body ?? missing));
  }
}
