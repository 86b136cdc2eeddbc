/**
 * The sandbox beside the real control plane: creates, lists and watchers, one server after the other, each in processes of its own, and the
 * memory of both. Clients are processes of their own, too.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { controlPlaneAvailable, startControlPlane } from '../test/control-plane/fixture.ts';
import type { BenchInput, BenchOutcome } from './bench.ts';
import type { CreatedListed } from './children/create-list-child.ts';
import { highWater } from './children/job.ts';
import { answerOf, PROGRAM_FLAGS } from './children/run-script.ts';
import type { Watched } from './children/watch-child.ts';
import { SANDBOX_TARGETS, type ServerRun, type Sizes, sandboxFigures } from './sandbox-figures.ts';
import { until } from './server.ts';

const FULL: Sizes = { objects: 20_000, watchers: 1_000, changes: 5_000 };
const NAMESPACES = 20;
const LISTS = 3;
const WATCHED = 'bench-watched';

interface Place {
  readonly url: string;
  readonly token: string;
  readonly ca?: string;
}

export async function run(input: BenchInput): Promise<BenchOutcome> {
  const available = await controlPlaneAvailable();
  if (available.kind === 'unavailable')
    return {
      name: 'sandbox',
      figures: {},
      targets: [],
      samples: [],
      couldNotRun: `${available.why} ${available.hint}`,
    };
  const scaled = (full: number): number => Math.max(10, Math.round(full * input.scale));
  const sizes: Sizes = {
    objects: scaled(FULL.objects),
    watchers: scaled(FULL.watchers),
    changes: Math.max(150, scaled(FULL.changes)),
  };
  const sandbox = await atSandbox((place, pid) => measure(input, 'sandbox', place, sizes, () => highWater(pid)));
  const real = await atReal((place, memory) => measure(input, 'real', place, sizes, memory));
  const figures = { server: available.version, ...sandboxFigures(real, sandbox, sizes) };
  return { name: 'sandbox', figures, targets: SANDBOX_TARGETS, samples: [{ real, sandbox }] };
}

async function measure(
  { say }: BenchInput,
  name: string,
  place: Place,
  { objects, watchers, changes }: Sizes,
  memory: () => number,
): Promise<ServerRun> {
  const namespaces = Array.from({ length: NAMESPACES }, (_, at) => `bench-${at}`);
  await prepare(place, [...namespaces, WATCHED]);
  const work = await answerOf<CreatedListed>('create-list-child', {
    ...place,
    namespaces,
    count: objects,
    lists: LISTS,
  });
  say(
    `${name}: ${work.created} created in ${work.createSeconds.toFixed(2)} s, listed in ${work.listSeconds.map((one) => one.toFixed(3)).join(', ')} s`,
  );
  const watched = await answerOf<Watched>('watch-child', { ...place, namespace: WATCHED, watchers, changes });
  say(
    `${name}: ${watchers} watchers had ${changes} changes after ${watched.seconds.toFixed(2)} s, ${Math.round(watched.bytes / 1e6)} MB`,
  );
  return { work, watched, memory: memory() };
}

/** Namespaces with everything that controllers put into them, so that none of it falls into a measurement. */
async function prepare({ url, token, ca }: Place, names: readonly string[]): Promise<void> {
  const { Pool } = await import('undici');
  const pool = new Pool(url, { connections: 4, ...(ca === undefined ? {} : { connect: { ca } }) });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const status = async (method: 'GET' | 'POST', path: string, body?: object): Promise<number> => {
    const answer = await pool.request({ method, path, headers, ...(body && { body: JSON.stringify(body) }) });
    await answer.body.dump();
    return answer.statusCode;
  };
  for (const name of names) await status('POST', '/api/v1/namespaces', { metadata: { name } });
  for (const name of names)
    for (const minted of ['configmaps/kube-root-ca.crt', 'serviceaccounts/default'])
      await until(`${name} had its ${minted}`, 60_000, async () => {
        return (await status('GET', `/api/v1/namespaces/${name}/${minted}`)) === 200;
      });
  await pool.close();
}

async function atSandbox<Result>(work: (place: Place, pid: number) => Promise<Result>): Promise<Result> {
  const file = fileURLToPath(new URL('./children/sandbox-child.ts', import.meta.url));
  const child = spawn(process.execPath, [...PROGRAM_FLAGS, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
      child.once('exit', () => reject(new Error('the sandbox did not start')));
    });
    const { url, token, pid } = JSON.parse(line) as { url: string; token: string; pid: number };
    return await work({ url, token }, pid);
  } finally {
    child.stdin.end();
  }
}

async function atReal<Result>(work: (place: Place, memory: () => number) => Promise<Result>): Promise<Result> {
  await using plane = await startControlPlane();
  const { url, token, ca, folder } = plane;
  return await work({ url, token, ca }, () => processesOf(folder).reduce((sum, pid) => sum + highWater(pid), 0));
}

/** The servers of a control plane: they name its folder in their arguments. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    });
}
