import type { HostileAnswer } from '../children/kubeconfig-child.ts';
import type { CaseOutcome } from '../children/outcome.ts';
import { runScript } from '../children/run-script.ts';

const TOLD = 8;

/** Hostile cases of one kind, played in processes of their own and counted. */
export class Family {
  readonly name: string;
  readonly #script: string;
  readonly #say: (line: string) => void;
  readonly #outcomes: CaseOutcome[] = [];
  readonly #crashes: string[] = [];
  #highWater = 0;
  #told = 0;

  constructor(name: string, script: string, say: (line: string) => void) {
    this.name = name;
    this.#script = script;
    this.#say = say;
  }

  /** One process with a batch of cases: its death is a crash, whatever it had said before. */
  async play(job: object): Promise<void> {
    const { answer, code, signal, talk, seconds } = await runScript<HostileAnswer>(this.#script, job);
    if (answer === undefined || code !== 0) {
      this.#crashes.push(`${signal ?? `exit ${code}`}: ${talk.trim().slice(-500)}`);
      this.#tell(`${this.name}: the process died of ${this.#crashes.at(-1)}`);
    }
    if (answer === undefined) return;
    this.#highWater = Math.max(this.#highWater, answer.highWater);
    for (const outcome of answer.outcomes) {
      this.#outcomes.push(outcome);
      if (outcome.kind !== 'coded')
        this.#tell(`${this.name} ${outcome.number}, ${outcome.what}: ${outcome.kind}, ${outcome.said}`);
    }
    this.#say(
      `${this.name}: ${answer.outcomes.length} cases in ${seconds.toFixed(1)} s, ${Math.round(answer.highWater)} MB`,
    );
  }

  figures(): Record<string, number> {
    const count = (kind: CaseOutcome['kind']): number => this.#outcomes.filter((one) => one.kind === kind).length;
    return {
      [`${this.name}.cases`]: this.#outcomes.length,
      [`${this.name}.crashes`]: this.#crashes.length,
      [`${this.name}.uncoded`]: count('uncoded'),
      [`${this.name}.accepted`]: count('accepted'),
      [`${this.name}.too_long`]: count('too long'),
      [`${this.name}.hangs`]: count('hangs'),
      [`${this.name}.high_water_mb`]: this.#highWater,
    };
  }

  /** How often each code was said, and what was not coded. */
  sample(): object {
    const codes = Map.groupBy(this.#outcomes, ({ said, kind }) => (kind === 'coded' ? said : kind));
    const counts = Object.fromEntries([...codes].map(([code, all]) => [code, all.length] as const).sort());
    return { family: this.name, counts, failures: this.#outcomes.filter(({ kind }) => kind !== 'coded').slice(0, 20) };
  }

  #tell(line: string): void {
    if (this.#told++ < TOLD) this.#say(line);
  }
}
