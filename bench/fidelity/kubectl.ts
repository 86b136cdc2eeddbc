import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { findKubectl } from '../../test/control-plane/kubectl.ts';

/** What one command printed and how it ended. */
export interface Heard {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Seat {
  readonly version: string;
  readonly kubeconfig: string;
  /** Where the command runs, with its own home and cache. */
  readonly folder: string;
  readonly namespace: string;
}

const LIMIT_MS = 60_000;

/** Runs one command line. */
export async function hear({ version, kubeconfig, folder, namespace }: Seat, command: string): Promise<Heard> {
  const path = findKubectl(`kubectl.${version}`);
  if (path === undefined) throw new Error(`kubectl.${version} is gone`);
  const child = spawn(
    path,
    [`--kubeconfig=${kubeconfig}`, `--cache-dir=${folder}/cache`, `--namespace=${namespace}`, ...wordsOf(command)],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      timeout: LIMIT_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** Words of a command line: what stands between spaces, or in single quotes, which are left out. */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));

/** What was heard, without what no two servers have in common. */
export function plainly({ code, stdout, stderr }: Heard): Heard {
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
}

function plain(output: string): string {
  return (
    output
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d{4}|Z)/g, '<time>')
      .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>')
      .replace(/(resourceVersion\\*"?: ?)\\*"\d+\\*"/g, '$1<revision>')
      .replace(/(Resource Version: +)\d+/g, '$1<revision>')
      .replace(/\b(kube-api-access|[a-z][a-z0-9-]*)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1-<hash>')
      .replace(/(nodePort"?: ?|:)3\d{4}\b/g, '$1<port>')
      .replace(/(targetPort"?: ?|TargetPort: +)[23]\d{4}\b/g, '$1<port>')
      .replace(/(LIVE|MERGED)-\d+/g, '$1')
      .replace(/\b10\.\d+\.\d+\.\d+\b/g, '<ip>')
      .replace(/https?:\/\/127\.0\.0\.1:\d+/g, '<server>')
      .replace(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g, '<certificate>')
      .replace(/\b([a-z][a-z0-9-]*)-[a-f0-9]{8,10}\b/g, '$1-<hash>')
      .replace(/\b[bcdfghjklmnpqrstvwxz2456789]{8,10}\b/g, '<hash>')
      .replace(/\b(\d+[smh])+\b/g, '<age>')
      .replace(/^[IEW]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gm, '<log> ')
      // kubectl itself is to blame: its time is up and it sometimes takes its own cancelling for the server's.
      .replace(/^<log> reflector\.go.*very short watch.*\n/gm, '')
      .replace(/[ \t]{2,}/g, '  ')
      .replace(/-{3,}/g, '---')
  );
}
