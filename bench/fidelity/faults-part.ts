import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchInput } from '../bench.ts';
import { answerOf } from '../children/run-script.ts';
import type { Part } from '../fidelity.ts';
import type { FaultData, FaultJob, FaultReport } from './children/fault-child.ts';
import { FAULTS } from './faults.ts';
import { realAnswers } from './real-answers.ts';
import { chosenScripts } from './scripts-part.ts';

const CHILD = '../fidelity/children/fault-child';
export const LEAST_FAULTS = 20;

/** Puts each fault into the sandbox of a child process and plays the suite at it until it is noticed. */
export async function faultsPart({ scale, options, say }: BenchInput): Promise<Part> {
  const scripts = chosenScripts({ scale: 1, options });
  const wanted = scale < 1 ? FAULTS.slice(0, Math.max(3, Math.round(FAULTS.length * scale))) : FAULTS;
  const only = options.get('faults') ?? '';
  const faults = wanted.filter(({ name, file }) => only === '' || name.includes(only) || file.includes(only));
  const topics = new Set(faults.flatMap((fault) => fault.topics));
  const needed = scale < 1 ? scripts.filter(({ topic }) => topics.has(topic)) : scripts;
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-fidelity-faults-'));
  try {
    const real = Object.fromEntries(await realAnswers(needed));
    const data = join(folder, 'data.json');
    const write = (anyway: FaultData['anyway']): void =>
      writeFileSync(data, JSON.stringify({ scripts: needed, real, anyway } satisfies FaultData));
    write({});
    const play = (job: FaultJob): Promise<FaultReport> => answerOf<FaultReport>(CHILD, job);
    const { lines: anyway } = await play({ data });
    write(anyway);
    const passed: string[] = [];
    const samples: unknown[] = [];
    for (const fault of faults) {
      let result: FaultReport;
      try {
        result = await play({ data, fault });
      } catch (error) {
        // A fault that could not be put in, or that the process did not survive, proves nothing.
        passed.push(fault.name);
        say(
          `${fault.name}: ${error instanceof Error ? (error.message.split('\n').find((line) => line.includes('Error:')) ?? error.message) : String(error)}`,
        );
        continue;
      }
      const { noticed, played } = result;
      const [first] = noticed;
      if (first === undefined) passed.push(fault.name);
      say(`${fault.name}: ${first === undefined ? `NOT NOTICED by ${played} scripts` : `noticed by ${first.script}`}`);
      samples.push({ fault: fault.name, played, noticed: first?.line ?? null });
    }
    return {
      figures: {
        faults: faults.length,
        faults_noticed: faults.length - passed.length,
        faults_not_noticed: passed.length,
      },
      targets: [
        { name: 'every fault turns the suite red', figure: 'faults_not_noticed', op: '==', limit: 0, atAnyScale: true },
        { name: 'faults', figure: 'faults', op: '>=', limit: only === '' ? LEAST_FAULTS : 1 },
      ],
      samples,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
