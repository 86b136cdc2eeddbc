import type { Command } from 'commander';
import type { KubeFlags } from '../cluster/kubeconfig/flags.ts';
import { quoted } from './words.ts';

const GROUP = "The cluster, as kubectl's:";
const FLAGS: readonly (readonly [string, string])[] = [
  ['--kubeconfig <file>', 'the kubeconfig to use'],
  ['--context <name>', 'the context of the kubeconfig'],
  ['--cluster <name>', 'the cluster of the kubeconfig'],
  ['--user <name>', 'the user of the kubeconfig'],
  ['-s, --server <url>', 'address of the API server'],
  ['--token <token>', 'bearer token'],
  ['--certificate-authority <file>', 'certificate authority of the server'],
  ['--client-certificate <file>', 'client certificate'],
  ['--client-key <file>', 'key of the client certificate'],
  ['--insecure-skip-tls-verify', 'do not ask the server who it is'],
  ['--tls-server-name <name>', 'the name that the certificate of the server must have'],
  ['--as <user>', 'impersonate this user'],
  ['--request-timeout <time>', 'how long one request may take: 30s, 5m; 0 for ever'],
];

/** Adds kubectl's context flags to a command that talks to a cluster. */
export function addContextFlags(command: Command): Command {
  command.optionsGroup(GROUP);
  for (const [flags, description] of FLAGS) command.option(flags, description);
  command.option('--as-group <group>', 'impersonate this group; may be given again', collect);
  command.option('--as-uid <uid>', 'impersonate this UID');
  return command;
}

/** For options that may be given again. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

const NAMES = [
  'kubeconfig',
  'context',
  'cluster',
  'user',
  'server',
  'token',
  'certificateAuthority',
  'clientCertificate',
  'clientKey',
  'insecureSkipTlsVerify',
  'tlsServerName',
  'as',
  'asGroup',
  'asUid',
  'requestTimeout',
] as const satisfies readonly (keyof KubeFlags)[];

/** The context flags among the parsed options. `-n` is none of them: it selects what is recovered. */
export function kubeFlags(from: object): KubeFlags {
  const options = from as Readonly<Record<string, unknown>>;
  return Object.fromEntries(NAMES.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

/** The flags as they are typed, for a command that is suggested. A token is never repeated. */
export function contextWords(flags: KubeFlags): string {
  const words = NAMES.flatMap((name) => {
    const value = flags[name];
    if (value === undefined || value === false) return [];
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === true) return [flag];
    if (name === 'token') return [`${flag} TOKEN`];
    return (Array.isArray(value) ? value : [value]).map((one) => `${flag} ${quoted(String(one))}`);
  });
  return words.map((word) => ` ${word}`).join('');
}
