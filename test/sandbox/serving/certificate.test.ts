import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { selfSigned } from '../../../src/sandbox/serving/certificate.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

test('a certificate names the server, is signed by its own key and is an authority', () => {
  const { certificate } = selfSigned(['localhost', '127.0.0.1'], NOW);
  const read = new X509Certificate(certificate);
  assert.equal(read.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1');
  assert.ok(read.verify(read.publicKey));
  assert.ok(read.ca);
  assert.ok(read.checkIssued(read));
  assert.equal(read.validFromDate.getTime(), NOW - 3_600_000);
  assert.equal(read.validToDate.getTime(), NOW + 365 * 86_400_000);
  assert.deepEqual(read.keyUsage, ['1.3.6.1.5.5.7.3.1']);
});

test('two servers never share a key or a number', () => {
  const [one, other] = [selfSigned(['localhost'], NOW), selfSigned(['localhost'], NOW)];
  assert.notEqual(one.key, other.key);
  assert.notEqual(
    new X509Certificate(one.certificate).serialNumber,
    new X509Certificate(other.certificate).serialNumber,
  );
});

test('who trusts it is answered, who asks for another name or trusts others is not', async () => {
  const { key, certificate } = selfSigned(['127.0.0.1'], Date.now());
  const server = createServer({ key, cert: certificate }, (_, response) => void response.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = (options: { readonly ca?: string; readonly servername?: string }): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, agent: false, ...options }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      });
      asked.once('error', reject).end();
    });
  try {
    assert.equal(await answer({ ca: certificate }), 200);
    await assert.rejects(answer({ ca: certificate, servername: 'other.example' }), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    await assert.rejects(answer({ ca: selfSigned(['127.0.0.1'], Date.now()).certificate }), /certificate/);
  } finally {
    server.close();
  }
});
