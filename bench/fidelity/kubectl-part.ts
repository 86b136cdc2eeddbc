import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type HttpServer, serveHttp } from '../../src/sandbox/serving/http-server.ts';
import { findKubectl } from '../../test/control-plane/kubectl.ts';
import type { Part } from '../fidelity.ts';
import { type Heard, hear, plainly } from './kubectl.ts';
import { type RealServer, startReal } from './real.ts';
import { ALL_SESSIONS } from './sessions/all.ts';
import type { Session } from './sessions.ts';

interface Difference {
  readonly version: string;
  readonly session: string;
  readonly command: string;
  readonly real: Heard;
  readonly sandbox: Heard;
}

/** Sessions of several kubectls at both servers: what they print and how they end must be the same. */
export async function kubectlPart(versions: readonly string[], say: (text: string) => void): Promise<Part> {
  const missing = versions.filter((version) => findKubectl(`kubectl.${version}`) === undefined);
  for (const version of missing) say(`kubectl.${version} is not to be found: its sessions are not played`);
  const real = await startReal([]);
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-fidelity-kubectl-'));
  const differences: Difference[] = [];
  let commands = 0;
  const figures: Part['figures'] = {};
  try {
    for (const version of versions.filter((one) => !missing.includes(one))) {
      const before = differences.length;
      let heard = 0;
      for (const [at, session] of ALL_SESSIONS.entries()) {
        const found = await playSession(version, session, `k${version.replace('.', '')}s${at}`, real, folder);
        heard += session.commands.length;
        differences.push(...found);
        for (const one of found) say(shown(one));
      }
      commands += heard;
      figures[`kubectl ${version}`] = `${heard} commands, ${differences.length - before} differing`;
    }
  } finally {
    await real.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    figures: {
      ...figures,
      kubectl_commands: commands,
      kubectl_commands_differing: differences.length,
      kubectls_missing: missing.length,
    },
    targets: [
      {
        name: 'no kubectl command differs',
        figure: 'kubectl_commands_differing',
        op: '==',
        limit: 0,
        atAnyScale: true,
      },
      { name: 'every kubectl was there', figure: 'kubectls_missing', op: '==', limit: 0 },
      { name: 'kubectl commands were compared', figure: 'kubectl_commands', op: '>=', limit: 1, atAnyScale: true },
    ],
    samples: differences,
  };
}

async function playSession(
  version: string,
  session: Session,
  namespace: string,
  real: RealServer,
  folder: string,
): Promise<Difference[]> {
  const place = join(folder, namespace);
  for (const side of ['real', 'sandbox']) mkdirSync(join(place, side), { recursive: true });
  const sandbox = await startSandbox({ clock: 'real', seed: 1 });
  try {
    const listening = await listenFor(sandbox);
    const kubeconfig = join(place, 'sandbox', 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigFor(listening.url));
    for (const [name, text] of Object.entries(session.files))
      for (const side of ['real', 'sandbox'])
        writeFileSync(join(place, side, name), text.replaceAll('NAMESPACE', namespace));
    const play = async (side: string, config: string): Promise<Heard[]> => {
      const said: Heard[] = [];
      const at = { version, kubeconfig: config, folder: join(place, side), namespace };
      const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
      writeFileSync(join(place, side, 'namespace.json'), JSON.stringify(manifest));
      await hear(at, 'create -f namespace.json');
      // Its ServiceAccount and its certificate come a moment later.
      for (let tried = 0; tried < 50; tried++) {
        if ((await hear(at, 'get sa default')).code === 0 && (await hear(at, 'get cm kube-root-ca.crt')).code === 0)
          break;
        await sleep(100);
      }
      for (const command of session.commands)
        said.push(plainly(await hear(at, command.replaceAll('NAMESPACE', namespace))));
      return said;
    };
    const [there, here] = await Promise.all([play('real', real.plane.kubeconfig), play('sandbox', kubeconfig)]);
    await listening.close();
    return session.commands.flatMap((command, at) => {
      const [one, other] = [there[at], here[at]];
      if (one === undefined || other === undefined || JSON.stringify(one) === JSON.stringify(other)) return [];
      return [{ version, session: session.title, command, real: one, sandbox: other }];
    });
  } finally {
    await sandbox.close();
  }
}

/** kubectl sends no token where there is no TLS: whoever asks here without one is the administrator. */
const listenFor = (sandbox: Sandbox): Promise<HttpServer> =>
  serveHttp((request) => {
    const authorization = request.headers.authorization ?? `Bearer ${sandbox.token}`;
    return sandbox.handle({ ...request, headers: { ...request.headers, authorization } });
  });

const kubeconfigFor = (url: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [{ name: 'sandbox', cluster: { server: url } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'admin' } }],
    users: [{ name: 'admin', user: {} }],
  });

/** The first line in which they differ. */
function shown({ version, session, command, real, sandbox }: Difference): string {
  const lines = (heard: Heard): string[] => [
    `exit ${heard.code}`,
    ...heard.stdout.split('\n'),
    ...heard.stderr.split('\n'),
  ];
  const [one, other] = [lines(real), lines(sandbox)];
  const at =
    Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index).find(
      (index) => one[index] !== other[index],
    ) ?? 0;
  return `kubectl ${version} (${session}) ${command}: real ${JSON.stringify(one[at] ?? 'nothing')}, sandbox ${JSON.stringify(other[at] ?? 'nothing')}`;
}
