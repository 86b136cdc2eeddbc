import { readFile } from 'node:fs/promises';
import { clusterFault } from '../codes.ts';
import type { Credentials } from '../credentials.ts';
import type { Endpoint } from '../http/dial.ts';
import type { ClusterEntry, Kubeconfig, UserEntry } from './document.ts';
import { kubeconfigFault, shown } from './fields.ts';
import type { KubeFlags } from './flags.ts';
import { pemOf } from './pem.ts';
import { type UserSurroundings, userCredentials } from './user.ts';

/** Everything that is needed to talk to one cluster. */
export interface Connection {
  /** For people: context and server. */
  readonly name: string;
  readonly context: string | undefined;
  /** The namespace of the context, or of the flag; `default` when neither names one. */
  readonly namespace: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
}

/** Chooses context, cluster and user, lays the flags over them and reads the files that they name. */
export async function connectionOf(
  config: Kubeconfig,
  flags: KubeFlags,
  surroundings: UserSurroundings,
): Promise<Connection> {
  const contextName = flags.context ?? config.currentContext;
  const context = contextName === undefined ? undefined : config.contexts.get(contextName);
  if (
    contextName !== undefined &&
    context === undefined &&
    !(flags.context === undefined && flags.server !== undefined)
  )
    throw dangling('context', contextName, config.contexts);
  const clusterName = flags.cluster ?? context?.cluster;
  const found = clusterName === undefined ? undefined : config.clusters.get(clusterName);
  if (clusterName !== undefined && found === undefined) throw dangling('cluster', clusterName, config.clusters);
  const userName = flags.user ?? context?.user;
  const user = userName === undefined ? undefined : config.users.get(userName);
  if (userName !== undefined && user === undefined) throw dangling('user', userName, config.users);
  const cluster: ClusterEntry = found ?? {};
  if (cluster.server === undefined && flags.server === undefined)
    throw clusterFault(
      'KUBECONFIG-DANGLING',
      'No cluster is chosen: the kubeconfig has no current context that names one.',
      {
        hint: 'Name one with --context, or set it with `kubectl config use-context`.',
      },
    );
  const endpoint = await endpointOf(cluster, flags);
  return {
    name: contextName === undefined ? endpoint.url.origin : `${shown(contextName)} (${endpoint.url.origin})`,
    context: contextName,
    namespace: flags.namespace ?? context?.namespace ?? 'default',
    endpoint,
    credentials: await userCredentials(withFlags(user, flags), {
      ...surroundings,
      cluster: { entry: cluster, endpoint },
    }),
  };
}

async function endpointOf(cluster: ClusterEntry, flags: KubeFlags): Promise<Endpoint> {
  const url = serverUrl(flags.server ?? cluster.server ?? '');
  const insecure = flags.insecureSkipTlsVerify ?? cluster.insecureSkipTlsVerify ?? false;
  const file = flags.certificateAuthority ?? cluster.certificateAuthority;
  const data = flags.certificateAuthority === undefined ? cluster.certificateAuthorityData : undefined;
  if (insecure && flags.insecureSkipTlsVerify === undefined && (file ?? data) !== undefined)
    throw kubeconfigFault('kubeconfig', 'insecure-skip-tls-verify and certificate-authority exclude each other');
  const authority = insecure ? undefined : await pemOf('certificate-authority', data, file);
  const serverName = flags.tlsServerName ?? cluster.tlsServerName;
  const proxy = cluster.proxyUrl === undefined ? undefined : proxyUrl(cluster.proxyUrl);
  return {
    url,
    insecure,
    ...(authority === undefined ? {} : { authority }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw kubeconfigFault('kubeconfig', `the server ${shown(text)} is no URL that begins with https:// or http://`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw kubeconfigFault('kubeconfig', 'the URL of the server may hold neither a login nor a query');
  return url;
}

function proxyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw kubeconfigFault('kubeconfig', `proxy-url ${shown(text)} is no URL`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw clusterFault('KUBECONFIG-UNSUPPORTED', `A proxy of the kind ${shown(url.protocol)} is not supported.`, {
      hint: 'Use a proxy that understands CONNECT, with a URL that begins with http:// or https://.',
    });
  return url;
}

/** As kubectl: a flag for one way to log in puts the kubeconfig's other values for that way aside. */
function withFlags(user: UserEntry | undefined, flags: KubeFlags): UserEntry {
  const { token, tokenFile, clientCertificate, clientCertificateData, clientKey, clientKeyData, ...rest } = user ?? {
    asGroups: [],
    asExtra: {},
  };
  const pick = <T extends object>(own: T, given: boolean, mine: T): T => (given ? mine : own);
  const defined = <T extends object>(value: T) =>
    Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Partial<UserEntry>;
  return {
    ...rest,
    ...defined(pick({ token, tokenFile }, flags.token !== undefined, { token: flags.token, tokenFile: undefined })),
    ...defined(
      flags.clientCertificate === undefined
        ? { clientCertificate, clientCertificateData }
        : { clientCertificate: flags.clientCertificate },
    ),
    ...defined(flags.clientKey === undefined ? { clientKey, clientKeyData } : { clientKey: flags.clientKey }),
    ...(flags.as === undefined ? {} : { as: flags.as }),
    ...(flags.asUid === undefined ? {} : { asUid: flags.asUid }),
    ...(flags.asGroup === undefined ? {} : { asGroups: flags.asGroup }),
  };
}

function dangling(what: string, name: string, known: ReadonlyMap<string, unknown>) {
  const names = [...known.keys()].slice(0, 10).map(shown);
  return clusterFault('KUBECONFIG-DANGLING', `The kubeconfig has no ${what} named ${shown(name)}.`, {
    hint: names.length === 0 ? `It names no ${what} at all.` : `It has: ${names.join(', ')}.`,
  });
}

/** In-cluster: the service account that Kubernetes mounts into every pod. */
export async function inCluster(
  flags: KubeFlags,
  surroundings: UserSurroundings,
  folder = '/var/run/secrets/kubernetes.io/serviceaccount',
): Promise<Connection | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = surroundings.env;
  if (host === undefined || port === undefined) return undefined;
  const own = await readFile(`${folder}/namespace`, 'utf8').catch(() => undefined);
  const tokenFile = `${folder}/token`;
  if ((await readFile(tokenFile, 'utf8').catch(() => undefined)) === undefined) return undefined;
  const entry: ClusterEntry = {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    certificateAuthority: `${folder}/ca.crt`,
  };
  const endpoint = await endpointOf(entry, flags);
  const user: UserEntry = { tokenFile, asGroups: [], asExtra: {} };
  return {
    name: `in-cluster (${endpoint.url.origin})`,
    context: undefined,
    namespace: flags.namespace ?? own?.trim() ?? 'default',
    endpoint,
    credentials: await userCredentials(withFlags(user, flags), { ...surroundings, cluster: { entry, endpoint } }),
  };
}
