/** Exit codes of the command line (DESIGN 10). */
export const EXIT = { fine: 0, failed: 1, usage: 2, partial: 3, notRun: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a room says of each code that it can raise: the exit code and what it means, for docs and completion. */
export interface CodeMeaning {
  readonly exit: ExitCode;
  readonly meaning: string;
}
export type CodeTable = Readonly<Record<string, CodeMeaning>>;

export interface FaultParts {
  /** What to do next, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Figures and names for `-o json`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const BRAND = Symbol.for('seaworthy.fault');

/** A failure that a person can act on. Recognise it with `isFault`, never by its message. */
export class Fault extends Error {
  readonly code: string;
  readonly exit: ExitCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [BRAND] = true;

  constructor(code: string, exit: ExitCode, sentence: string, parts: FaultParts = {}) {
    super(sentence, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'Fault';
    this.code = code;
    this.exit = exit;
    this.hint = parts.hint;
    this.details = parts.details ?? {};
  }
}

export function isFault(value: unknown, code?: string): value is Fault {
  const branded = typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  return branded && (code === undefined || (value as Fault).code === code);
}

/** Makes the constructor of one room's faults; only codes of its table compile. */
export function faultsOf<Table extends CodeTable>(table: Table) {
  return (code: keyof Table & string, sentence: string, parts?: FaultParts): Fault => {
    const meaning = table[code];
    return new Fault(code, meaning?.exit ?? EXIT.failed, sentence, parts);
  };
}

/** The one sentence of any thrown value. */
export function sentenceOf(value: unknown): string {
  return value instanceof Error ? value.message : String(value);
}
