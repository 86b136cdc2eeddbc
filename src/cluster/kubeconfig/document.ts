import { type Fields, Fields as FieldsOf, kubeconfigFault, shown } from './fields.ts';

export interface ClusterEntry {
  readonly server?: string;
  readonly certificateAuthority?: string;
  readonly certificateAuthorityData?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
}
export interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}
export interface ExecEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  /** Where the kubeconfig stands: a command with a slash is relative to it. */
  readonly folder: string;
}
export interface UserEntry {
  readonly clientCertificate?: string;
  readonly clientCertificateData?: string;
  readonly clientKey?: string;
  readonly clientKeyData?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly asUid?: string;
  readonly asGroups: readonly string[];
  readonly asExtra: Readonly<Record<string, readonly string[]>>;
  readonly authProvider?: string;
  readonly exec?: ExecEntry;
}

/** One kubeconfig, or several merged. Paths in it are absolute. */
export interface Kubeconfig {
  readonly currentContext?: string;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
}

const MOST_BYTES = 4 << 20;

/** Reads the text of one kubeconfig. `resolve` makes a path in it absolute, `folder` is where it stands. */
export async function parseKubeconfig(
  text: string,
  place: string,
  folder: string,
  resolve: (path: string) => string,
): Promise<Kubeconfig> {
  if (text.length > MOST_BYTES) throw kubeconfigFault(place, `it is larger than ${MOST_BYTES >> 20} MiB`);
  // Loaded only here: most of the time that this takes at start is for those who have no kubeconfig at all.
  const yaml = await import('js-yaml');
  let value: unknown;
  try {
    [value] = yaml.loadAll(text, { schema: yaml.FAILSAFE_SCHEMA, filename: place });
  } catch (cause) {
    throw kubeconfigFault(
      place,
      `it is no YAML (${shown(cause instanceof Error ? cause.message : String(cause))})`,
      cause,
    );
  }
  const root = new FieldsOf(value, place);
  const kind = root.text('kind');
  if (kind !== undefined && kind !== 'Config') throw kubeconfigFault(place, `it is a ${shown(kind)}, not a Config`);
  const path = (fields: Fields, field: string) => {
    const given = fields.text(field);
    return given === undefined ? undefined : resolve(given);
  };
  return compact({
    currentContext: root.text('current-context'),
    clusters: named(root, 'clusters', (entry) => {
      const cluster = entry.fields('cluster');
      return compact({
        server: cluster.text('server'),
        certificateAuthority: path(cluster, 'certificate-authority'),
        certificateAuthorityData: cluster.text('certificate-authority-data'),
        insecureSkipTlsVerify: cluster.flag('insecure-skip-tls-verify'),
        tlsServerName: cluster.text('tls-server-name'),
        proxyUrl: cluster.text('proxy-url'),
      });
    }),
    contexts: named(root, 'contexts', (entry) => {
      const context = entry.fields('context');
      return compact({
        cluster: context.text('cluster'),
        user: context.text('user'),
        namespace: context.text('namespace'),
      });
    }),
    users: named(root, 'users', (entry) => {
      const user = entry.fields('user');
      return compact({
        clientCertificate: path(user, 'client-certificate'),
        clientCertificateData: user.text('client-certificate-data'),
        clientKey: path(user, 'client-key'),
        clientKeyData: user.text('client-key-data'),
        token: user.text('token'),
        tokenFile: path(user, 'tokenFile'),
        username: user.text('username'),
        password: user.text('password'),
        as: user.text('as'),
        asUid: user.text('as-uid'),
        asGroups: user.texts('as-groups'),
        asExtra: extra(user.fields('as-user-extra')),
        authProvider: user.has('auth-provider') ? (user.fields('auth-provider').text('name') ?? '') : undefined,
        exec: user.has('exec') ? exec(user.fields('exec'), folder) : undefined,
      });
    }),
  });
}

function exec(fields: Fields, folder: string): ExecEntry {
  const command = fields.text('command');
  const apiVersion = fields.text('apiVersion');
  const mode: string = fields.text('interactiveMode') ?? 'IfAvailable';
  if (command === undefined || apiVersion === undefined)
    throw kubeconfigFault(fields.place, 'an exec plugin needs apiVersion and command');
  if (mode !== 'Never' && mode !== 'IfAvailable' && mode !== 'Always')
    throw kubeconfigFault(fields.place, 'interactiveMode must be Never, IfAvailable or Always');
  return compact({
    apiVersion,
    command,
    args: fields.texts('args'),
    env: fields.list('env').map((pair) => ({ name: pair.text('name') ?? '', value: pair.text('value') ?? '' })),
    installHint: fields.text('installHint'),
    provideClusterInfo: fields.flag('provideClusterInfo') ?? false,
    interactiveMode: mode satisfies ExecEntry['interactiveMode'] as ExecEntry['interactiveMode'],
    folder,
  });
}

function extra(fields: Fields): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(fields.names().map((name) => [name, fields.texts(name)]));
}

function named<Entry>(root: Fields, field: string, read: (entry: Fields) => Entry): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of root.list(field)) {
    const name = entry.text('name');
    if (name === undefined) throw kubeconfigFault(entry.place, 'an entry has no name');
    if (found.has(name)) throw kubeconfigFault(entry.place, `the name ${shown(name)} stands twice in ${field}`);
    found.set(name, read(entry));
  }
  return found;
}

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
/** Without the fields that are undefined. */
function compact<T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Compact<T>;
}
