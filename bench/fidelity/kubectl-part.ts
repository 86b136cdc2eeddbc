import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findKubectl } from '../../test/control-plane/kubectl.ts';
import type { Part } from '../fidelity.ts';
import { comparable, type Heard, hear } from './kubectl.ts';
import { type RealServer, startReal } from './real.ts';
import { realWithNode, type SessionPlace, sandboxCommand, sandboxHere } from './session-places.ts';
import { ALL_SESSIONS } from './sessions/all.ts';
import type { Session } from './sessions.ts';

interface Difference {
  readonly version: string;
  readonly session: string;
  readonly command: string;
  readonly real: Heard;
  readonly sandbox: Heard;
}
interface Play {
  readonly version: string;
  readonly session: Session;
  readonly namespace: string;
  readonly folder: string;
  readonly transcripts: string | undefined;
}

export interface SessionChoice {
  /** Those whose title holds it; default: all. */
  readonly title?: string | undefined;
  /** A folder for what was typed and heard, a file a session and side; default: it is not kept. */
  readonly transcripts?: string | undefined;
}

/** Sessions of several kubectls at both servers: what they print and how they end must be the same. */
export async function kubectlPart(
  versions: readonly string[],
  say: (text: string) => void,
  { title: wanted = '', transcripts }: SessionChoice = {},
): Promise<Part> {
  const missing = versions.filter((version) => findKubectl(`kubectl.${version}`) === undefined);
  for (const version of missing) say(`kubectl.${version} is not to be found: its sessions are not played`);
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-fidelity-kubectl-'));
  const differences: Difference[] = [];
  let commands = 0;
  const figures: Part['figures'] = {};
  const sessions = [...ALL_SESSIONS.entries()].filter(([, { title }]) => title.includes(wanted));
  let real: RealServer | undefined;
  try {
    for (const version of versions.filter((one) => !missing.includes(one))) {
      const before = differences.length;
      let heard = 0;
      for (const [at, session] of sessions) {
        real ??= await startReal([]);
        const shared = { kubeconfig: real.plane.kubeconfig, close: async () => undefined };
        const namespace = `k${version.replace('.', '')}s${at}`;
        const play = { version, session, namespace, folder: join(folder, namespace), transcripts };
        const first = await playSession(play, shared);
        const found = first.length === 0 ? first : await differingAgain(play, first);
        if (found.length < first.length)
          say(
            `kubectl ${version} (${session.title}): ${first.length - found.length} lines differed once and not again`,
          );
        heard += linesOf(session).length;
        differences.push(...found);
        for (const one of found) say(shown(one));
      }
      commands += heard;
      figures[`kubectl ${version}`] = `${heard} commands, ${differences.length - before} differing`;
    }
  } finally {
    await real?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    figures: {
      ...figures,
      kubectl_commands: commands,
      kubectl_commands_differing: differences.length,
      kubectls_missing: missing.length,
    },
    targets: [
      {
        name: 'no kubectl command differs',
        figure: 'kubectl_commands_differing',
        op: '==',
        limit: 0,
        atAnyScale: true,
      },
      { name: 'every kubectl was there', figure: 'kubectls_missing', op: '==', limit: 0 },
      { name: 'kubectl commands were compared', figure: 'kubectl_commands', op: '>=', limit: 1, atAnyScale: true },
    ],
    samples: differences,
  };
}

/** What differs a second time too, on fresh servers: the real one races with its own controllers while somebody types. */
async function differingAgain(play: Play, first: readonly Difference[]): Promise<Difference[]> {
  const real = await startReal([]);
  try {
    const place = { kubeconfig: real.plane.kubeconfig, close: async () => undefined };
    const again = await playSession({ ...play, folder: join(play.folder, 'again') }, place);
    return again.filter((one) => first.some(({ command }) => command === one.command));
  } finally {
    await real.close();
  }
}

