import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { LaneLoss } from './loss.ts';

/** Our own certificate, PEM. */
export interface Identity {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** Where the server is and how it proves itself. */
export interface Endpoint {
  /** `http:` or `https:`, with the path below which the API stands, if any. */
  readonly url: URL;
  /** PEM; the system's authorities when absent. */
  readonly authority?: string | Buffer;
  readonly insecure: boolean;
  /** The name that the server's certificate must carry instead of the host. */
  readonly serverName?: string;
  /** `http:` or `https:`; asked to CONNECT. */
  readonly proxy?: URL;
}

/** Makes one connection on which an HTTP/1.1 request may be written at once. Rejects with LaneLoss (`sent: 'no'`). */
export type Dial = (identity: Identity | undefined, signal: AbortSignal) => Promise<Socket>;

export function dialer(endpoint: Endpoint, connectMillis: number): Dial {
  const tls = {
    allowH2: false,
    timeout: connectMillis,
    rejectUnauthorized: !endpoint.insecure,
    ...(endpoint.authority === undefined ? {} : { ca: endpoint.authority }),
  };
  let known: { identity: Identity | undefined; connect: buildConnector.connector } | undefined;
  const connectorFor = (identity: Identity | undefined): buildConnector.connector => {
    if (known === undefined || known.identity !== identity)
      known = { identity, connect: buildConnector({ ...tls, ...(identity ?? {}) }) };
    return known.connect;
  };
  const { url, serverName, proxy } = endpoint;
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return async (identity, signal) => {
    const tunnel = proxy === undefined ? undefined : await tunnelThrough(proxy, url, connectMillis, signal);
    if (tunnel !== undefined && url.protocol === 'http:') return tunnel;
    return await new Promise<Socket>((resolve, reject) => {
      const connect = connectorFor(identity);
      const target = {
        hostname,
        host: url.host,
        protocol: url.protocol,
        port: url.port,
        ...(serverName === undefined ? {} : { servername: serverName }),
        ...(tunnel === undefined ? {} : { httpSocket: tunnel }),
      };
      connect(target, (error, socket) => {
        if (error !== null) reject(new LaneLoss('no', error));
        else if (signal.aborted) {
          socket?.destroy();
          reject(new LaneLoss('no', signal.reason));
        } else resolve(socket as Socket);
      });
    });
  };
}

function tunnelThrough(proxy: URL, target: URL, millis: number, signal: AbortSignal): Promise<Socket> {
  const authority = `${target.hostname}:${target.port || (target.protocol === 'https:' ? '443' : '80')}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return new Promise((resolve, reject) => {
    const lost = (cause: unknown) => reject(new LaneLoss('no', cause));
    const ask = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      agent: false,
      timeout: millis,
      signal,
      headers: {
        host: authority,
        ...(proxy.username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
      },
    });
    ask.once('connect', (answer, socket, head) => {
      if (answer.statusCode !== 200) {
        socket.destroy();
        lost(new Error(`the proxy answered ${answer.statusCode} to CONNECT`));
        return;
      }
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      resolve(socket as Socket);
    });
    ask.once('response', (answer) => {
      answer.resume();
      lost(new Error(`the proxy answered ${answer.statusCode} to CONNECT`));
    });
    ask.once('timeout', () => ask.destroy(new Error('the proxy did not answer in time')));
    ask.once('error', lost);
    ask.end();
  });
}
