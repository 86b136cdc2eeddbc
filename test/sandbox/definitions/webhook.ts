import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from './conversion-cases.ts';

/** A conversion webhook over HTTPS that behaves as its path says. */
export async function startWebhook(): Promise<{ url(behaviour: string): string; caBundle: string; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-conversion-'));
  const [keyPath, certPath] = [join(folder, 'key'), join(folder, 'cert')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request, '-keyout', keyPath, '-out', certPath, ...subject], { stdio: 'ignore' });
  const cert = readFileSync(certPath);
  const server = createServer({ key: readFileSync(keyPath), cert }, (incoming, outgoing) => {
    let text = '';
    incoming.on('data', (chunk) => {
      text += String(chunk);
    });
    incoming.on('end', () => {
      const behaviour = (incoming.url ?? '').split('?')[0]?.slice(1) ?? '';
      const { status, body } = answer(behaviour, JSON.parse(text));
      const plain = typeof body === 'string';
      outgoing.writeHead(status, { 'content-type': plain ? 'text/plain' : 'application/json' });
      outgoing.end(plain ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: (behaviour) => `https://127.0.0.1:${port}/${behaviour}`,
    caBundle: cert.toString('base64'),
    close: () => {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
