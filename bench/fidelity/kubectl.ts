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
  /** Absent: none is named, so that it is `default`. */
  readonly namespace?: string;
}

const LIMIT_MS = 60_000;

/** Runs one command line. */
export async function hear({ version, kubeconfig, folder, namespace }: Seat, command: string): Promise<Heard> {
  const path = findKubectl(`kubectl.${version}`);
  if (path === undefined) throw new Error(`kubectl.${version} is gone`);
  const child = spawn(
    path,
    [
      `--kubeconfig=${kubeconfig}`,
      `--cache-dir=${folder}/cache`,
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      ...wordsOf(command),
    ],
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

/** What was heard, without what no two servers have in common: line by line, its lines in any order, or the last line alone. */
export function comparable(
  { code, stdout, stderr }: Heard,
  command: string,
  by: 'line' | 'sorted' | 'ended' = 'line',
): Heard {
  // Whole objects have no ages, but quantities that look like them.
  const aged = !/ -o (yaml|json)/.test(command);
  const seen = (text: string): string => {
    const lines = (aged ? plain(text).replace(AGE, '<age>') : plain(text)).split('\n');
    if (by === 'sorted') return lines.sort().join('\n');
    return by === 'ended' ? (lines.findLast((line) => line !== '') ?? '') : lines.join('\n');
  };
  return { code, stdout: seen(stdout), stderr: seen(stderr) };
}

const AGE = /\b(\d+[smhd])+\b/g;

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
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')
      .replace(/(LIVE|MERGED)-\d+/g, '$1')
      .replace(/\b10\.\d+\.\d+\.\d+\b/g, '<ip>')
      .replace(/https?:\/\/127\.0\.0\.1:(\d+|<port>)/g, '<server>')
      .replace(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g, '<certificate>')
      .replace(/\b([a-z][a-z0-9-]*)-[a-f0-9]{8,10}\b/g, '$1-<hash>')
      .replace(/\b[bcdfghjklmnpqrstvwxz2456789]{8,10}\b/g, '<hash>')
      .replace(/^[IEW]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gm, '<log> ')
      // kubectl itself is to blame: its time is up and it sometimes takes its own cancelling for the server's.
      .replace(/^<log> reflector\.go.*very short watch.*\n/gm, '')
      // The real server's repair of addresses, where it runs between a Service and its IPAddress.
      .replace(/^Events:\n +Type .*\n +-+ .*\n(?: +Warning +ClusterIPNotAllocated.*\n)+(?! )/gm, 'Events:  <none>\n')
      .replace(/^.*ClusterIPNotAllocated.*\n/gm, '')
      // How often an Event was repeated while the commands before took their time.
      .replace(/ \(x\d+ over [^)]+\)/g, '')
      .replace(/(?<=\S)[ \t]{2,}/g, '  ')
      .replace(/-{3,}/g, '---')
  );
}
