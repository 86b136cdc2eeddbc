import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The Go module that the control plane is built from. */
export const SOURCES = join(import.meta.dirname, 'go');

export function cacheFolder(env: Environment = process.env): string {
  const own = env.SEAWORTHY_CACHE;
  if (own !== undefined && own !== '') return join(own, 'control-plane');
  const shared = env.XDG_CACHE_HOME;
  const root = shared !== undefined && shared !== '' ? shared : join(homedir(), '.cache');
  return join(root, 'seaworthy', 'control-plane');
}

/** The Kubernetes version that go.mod asks for, such as `v1.34.4`. */
export function kubernetesVersion(): string {
  const found = /^\s*k8s\.io\/kubernetes (v\S+)$/m.exec(readFileSync(join(SOURCES, 'go.mod'), 'utf8'));
  if (found?.[1] === undefined) throw new Error('go.mod does not name k8s.io/kubernetes');
  return found[1];
}

export function sourcesDigest(): string {
  const digest = createHash('sha256');
  const names = readdirSync(SOURCES).filter((name) => name.endsWith('.go') || name === 'go.mod' || name === 'go.sum');
  for (const name of names.sort()) {
    const content = readFileSync(join(SOURCES, name));
    digest.update(`${name} ${content.length}\n`).update(content);
  }
  return digest.digest('hex').slice(0, 16);
}

/** Everything of a build's name but the Go version, which is unknown where Go is absent. */
function namePrefix(): string {
  return `${kubernetesVersion()}-${process.platform}-${process.arch}-${sourcesDigest()}-`;
}

export function buildName(goVersion: string): string {
  return namePrefix() + goVersion;
}

/** The newest build of the present sources, by whichever Go it was made. */
export function cachedBuild(env: Environment = process.env): string | undefined {
  const folder = cacheFolder(env);
  const prefix = namePrefix();
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return undefined;
  }
  const builds = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ path: join(folder, name), made: statSync(join(folder, name)).mtimeMs }));
  return builds.sort((a, b) => b.made - a.made)[0]?.path;
}
