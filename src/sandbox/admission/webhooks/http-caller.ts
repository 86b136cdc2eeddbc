import { type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Unreachable, type WebhookAnswer, type WebhookCall, type WebhookCaller } from './caller.ts';

/** A webhook that runs in this process, in place of the Pods behind a Service. */
export type WebhookBackend = (call: WebhookCall) => Promise<WebhookAnswer> | WebhookAnswer;

/**
 * Calls webhooks by URL over HTTPS, and those of Services where a backend is registered under `namespace/name`. A Service
 * without one refuses connections, as kube-proxy makes a Service without endpoints do.
 */
export function httpCaller(backends: ReadonlyMap<string, WebhookBackend> = new Map()): WebhookCaller {
  return async (call) => {
    if (call.service === undefined) return overHttp(call);
    const { namespace, name, address } = call.service;
    const backend = backends.get(`${namespace}/${name}`);
    if (backend === undefined) throw new Unreachable(`dial tcp ${address}: connect: connection refused`);
    return backend(call);
  };
}

function overHttp(call: WebhookCall): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(call.url);
    const body = JSON.stringify(call.body);
    const headers = {
      accept: 'application/json, */*',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'kube-apiserver-admission',
    };
    const options = { method: 'POST', headers, signal: AbortSignal.timeout(call.timeoutMs) };
    const request: ClientRequest =
      url.protocol === 'http:'
        ? requestHttp(url, options)
        : requestHttps(url, { ...options, ...(call.ca === undefined ? {} : { ca: call.ca }) });
    request.once('error', (error) => reject(new Unreachable(asGo(error, url))));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => reject(new Unreachable(asGo(error, url))));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.end(body);
  });
}

/** What Go's client would say of Node's error. */
function asGo(error: Error & { code?: string; address?: string; port?: number }, url: URL): string {
  const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const at = `${error.address ?? host}:${error.port ?? port}`;
  switch (error.code) {
    case 'ECONNREFUSED':
      return `dial tcp ${at}: connect: connection refused`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${host}: no such host`;
    case 'ECONNRESET':
      return 'EOF';
    case 'EHOSTUNREACH':
      return `dial tcp ${at}: connect: no route to host`;
    case 'ABORT_ERR':
      return 'context deadline exceeded';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
    case 'CERT_HAS_EXPIRED':
      return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';
    case 'EPROTO':
      return 'tls: first record does not look like a TLS handshake';
    default:
      return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'context deadline exceeded' : error.message;
  }
}
