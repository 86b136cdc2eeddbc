import { clusterFault } from './codes.ts';
import { dialer } from './http/dial.ts';
import { HttpCluster } from './http/http-cluster.ts';
import { LIMITS, type Limits } from './http/limits.ts';
import type { Throttled } from './http/throttle.ts';
import { type Connection, connectionOf, inCluster } from './kubeconfig/connection.ts';
import { kubeconfigFault, shown } from './kubeconfig/fields.ts';
import type { KubeFlags } from './kubeconfig/flags.ts';
import { type Environment, findKubeconfig } from './kubeconfig/locate.ts';

export interface OpenOptions extends KubeFlags {
  /** Default: those of this process. */
  readonly env?: Environment;
  readonly home?: string;
  /** Bounds that differ from LIMITS. */
  readonly limits?: Partial<Limits>;
  /** Packed answers; default: not from this machine itself. */
  readonly gzip?: boolean;
  readonly userAgent?: string;
  /** Told of every 429, and 503 with Retry-After, so that a caller can send less at once. */
  readonly onThrottle?: (throttled: Throttled) => void;
  /** Where a credential plugin's words to the user go; default stderr. */
  readonly say?: (text: string) => void;
}

/** Who and where, found by kubectl's rules: flags, KUBECONFIG, ~/.kube/config, else the pod's service account. */
export async function findConnection(options: OpenOptions = {}): Promise<Connection> {
  const env = options.env ?? process.env;
  const surroundings = {
    env,
    now: Date.now,
    talk: {
      terminal: process.stdin.isTTY === true,
      say: options.say ?? ((text: string) => void process.stderr.write(text)),
    },
  };
  const config = await findKubeconfig(options.kubeconfig, env, options.home);
  const found = config !== undefined && (config.contexts.size > 0 || config.clusters.size > 0) ? config : undefined;
  if (found === undefined && options.server === undefined) {
    const own = options.context === undefined ? await inCluster(options, surroundings) : undefined;
    if (own !== undefined) return own;
    throw clusterFault('KUBECONFIG-MISSING', 'There is no kubeconfig, and this process does not run in a cluster.', {
      hint: 'Set KUBECONFIG, give --kubeconfig, or write ~/.kube/config.',
    });
  }
  const empty = { clusters: new Map(), contexts: new Map(), users: new Map() };
  return await connectionOf(found ?? empty, options, surroundings);
}

/** Opens the cluster that flags, environment and kubeconfig name. Talks to nobody yet. */
export async function openCluster(options: OpenOptions = {}): Promise<HttpCluster> {
  return clusterAt(await findConnection(options), options);
}

/** The cluster of a connection that was found before. */
export function clusterAt(connection: Connection, options: OpenOptions = {}): HttpCluster {
  const { endpoint, credentials, name } = connection;
  const timeout = requestTimeoutMillis(options.requestTimeout);
  const limits: Limits = { ...LIMITS, ...(timeout === undefined ? {} : { total: timeout }), ...options.limits };
  return new HttpCluster(name, {
    url: endpoint.url,
    dial: dialer(endpoint, limits.connect),
    credentials,
    limits,
    gzip: options.gzip ?? !isLoopback(endpoint.url.hostname),
    userAgent: options.userAgent ?? 'seaworthy',
    onThrottle: options.onThrottle,
    random: Math.random,
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Milliseconds of kubectl's --request-timeout; 0 for none. */
function requestTimeoutMillis(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const unit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text)
    throw kubeconfigFault('--request-timeout', `${shown(text)} is no time such as 30s or 5m`);
  return parts.reduce((sum, part) => sum + Number(part[1]) * (unit[part[2] ?? 's'] ?? 0), 0);
}
