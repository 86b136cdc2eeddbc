import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a child came to its end. `answer` is absent when it died before it could say anything. */
export interface Ended<Answer> {
  readonly answer: Answer | undefined;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it said on stderr. */
  readonly talk: string;
  /** From start to end, module loading included. */
  readonly seconds: number;
}

const MOST_TALK = 8_000;
const LONGEST_MS = 30 * 60_000;

/** How Node is told to run the program (ADR 0012); the first line of `src/cli/main.ts` and `npm run seaworthy` say the same. */
export const PROGRAM_FLAGS: readonly string[] = ['--max-semi-space-size=8'];

/** Runs a file of this folder in a process of its own, as the CLI would be. */
export function runScript<Answer>(
  name: string,
  job: object,
  options: { readonly env?: Readonly<Record<string, string>>; readonly limitMs?: number } = {},
): Promise<Ended<Answer>> {
  const began = performance.now();
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...PROGRAM_FLAGS, file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let said = '';
  let talk = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    talk = `${talk}${text}`.slice(-MOST_TALK);
  });
  // A child that dies at once cannot take its job any more; its end tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(job));
  const timer = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? LONGEST_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const seconds = (performance.now() - began) / 1000;
      resolve({ answer: lastLine<Answer>(said), code, signal, talk, seconds });
    });
  });
}

/** As `runScript`, for children that must not fail. */
export async function answerOf<Answer>(name: string, job: object): Promise<Answer> {
  const { answer, code, signal, talk } = await runScript<Answer>(name, job);
  if (answer === undefined || code !== 0)
    throw new Error(`${name} ended with ${signal ?? `code ${code}`}: ${talk.trim() || 'no word'}`);
  return answer;
}

function lastLine<Answer>(said: string): Answer | undefined {
  const line = said.trimEnd().split('\n').at(-1) ?? '';
  try {
    return line === '' ? undefined : (JSON.parse(line) as Answer);
  } catch {
    return undefined;
  }
}
