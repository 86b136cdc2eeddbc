import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfigText } from '../../src/sandbox/kubeconfig-text.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxAnswer, SandboxRequest } from '../../src/sandbox/serving/exchange.ts';
import { serveHttp } from '../../src/sandbox/serving/http-server.ts';
import type { Endpoint } from '../../test/control-plane/api.ts';
import { startControlPlane } from '../../test/control-plane/fixture.ts';
import { auditFlags, auditLog } from './audit.ts';

/** The server whose recoveries are killed; it writes what it was asked into the audit log of `folder`. */
export interface KillGround extends Endpoint, AsyncDisposable {
  readonly kubeconfig: string;
}

export async function realGround(folder: string): Promise<KillGround> {
  return await startControlPlane({
    serviceCidr: '10.0.0.0/16',
    extraApiServerArgs: auditFlags(folder),
    extraControllerManagerArgs: ['--pvclaimbinder-sync-period=1s'],
  });
}

/** A sandbox in this process, served over HTTP, its controllers at work in real time. */
export async function sandboxGround(folder: string): Promise<KillGround> {
  const sandbox = await startSandbox({ clock: 'real' });
  writeFileSync(auditLog(folder), '');
  const server = await serveHttp((request) => audited(sandbox, request, auditLog(folder)), {});
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(server.url, sandbox.token), { mode: 0o600 });
  return {
    url: server.url,
    token: sandbox.token,
    kubeconfig,
    async [Symbol.asyncDispose]() {
      await server.close();
      await sandbox.close();
    },
  };
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Answers, and notes each write as the real server's audit log does, as far as it is read. */
async function audited(sandbox: Sandbox, request: SandboxRequest, log: string): Promise<SandboxAnswer> {
  const answer = await sandbox.handle(request);
  const verb = VERBS[request.method];
  const objectRef = referenceOf(request.path);
  if (verb === undefined || objectRef === undefined || !('body' in answer)) return answer;
  const event = {
    stage: 'ResponseComplete',
    verb,
    userAgent: String(request.headers['user-agent'] ?? ''),
    requestURI: request.path,
    objectRef,
    responseStatus: { code: answer.status },
    requestObject: parsed(request.body),
    responseObject: parsed(answer.body),
  };
  appendFileSync(log, `${JSON.stringify(event)}\n`);
  return answer;
}

function referenceOf(path: string): object | undefined {
  const parts = (path.split('?')[0] ?? '').split('/').slice(1).map(decodeURIComponent);
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  const apiGroup = parts[0] === 'apis' ? parts[1] : '';
  // `namespaces/a` is the Namespace itself, `namespaces/a/status` a part of it, everything longer stands in it.
  const inside = rest[0] === 'namespaces' && rest.length > 2 && !/^(status|finalize)$/.test(rest[2] ?? '');
  const [resource, name, subresource] = inside ? rest.slice(2) : rest;
  if (resource === undefined || apiGroup === 'authorization.k8s.io') return undefined;
  return { apiGroup, resource, ...(inside ? { namespace: rest[1] } : {}), name, subresource };
}

function parsed(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown);
  } catch {
    return undefined;
  }
}
