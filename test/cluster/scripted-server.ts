import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { ANONYMOUS, type Credentials } from '../../src/cluster/credentials.ts';
import type { HttpCluster } from '../../src/cluster/http/http-cluster.ts';
import { clusterAt, type OpenOptions } from '../../src/cluster/open.ts';

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Number of the connection, from 1. */
  readonly connection: number;
  readonly socket: Socket;
}
export type Script = (call: Call, answer: ServerResponse, calls: readonly Call[]) => void | Promise<void>;

/** A server that says what a test tells it to say, on loopback, and remembers what it was asked. */
export class ScriptedServer {
  readonly calls: Call[] = [];
  connections = 0;
  script: Script;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #secure: boolean;

  constructor(script: Script, tls?: ServerOptions) {
    this.script = script;
    this.#secure = tls !== undefined;
    const numbers = new WeakMap<Socket, number>();
    const handle = (request: IncomingMessage, answer: ServerResponse) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const { method = '', url = '', headers, socket } = request;
        const body = Buffer.concat(pieces).toString('utf8');
        const call = { method, url, headers, body, connection: numbers.get(socket) ?? 0, socket };
        this.calls.push(call);
        Promise.resolve(this.script(call, answer, this.calls)).catch(() => socket.destroy());
      });
    };
    this.#server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      numbers.set(socket, ++this.connections);
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#secure ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export function clusterOf(
  server: ScriptedServer,
  options: OpenOptions = {},
  credentials: Credentials = ANONYMOUS,
): HttpCluster {
  const endpoint = { url: new URL(server.url), insecure: false };
  return clusterAt({ name: 'scripted', context: undefined, namespace: 'default', endpoint, credentials }, options);
}

export function say(answer: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  answer.writeHead(status, { 'content-type': 'application/json', ...headers });
  answer.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export function refusal(code: number, reason: string, message = reason): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

export function kubeSystem(uid: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } };
}

export function listOf(names: readonly string[], next = '', revision = '7'): object {
  return {
    kind: 'ConfigMapList',
    apiVersion: 'v1',
    metadata: { resourceVersion: revision, ...(next === '' ? {} : { continue: next }) },
    items: names.map((name) => ({
      metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: '5' },
      data: { a: 'b' },
    })),
  };
}
