import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const patch = (...operations: object[]): object => ({
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
const SLOW_MS = 2500;

/** What the webhook answers, by the path that it is called at. */
const ANSWERS: Readonly<Record<string, (request: { uid: string; object?: { metadata?: object } }) => object | string>> =
  {
    allow: () => ({ allowed: true, warnings: ['careful', 'said "twice"'] }),
    deny: () => ({ allowed: false }),
    'deny-message': () => ({ allowed: false, status: { message: 'not on a Friday', code: 403, reason: 'Forbidden' } }),
    'deny-code': () => ({ allowed: false, status: { code: 418, details: { kind: 'tea', name: 'pot' } } }),
    'deny-reason': () => ({ allowed: false, status: { reason: 'Weekend', code: 200 } }),
    label: () => ({ allowed: true, ...patch({ op: 'add', path: '/metadata/labels', value: { touched: 'yes' } }) }),
    data: () => ({ allowed: true, ...patch({ op: 'add', path: '/data', value: { made: 'here' } }) }),
    'bad-add': () => ({ allowed: true, ...patch({ op: 'add', path: '/a/b/c', value: 1 }) }),
    'bad-remove': () => ({ allowed: true, ...patch({ op: 'remove', path: '/metadata/labels' }) }),
    'bad-replace': () => ({ allowed: true, ...patch({ op: 'replace', path: '/data', value: {} }) }),
    'no-type': () => ({ allowed: true, patch: Buffer.from('[]').toString('base64') }),
    'type-only': () => ({ allowed: true, patchType: 'JSONPatch' }),
    'other-uid': () => ({ allowed: true, uid: 'someone-else' }),
    absent: () => 'absent',
    kind: () => 'kind',
    empty: () => '{}',
  };

/** A webhook over HTTPS on the loopback, and the certificate (PEM in base64) that it shows. */
export interface WebhookServer extends AsyncDisposable {
  readonly url: string;
  readonly caBundle: string;
}

export async function startWebhookServer(): Promise<WebhookServer> {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-webhook-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=webhook', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
  execFileSync('openssl', [...made, '-out', cert, ...subject], { stdio: 'ignore' });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  const server: Server = createServer(pair, (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.once('end', async () => {
      const path = new URL(request.url ?? '/', 'https://x').pathname.slice(1);
      if (path === 'slow') await sleep(SLOW_MS);
      const code = /^status-(\d+)$/.exec(path)?.[1];
      if (code !== undefined) return response.writeHead(Number(code), { 'content-type': 'text/plain' }).end('oh no\n');
      const review = JSON.parse(text) as { request: { uid: string } };
      const answer = (ANSWERS[path] ?? (() => ({ allowed: true })))(review.request);
      response.writeHead(200, { 'content-type': 'application/json' });
      const whole = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1' };
      if (answer === 'absent') return response.end(JSON.stringify(whole));
      if (answer === 'kind')
        return response.end(
          JSON.stringify({
            kind: 'AdmissionReview',
            apiVersion: 'admission.k8s.io/v1beta1',
            response: { uid: review.request.uid, allowed: true },
          }),
        );
      if (typeof answer === 'string') return response.end(answer);
      return response.end(JSON.stringify({ ...whole, response: { uid: review.request.uid, ...answer } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caBundle: pair.cert.toString('base64'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
