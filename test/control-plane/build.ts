// Builds the control plane that the real tests start: `npm run control-plane`.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { buildName, cacheFolder, kubernetesVersion, SOURCES } from './cache.ts';

const OLDEST_GO = { major: 1, minor: 24 };
const PROGRESS_EVERY_MS = 10_000;
const run = promisify(execFile);
const environment = { ...process.env, CGO_ENABLED: '0' };

class CouldNotRun extends Error {}

async function goVersion(): Promise<string> {
  const hint = `install Go ${OLDEST_GO.major}.${OLDEST_GO.minor} or newer, or set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver, kube-controller-manager and etcd`;
  const { stdout } = await run('go', ['env', 'GOVERSION'], { env: environment, cwd: SOURCES }).catch(() => {
    throw new CouldNotRun(`Go is needed to build the control plane and there is none on the PATH; ${hint}`);
  });
  const version = stdout.trim();
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) * 1000 + Number(minor) < OLDEST_GO.major * 1000 + OLDEST_GO.minor) {
    throw new CouldNotRun(`${version || 'this Go'} is too old to build the control plane; ${hint}`);
  }
  return version;
}

/** What `/version` is to answer; without these the server reports a version that no client understands. */
async function linkerFlags(version: string): Promise<string> {
  const [major = '', minor = ''] = version.replace(/^v/, '').split('.');
  const format = '{{if .Time}}{{.Time.Format "2006-01-02T15:04:05Z07:00"}}{{end}}';
  const { stdout } = await run('go', ['list', '-m', '-f', format, 'k8s.io/kubernetes'], {
    env: environment,
    cwd: SOURCES,
  });
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    // The published module does not say its commit; the tag names it as well.
    gitCommit: `refs/tags/${version}`,
    gitTreeState: 'clean',
    buildDate: stdout.trim() || '1970-01-01T00:00:00Z',
  };
  const settings = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s -w', ...settings].join(' ');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function elapsed(since: number): string {
  const seconds = Math.round((performance.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

async function packageCount(): Promise<number> {
  const listed = await run('go', ['list', '-deps', '.'], {
    env: environment,
    cwd: SOURCES,
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed.stdout.trim().split('\n').length;
}

/** Compiles into `output`, and tells from time to time how far it is: a cold build takes minutes. */
async function compile(output: string, flags: string, since: number, signal: AbortSignal): Promise<void> {
  const total = await packageCount();
  const args = ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags', flags, '-o', output, '.'];
  const go: ChildProcess = spawn('go', args, {
    cwd: SOURCES,
    // An interrupted go leaves its scratch files behind, so they lie where they are removed with the rest.
    env: { ...environment, GOTMPDIR: dirname(output) },
    stdio: ['ignore', 'inherit', 'pipe'],
    signal,
    killSignal: 'SIGINT',
  });
  const talk: string[] = [];
  let compiled = 0;
  const timer = setInterval(() => {
    const state = compiled < total ? `${compiled} of at most ${total} packages compiled` : 'linking';
    say(`  ${elapsed(since)}: ${state}`);
  }, PROGRESS_EVERY_MS);
  if (go.stderr !== null) {
    createInterface({ input: go.stderr }).on('line', (line) => {
      // A bare import path is a package done; everything else is go's own talk.
      if (/^[\w.~/+-]+$/.test(line)) compiled += 1;
      else talk.push(line);
    });
  }
  let failure: Error | undefined;
  go.once('error', (error) => {
    failure = error;
  });
  const code = await new Promise<number | null>((resolve) => go.once('close', resolve));
  clearInterval(timer);
  if (failure !== undefined) throw failure;
  if (code !== 0) throw new Error(`go build failed:\n${talk.slice(-30).join('\n')}`);
}

async function build(): Promise<void> {
  const since = performance.now();
  const version = kubernetesVersion();
  const folder = cacheFolder();
  const target = join(folder, buildName(await goVersion()));
  if (existsSync(target)) {
    say(`control plane ${version} is already built: ${target}`);
  } else {
    say(`building Kubernetes ${version} and etcd into ${folder}; about 5 minutes the first time`);
    await mkdir(folder, { recursive: true });
    const scratch = await mkdtemp(join(folder, '.building-'));
    const interruption = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
    try {
      const output = join(scratch, 'control-plane');
      await compile(output, await linkerFlags(version), since, interruption.signal);
      await run(output, ['version']);
      await rename(output, target);
    } finally {
      await rm(scratch, { recursive: true, force: true, maxRetries: 10 });
    }
    say(`built in ${elapsed(since)}: ${target}`);
  }
  const { stdout } = await run(target, ['version']);
  process.stdout.write(stdout);
}

try {
  await build();
} catch (error) {
  if (error instanceof CouldNotRun) {
    say(`could not run: ${error.message}`);
    process.exitCode = 4;
  } else if (error instanceof Error && error.name === 'AbortError') {
    say('interrupted: nothing was left behind, and what was compiled need not be compiled again');
    process.exitCode = 130;
  } else {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
