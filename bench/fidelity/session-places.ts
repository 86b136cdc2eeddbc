import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type HttpServer, serveHttp } from '../../src/sandbox/serving/http-server.ts';
import { startNode } from './node-stand-in.ts';
import { startReal } from './real.ts';

/** A server that sessions of kubectl are played at. */
export interface SessionPlace {
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** A sandbox of this process, in which Pods stay Pending. */
export async function sandboxHere(folder: string): Promise<SessionPlace> {
  const sandbox = await startSandbox({ clock: 'real', seed: 1 });
  const listening = await listenFor(sandbox);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(listening.url));
  return {
    kubeconfig,
    async close() {
      await listening.close();
      await sandbox.close();
    },
  };
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

const START_LIMIT_MS = 30_000;

/** `seaworthy sandbox start` as somebody types it: a process of its own that writes a kubeconfig and says its address. */
export async function sandboxCommand(folder: string): Promise<SessionPlace> {
  const kubeconfig = join(folder, 'kubeconfig');
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const child = spawn(process.execPath, [main, 'sandbox', 'start', '--kubeconfig', kubeconfig], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // Where it listens is no news; what went wrong in it is.
    if (/^(defect|error)/m.test(text)) process.stderr.write(text);
  });
  const gone = once(child, 'exit');
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  await Promise.race([
    once(child.stdout, 'data', { signal: limit }),
    gone.then(([code]) => {
      throw new Error(`sandbox start ended with exit code ${code}`);
    }),
  ]);
  return {
    kubeconfig,
    async close() {
      end();
      process.off('exit', end);
      await gone;
    },
  };
}

/** A real control plane that nobody else uses, with a stand-in for a node. */
export async function realWithNode(): Promise<SessionPlace> {
  const real = await startReal([]);
  const node = await startNode(real.plane);
  return {
    kubeconfig: real.plane.kubeconfig,
    async close() {
      await node.stop();
      await real.close();
    },
  };
}
