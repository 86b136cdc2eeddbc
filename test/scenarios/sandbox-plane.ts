import { setImmediate as turn } from 'node:timers/promises';
import { instead } from '../../bench/children/instead.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import { recordedObjects } from '../../src/sandbox/recorded/recorded.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { SandboxRequest, WholeAnswer } from '../../src/sandbox/serving/exchange.ts';
import { eventTime } from '../sandbox/event-time.ts';
import type { Plane, PlaneOptions } from './plane.ts';

const MERGE = 'application/merge-patch+json';

/** No sandbox begins before the time to which another had come: what was captured there must not lie in the future. */
let latest = Date.now();

/** A sandbox in this process. Its controllers may act between any two writes, and its time passes while everybody waits. */
export async function sandboxPlane(options: PlaneOptions = {}): Promise<Plane> {
  const users = options.users ?? [];
  const sandbox = await startSandbox({
    clock: { start: latest },
    tokens: Object.fromEntries(users.map(({ token, name, groups }) => [token, { name, groups }])),
    ...(options.controllerManager === false ? { controllers: [] } : {}),
  });
  const time = eventTime(sandbox);
  if (options.serviceCidr !== undefined) await moveServices(sandbox, options.serviceCidr);
  let [tried, accepted] = [0, 0];
  sandbox.knobs.troubles.add((request) => {
    if (isWrite(request)) tried++;
    return undefined;
  });
  sandbox.tap(() => void accepted++);
  return {
    ca: authority(),
    ownAuthority: false,
    deletesFolders: false,
    time,
    ask: (method, path, body, type) => asked(sandbox, method, path, body, type),
    async open(user) {
      const token = users.find(({ name }) => name === user)?.token;
      return inTurns(sandbox.cluster(token === undefined ? {} : { token }));
    },
    writes: async (which) => (which === 'all' ? tried : accepted),
    stopControllerManager: async () => sandbox.controllers.close(),
    // Nothing is put off for long where time passes while everybody waits.
    restartControllerManager: async () => undefined,
    async stop() {
      latest = Math.max(latest, sandbox.clock.now());
      time.stop();
      await sandbox.close();
    },
  };
}

/** Of the server that was recorded: every sandbox shows the same. */
function authority(): string {
  const found = recordedObjects('beside-manager').find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt',
  );
  return (found?.data as { 'ca.crt'?: string } | undefined)?.['ca.crt'] ?? '';
}

/** Where Services get their addresses is an object. */
async function moveServices(sandbox: Sandbox, cidr: string): Promise<void> {
  const path = '/apis/networking.k8s.io/v1/servicecidrs';
  const metadata = { name: 'kubernetes' };
  await asked(sandbox, 'PATCH', `${path}/kubernetes`, { metadata: { finalizers: null } }, MERGE);
  await asked(sandbox, 'DELETE', `${path}/kubernetes`);
  const body = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata, spec: { cidrs: [cidr] } };
  const { status, body: said } = await asked(sandbox, 'POST', path, body);
  if (status !== 201) throw new Error(`no ServiceCIDR ${cidr}: ${said}`);
}

function isWrite({ method, path }: SandboxRequest): boolean {
  return method !== 'GET' && !/[?&]dryRun=All/.test(path) && !/(access|rules)reviews/.test(path);
}

async function asked(sandbox: Sandbox, method: string, path: string, body?: unknown, type = 'application/json') {
  const answer = (await sandbox.handle({
    method,
    path,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${sandbox.token}`,
      'user-agent': 'seaworthy-test',
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
  })) as WholeAnswer;
  return { status: answer.status, body: answer.body.toString('utf8') };
}

/** Without a socket a whole recovery could run before any controller had its turn. */
function inTurns(real: Cluster): Cluster {
  const after = async <T>(work: Promise<T>): Promise<T> => {
    const answer = await work;
    await turn();
    return answer;
  };
  return instead(real, {
    create: (...given) => after(real.create(...given)),
    patch: (...given) => after(real.patch(...given)),
    replace: (...given) => after(real.replace(...given)),
    delete: (...given) => after(real.delete(...given)),
  });
}
