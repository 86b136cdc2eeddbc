import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { openCluster } from '../../src/cluster/open.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { type Script, ScriptedServer, say } from './scripted-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const NOTHING = { env: {}, home: folder };
const made = makeCertificates();
const skip = made === undefined ? 'there is no openssl to make certificates with' : false;

/** A certificate authority, a server's certificate for `api.test` and 127.0.0.1, and a client's for `jane`. */
function makeCertificates(): boolean | undefined {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=ca', '-days', '2');
    for (const [name, subject, extension] of [
      ['server', '/CN=server', 'subjectAltName=DNS:api.test'],
      ['client', '/CN=jane', 'extendedKeyUsage=clientAuth'],
    ] as const) {
      writeFileSync(join(folder, `${name}.ext`), extension);
      openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
      const sign = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...sign);
    }
    return true;
  } catch {
    return undefined;
  }
}
const pem = (name: string) => readFileSync(join(folder, name));
const who: Script = (call, answer) => {
  const peer = (call.socket as TLSSocket).getPeerCertificate();
  say(answer, 200, { gitVersion: String(peer.subject?.CN ?? 'nobody'), major: '1', minor: '1' });
};
const start = () =>
  new ScriptedServer(who, {
    cert: pem('server.crt'),
    key: pem('server.key'),
    ca: pem('ca.crt'),
    requestCert: true,
    rejectUnauthorized: false,
  }).start();
let files = 0;
function kubeconfig(server: string, more: string, user = '{token: t}'): string {
  const path = join(folder, `config-${++files}`);
  const text = `current-context: x\nclusters: [{name: c, cluster: {server: "${server}", ${more}}}]\nusers: [{name: u, user: ${user}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n`;
  writeFileSync(path, text);
  return path;
}
async function asWhom(path: string): Promise<string> {
  const cluster = await openCluster({ ...NOTHING, kubeconfig: path });
  try {
    return (await cluster.version()).gitVersion;
  } finally {
    await cluster.close();
  }
}
const CLIENT = '{client-certificate: client.crt, client-key: client.key}';

test('a server is believed by its authority and the name it must carry, and knows us by our certificate', {
  skip,
}, async () => {
  await using server = await start();
  const trusting = 'certificate-authority: ca.crt, tls-server-name: api.test';
  assert.equal(await asWhom(kubeconfig(server.url, trusting, CLIENT)), 'jane');
  assert.equal(await asWhom(kubeconfig(server.url, trusting)), 'nobody');
  const data = `{client-certificate-data: ${pem('client.crt').toString('base64')}, client-key-data: ${pem('client.key').toString('base64')}}`;
  assert.equal(
    await asWhom(
      kubeconfig(
        server.url,
        `certificate-authority-data: ${pem('ca.crt').toString('base64')}, tls-server-name: api.test`,
        data,
      ),
    ),
    'jane',
  );
  assert.equal(await asWhom(kubeconfig(server.url, 'insecure-skip-tls-verify: true')), 'nobody');
});

test('a server that cannot prove who it is gets no request', { skip }, async () => {
  await using server = await start();
  for (const more of [
    'namespace: x',
    'certificate-authority: ca.crt',
    'certificate-authority: ca.crt, tls-server-name: other.test',
  ])
    await assert.rejects(asWhom(kubeconfig(server.url, more)), (error) => isFault(error, 'TLS-REFUSED'), more);
  assert.equal(server.calls.length, 0);
});

test('a plugin may give a certificate', { skip }, async () => {
  await using server = await start();
  const status = { clientCertificateData: pem('client.crt').toString(), clientKeyData: pem('client.key').toString() };
  const apiVersion = 'client.authentication.k8s.io/v1beta1';
  writeFileSync(join(folder, 'credential.json'), JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));
  const user = `{exec: {apiVersion: ${apiVersion}, command: cat, args: ["${join(folder, 'credential.json')}"]}}`;
  assert.equal(
    await asWhom(kubeconfig(server.url, 'certificate-authority: ca.crt, tls-server-name: api.test', user)),
    'jane',
  );
});

test('a proxy is asked to connect, and TLS goes through it to the server', { skip }, async () => {
  await using server = await start();
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket, head) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    if (request.headers['proxy-authorization'] === undefined) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const onward = connect(server.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const more = (login: string) =>
    `certificate-authority: ca.crt, tls-server-name: api.test, proxy-url: "http://${login}127.0.0.1:${port}"`;
  try {
    assert.equal(await asWhom(kubeconfig(server.url, more('me:pw@'), CLIENT)), 'jane');
    assert.deepEqual(asked, [`127.0.0.1:${server.port} Basic ${btoa('me:pw')}`]);
    await assert.rejects(
      asWhom(kubeconfig(server.url, more(''))),
      (error) => isFault(error, 'CONNECTION-LOST') && error.message.includes('407'),
    );
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});