async function playSession(play: Play, shared: SessionPlace): Promise<Difference[]> {
  const { session, version, namespace, folder } = play;
  for (const side of ['real', 'sandbox'])
    for (const [name, text] of Object.entries(session.files)) {
      mkdirSync(join(folder, side, dirname(name)), { recursive: true });
      writeFileSync(join(folder, side, name), text.replaceAll('NAMESPACE', namespace));
    }
  await using open = new AsyncDisposableStack();
  const opened = async (place: Promise<SessionPlace>): Promise<SessionPlace> => {
    const there = await place;
    open.defer(() => there.close());
    return there;
  };
  const here = join(folder, 'sandbox-place');
  mkdirSync(here, { recursive: true });
  const [real, sandbox] = await Promise.all([
    session.nodes === true ? opened(realWithNode()) : shared,
    opened(session.nodes === true ? sandboxCommand(here) : sandboxHere(here)),
  ]);
  const [one, other] = await Promise.all([
    typed(play, join(folder, 'real'), real),
    typed(play, join(folder, 'sandbox'), sandbox),
  ]);
  if (play.transcripts !== undefined) keep(play, play.transcripts, { real: one, sandbox: other });
  return linesOf(session).flatMap((command, at) => {
    const [said, saidHere] = [one[at], other[at]];
    if (said === undefined || saidHere === undefined || JSON.stringify(said) === JSON.stringify(saidHere)) return [];
    return [{ version, session: session.title, command, real: said, sandbox: saidHere }];
  });
}

/** Everything that is typed, at one server. */
async function typed({ session, version, namespace }: Play, folder: string, place: SessionPlace): Promise<Heard[]> {
  mkdirSync(folder, { recursive: true });
  const seat = { version, kubeconfig: place.kubeconfig, folder };
  const at = session.nodes === true ? seat : { ...seat, namespace };
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  writeFileSync(join(folder, 'namespace.json'), JSON.stringify(manifest));
  if (session.nodes !== true) await hear(at, 'create -f namespace.json');
  // Its ServiceAccount and its certificate come a moment later.
  for (let tried = 0; tried < 50; tried++) {
    if ((await hear(at, 'get sa default')).code === 0 && (await hear(at, 'get cm kube-root-ca.crt')).code === 0) break;
    await sleep(100);
  }
  rmSync(join(folder, 'namespace.json'));
  const said: Heard[] = [];
  for (const one of session.commands) {
    if (typeof one === 'object' && 'seconds' in one) {
      await sleep(one.seconds * 1000);
      continue;
    }
    const { command, by } = typeof one === 'string' ? { command: one, by: undefined } : one;
    said.push(comparable(await hear(at, command.replaceAll('NAMESPACE', namespace)), command, by));
  }
  return said;
}

const linesOf = ({ commands }: Session): string[] =>
  commands.flatMap((one) => (typeof one === 'string' ? [one] : 'seconds' in one ? [] : [one.command]));

/** What was typed and heard, to be read or compared by others. */
function keep({ session, namespace }: Play, folder: string, sides: Readonly<Record<string, readonly Heard[]>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [side, said] of Object.entries(sides)) {
    const texts = linesOf(session).map((command, at) => {
      const { code = -1, stdout = '', stderr = '' } = said[at] ?? {};
      return `$ kubectl ${command}\n${stdout}${stderr}${code === 0 ? '' : `exit ${code}\n`}`;
    });
    writeFileSync(join(folder, `${namespace}-${side}.txt`), texts.join('\n'));
  }
}

/** The first line in which they differ. */
function shown({ version, session, command, real, sandbox }: Difference): string {
  const lines = (heard: Heard): string[] => [
    `exit ${heard.code}`,
    ...heard.stdout.split('\n'),
    ...heard.stderr.split('\n'),
  ];
  const [one, other] = [lines(real), lines(sandbox)];
  const at =
    Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index).find(
      (index) => one[index] !== other[index],
    ) ?? 0;
  return `kubectl ${version} (${session}) ${command}: real ${JSON.stringify(one[at] ?? 'nothing')}, sandbox ${JSON.stringify(other[at] ?? 'nothing')}`;
}
