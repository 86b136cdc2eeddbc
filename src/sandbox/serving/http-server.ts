import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzip } from 'node:zlib';
import { MOST_BYTES } from './body.ts';
import type { ServingCertificate } from './certificate.ts';
import type { SandboxAnswer, SandboxRequest, Sink, WholeAnswer } from './exchange.ts';
import { MOST_WAITING } from './watch.ts';

export interface HttpServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** What a fault that was ordered does to an answer on its way out. */
export type Damage = 'reset' | 'half-body';

export interface HttpServerOptions {
  readonly port?: number;
  readonly host?: string;
  /** Serves HTTPS with it; default: plain HTTP. */
  readonly certificate?: ServingCertificate;
  /** Decides over each answer what should become of it; default: nothing. */
  damage?(request: SandboxRequest): Damage | undefined;
}

/** Bodies beyond this are packed for clients that can unpack them, as the real server does. */
const PACKED_FROM = 128 * 1024;
/** What is read of a body that is too large, so that its client hears the answer. */
const READ_MOST = MOST_BYTES + 1;

/** Serves HTTP/1.1 on a loopback address. */
export async function serveHttp(
  handle: (request: SandboxRequest) => Promise<SandboxAnswer>,
  options: HttpServerOptions = {},
): Promise<HttpServer> {
  const { host = '127.0.0.1', certificate } = options;
  const how = { keepAliveTimeout: 120_000, noDelay: true };
  const listener = (incoming: IncomingMessage, response: ServerResponse): void =>
    void answer(handle, incoming, response, options);
  const server =
    certificate === undefined
      ? createServer(how, listener)
      : createSecureServer({ ...how, key: certificate.key, cert: certificate.certificate }, listener);
  server.requestTimeout = 0;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${certificate === undefined ? 'http' : 'https'}://${host}:${port}`,
    close: () => closed(server, sockets),
  };
}

function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

async function answer(
  handle: (request: SandboxRequest) => Promise<SandboxAnswer>,
  incoming: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  try {
    const body = await bodyOf(incoming);
    const request: SandboxRequest = {
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: headersOf(incoming),
      ...(body === undefined ? {} : { body }),
    };
    const made = await handle(request);
    const damage = options.damage?.(request);
    if (damage === 'reset') incoming.socket.destroy();
    else if ('start' in made) stream(made, incoming, response);
    else await whole(made, request, response, damage === 'half-body');
  } catch {
    // The client is gone, or sent half a request.
    incoming.socket.destroy();
  }
}

/** Groups that somebody wants to be in are told one a header; Node would join them. */
function headersOf({ headers, headersDistinct }: IncomingMessage): SandboxRequest['headers'] {
  if (headers['impersonate-user'] === undefined && headers['impersonate-group'] === undefined) return headers;
  const apart = Object.entries(headersDistinct).filter(([name]) => name.startsWith('impersonate-'));
  return Object.assign(headers, Object.fromEntries(apart));
}

function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> | undefined {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= READ_MOST || chunks.length === 0) chunks.push(chunk);
    });
    incoming.once('error', reject);
    incoming.once('end', () => {
      if (size > READ_MOST) resolve(Buffer.alloc(READ_MOST));
      else resolve(size === 0 ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    });
  });
}

async function whole(
  made: WholeAnswer,
  request: SandboxRequest,
  response: ServerResponse,
  half: boolean,
): Promise<void> {
  let { body } = made;
  const headers: Record<string, string | readonly string[] | number> = { ...made.headers };
  if (body.length > PACKED_FROM && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    body = await packed(body);
    headers['content-encoding'] = 'gzip';
    headers.vary = 'Accept-Encoding';
  }
  headers['content-length'] = body.length;
  response.writeHead(made.status, headers as never);
  if (half) {
    response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy());
    return;
  }
  response.end(request.method === 'HEAD' ? undefined : body);
}

const packed = (body: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    gzip(body, { level: 1 }, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });

function stream(
  made: Extract<SandboxAnswer, { start: unknown }>,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(made.status, { ...made.headers, 'transfer-encoding': 'chunked' } as never);
  response.flushHeaders();
  let stop: (() => void) | undefined;
  let open = true;
  const close = (): void => {
    open = false;
    stop?.();
  };
  const sink: Sink = {
    get open() {
      return open;
    },
    write(chunk) {
      if (!open) return;
      // Past the response, which would frame the same bytes anew for each of a thousand watchers.
      const { socket } = incoming;
      socket.write(framed(chunk));
      if (socket.writableLength > MOST_WAITING) socket.destroy();
    },
    end() {
      if (!open) return;
      open = false;
      response.end();
    },
  };
  response.once('close', close);
  stop = made.start(sink);
  if (!open) stop();
}

const CRLF = Buffer.from('\r\n');
let lastFramed: { readonly chunk: Buffer; readonly bytes: Buffer } | undefined;

/** A chunk as HTTP/1.1 sends it; watchers that see the same are given the same one after another. */
function framed(chunk: Buffer): Buffer {
  if (lastFramed?.chunk !== chunk)
    lastFramed = { chunk, bytes: Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, CRLF]) };
  return lastFramed.bytes;
}
