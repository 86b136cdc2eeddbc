import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { findConnection, type OpenOptions, openCluster } from '../../src/cluster/open.ts';
import { isFault } from '../../src/outcome/fault.ts';
import { ScriptedServer, say } from './scripted-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const write = (text: string, name = `file-${++files}`) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const NOTHING = { env: {}, home: join(folder, 'nobody') };
const of = (text: string, options: OpenOptions = {}) =>
  findConnection({ ...NOTHING, kubeconfig: write(text), ...options });
const config = (
  user = '{token: t}',
  cluster = '{server: "https://one.example:6443"}',
  context = 'cluster: c, user: u',
) =>
  `apiVersion: v1\nkind: Config\ncurrent-context: x\nclusters: [{name: c, cluster: ${cluster}}]\nusers: [{name: u, user: ${user}}]\ncontexts: [{name: x, context: {${context}}}]\n`;

test('several files of KUBECONFIG are one: the first that says something wins, missing ones are passed over', async () => {
  const a = write('contexts: [{name: x, context: {cluster: c, user: u, namespace: from-a}}]\ncurrent-context: x\n');
  const b = write(`${config().replace('current-context: x', 'current-context: y')}`);
  const env = { KUBECONFIG: [join(folder, 'missing'), a, b].join(delimiter) };
  const found = await findConnection({ env });
  assert.equal(found.namespace, 'from-a');
  assert.equal(found.endpoint.url.host, 'one.example:6443');
  assert.equal(found.name, 'x (https://one.example:6443)');
  assert.deepEqual(await found.credentials.headers(), { authorization: 'Bearer t' });
});

test('paths in a kubeconfig are seen from where it stands, and a token file is read', async () => {
  write('from-file\n', 'the-token');
  const found = await of(config('{tokenFile: ./the-token}'));
  assert.deepEqual(await found.credentials.headers(), { authorization: 'Bearer from-file' });
  write('rotated\n', 'the-token');
  assert.equal(await found.credentials.renew(), true);
  assert.deepEqual(await found.credentials.headers(), { authorization: 'Bearer rotated' });
});

test('flags go before what the kubeconfig says', async () => {
  const two = `${config()}\n`.replace(
    'contexts: [',
    'contexts: [{name: z, context: {cluster: c, user: u, namespace: of-z}}, ',
  );
  const found = await of(two, {
    context: 'z',
    server: 'http://127.0.0.1:1/base',
    token: 'mine',
    namespace: 'n',
    tlsServerName: 'sni',
    as: 'jane',
    asGroup: ['a', 'b'],
    asUid: '7',
  });
  assert.equal(found.context, 'z');
  assert.equal(found.namespace, 'n');
  assert.equal(found.endpoint.url.href, 'http://127.0.0.1:1/base');
  assert.equal(found.endpoint.serverName, 'sni');
  assert.deepEqual(await found.credentials.headers(), {
    authorization: 'Bearer mine',
    'impersonate-user': 'jane',
    'impersonate-uid': '7',
    'impersonate-group': ['a', 'b'],
  });
});

test('a login is sent as such, and YAML 1.1 truths are understood', async () => {
  const found = await of(
    config('{username: "1234", password: 0123}', '{server: "https://h", insecure-skip-tls-verify: yes}'),
  );
  assert.equal(found.endpoint.insecure, true);
  assert.deepEqual(await found.credentials.headers(), { authorization: `Basic ${btoa('1234:0123')}` });
});

const PLUGIN = `#!/usr/bin/env node
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const fs = require('node:fs');
const count = fs.existsSync(process.env.COUNT) ? fs.readFileSync(process.env.COUNT, 'utf8').length : 0;
fs.appendFileSync(process.env.COUNT, 'x');
if (process.argv[2] === 'fail') { console.error('no such login'); process.exit(3); }
console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: 'ExecCredential', status: {
  token: [process.argv[2], process.env.MORE, count, info.spec.cluster?.server].join('-'),
  expirationTimestamp: new Date(Date.now() + Number(process.argv[3] ?? 3600e3)).toISOString() } }));
`;
const exec = (more: string) => {
  const path = write(PLUGIN, 'plugin.cjs');
  chmodSync(path, 0o755);
  const count = join(folder, `count-${++files}`);
  return `{exec: {apiVersion: client.authentication.k8s.io/v1, command: "${process.execPath}", installHint: "install it", interactiveMode: Never, env: [{name: COUNT, value: "${count}"}, {name: MORE, value: env}], ${more}}}`;
};
const script = () => join(folder, 'plugin.cjs');

test('a credential plugin is run once, told of the cluster, and run again when its credential expired or was refused', async () => {
  const found = await of(config(exec(`provideClusterInfo: true, args: ["${script()}", tok]`)));
  const first = { authorization: 'Bearer tok-env-0-https://one.example:6443' };
  assert.deepEqual(await Promise.all([found.credentials.headers(), found.credentials.headers()]), [first, first]);
  assert.equal(await found.credentials.renew(), true);
  assert.match(String((await found.credentials.headers()).authorization), /tok-env-1/);
  const brief = await of(config(exec(`args: ["${script()}", tok, "-1000"]`)));
  await brief.credentials.headers();
  assert.match(String((await brief.credentials.headers()).authorization), /tok-env-1/);
});

test('a credential plugin that fails says so with its own words and its install hint', async () => {
  const failing = await of(config(exec(`args: ["${script()}", fail]`)));
  await assert.rejects(
    failing.credentials.headers(),
    (error) =>
      isFault(error, 'CREDENTIAL-FAILED') && error.message.includes('no such login') && error.hint === 'install it',
  );
  const absent = await of(config(exec('').replace(process.execPath, '/nowhere/plugin')));
  await assert.rejects(absent.credentials.headers(), (error) => isFault(error, 'CREDENTIAL-FAILED'));
});

test('a 401 makes the plugin run again, once, before the answer is believed', async () => {
  await using server = await new ScriptedServer((call, answer) => {
    if (call.headers.authorization?.startsWith('Bearer tok-env-0') === true) say(answer, 401, {});
    else say(answer, 200, { gitVersion: 'v1', major: '1', minor: '1' });
  }).start();
  const kubeconfig = write(config(exec(`args: ["${script()}", tok]`), `{server: "${server.url}"}`));
  const cluster = await openCluster({ ...NOTHING, kubeconfig });
  await cluster.version();
  assert.equal(server.calls.length, 2);
  server.script = (_call, answer) => say(answer, 401, {});
  await assert.rejects(cluster.version(), (error) => isFault(error, 'REQUEST-REFUSED'));
  assert.equal(server.calls.length, 4);
  await cluster.close();
});

test('without any kubeconfig, and outside of a cluster, there is nothing to talk to', async () => {
  await assert.rejects(findConnection(NOTHING), (error) => isFault(error, 'KUBECONFIG-MISSING'));
  await assert.rejects(findConnection({ ...NOTHING, kubeconfig: join(folder, 'absent') }), (error) =>
    isFault(error, 'KUBECONFIG-MISSING'),
  );
});

const long = 'n'.repeat(10 << 20);
const bombs = Array.from({ length: 30 }, (_, k) => `a${k + 1}: &a${k + 1} [${`*a${k},`.repeat(9)}*a${k}]`).join('\n');
const malformed: Readonly<Record<string, string>> = {
  'no YAML': '{[',
  'binary rubbish': '\u0000\u0001\u0002',
  'a text': 'hello',
  'a list': '[1, 2]',
  'another kind': 'kind: Secret',
  'clusters that are a text': 'clusters: no\n',
  'clusters that are a mapping': 'clusters: {a: b}\n',
  'an entry that is a text': 'clusters: [x]\n',
  'an entry without a name': 'clusters: [{cluster: {}}]\n',
  'a name twice': 'users: [{name: a}, {name: a}]\n',
  'a server that is a list': config('{}', '{server: [a]}'),
  'a server without scheme': config('{}', '{server: "one.example"}'),
  'a server of another scheme': config('{}', '{server: "ftp://one.example"}'),
  'a server with a login': config('{}', '{server: "https://a:b@one.example"}'),
  'a flag that is a text': config('{}', '{server: "https://a", insecure-skip-tls-verify: perhaps}'),
  'rubbish for a certificate authority': config('{}', '{server: "https://a", certificate-authority-data: "!!"}'),
  'a certificate file that is absent': config('{client-certificate: /nowhere, client-key: /nowhere}'),
  'only half of a certificate': config(`{client-key-data: ${btoa('x')}}`),
  'a token and a login': config('{token: t, username: u}'),
  'groups without a user to act as': config('{token: t, as-groups: [a]}'),
  'an exec plugin without command': config('{exec: {apiVersion: client.authentication.k8s.io/v1}}'),
  'an exec plugin of odd mode': config(
    '{exec: {apiVersion: client.authentication.k8s.io/v1, command: a, interactiveMode: Maybe}}',
  ),
  'a context that is nowhere': config().replace('current-context: x', 'current-context: other'),
  'a context whose cluster is nowhere': config('{}', '{server: "https://a"}', 'cluster: other, user: u'),
  'a context whose user is nowhere': config('{}', '{server: "https://a"}', 'cluster: c, user: other'),
  'no current context': config().replace('current-context: x', ''),
  'a name of 10 MB': config().replace('current-context: x', `current-context: ${long}`),
  'a name of 10 MB that is nowhere': `current-context: a\n${long}: b\n`,
  'an auth-provider': config('{auth-provider: {name: gcp}}'),
  'an old exec plugin': config('{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: a}}'),
  'a socks proxy': config('{}', '{server: "https://a", proxy-url: "socks5://h:1"}'),
  'an alias bomb': `a0: &a0 [x]\n${bombs}\nclusters: *a30\n`,
  'an alias of itself': 'clusters: &a [*a]\n',
  'mappings nested 100,000 deep': `${'{a: '.repeat(100_000)}`,
  'lists nested 100,000 deep': `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  'a prototype': 'clusters: [{name: __proto__, cluster: {server: 1}}]\n__proto__: {x: y}\ncurrent-context: toString\n',
};
for (const [what, text] of Object.entries(malformed))
  test(`a kubeconfig is refused in a short sentence that holds ${what}`, async () => {
    await assert.rejects(of(text), (error) => {
      assert.ok(isFault(error), String(error));
      assert.match(error.code, /^KUBECONFIG-/);
      assert.ok(error.message.length < 500 && (error.hint ?? '').length < 2500);
      return true;
    });
  });
