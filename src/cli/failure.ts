import { type ExitCode, type Fault, isFault, sentenceOf } from '../outcome/fault.ts';
import { cliFault } from './codes.ts';
import { paintFor } from './render/paint.ts';
import type { Surroundings } from './surroundings.ts';

export interface Telling {
  /** One line of JSON instead of text. */
  readonly json: boolean;
  /** Also what caused it. */
  readonly verbose: boolean;
}

/** Tells on stderr what went wrong and returns the exit code. */
export function tellFailure(world: Surroundings, error: unknown, telling: Telling): ExitCode {
  const fault = faultOf(error);
  if (telling.json) {
    const { code, hint, details } = fault;
    const cause = causesOf(fault);
    const told = {
      code,
      sentence: fault.message,
      ...(hint === undefined ? {} : { hint }),
      ...(Object.keys(details).length === 0 ? {} : { details }),
      ...(telling.verbose && cause.length > 0 ? { cause } : {}),
    };
    world.err(`${JSON.stringify({ error: told })}\n`);
    return fault.exit;
  }
  const paint = paintFor(world.colour.err);
  world.err(`${paint('danger', 'error')}: ${fault.code}: ${fault.message}\n`);
  const refusals = refusalsIn(fault);
  for (const { code, sentence } of refusals.slice(1, 20)) world.err(`  ${code}: ${sentence}\n`);
  if (refusals.length > 20) world.err(`  ... and ${refusals.length - 20} more\n`);
  if (fault.hint !== undefined) world.err(`${paint('strong', 'hint')}: ${fault.hint}\n`);
  if (telling.verbose) for (const cause of causesOf(fault)) world.err(`cause: ${cause}\n`);
  return fault.exit;
}

function faultOf(error: unknown): Fault {
  if (isFault(error)) return error;
  const stack = error instanceof Error ? error.stack : undefined;
  return cliFault('UNEXPECTED', sentenceOf(error), {
    hint: 'This is a defect; run it again with -v and report what it prints.',
    cause: stack === undefined ? error : new Error(stack),
  });
}

/** The sentences of the chain of causes, outermost first. */
function causesOf(fault: Fault): string[] {
  const causes: string[] = [];
  for (let cause: unknown = fault.cause; cause !== undefined && causes.length < 10; ) cause = next(cause);
  return causes;

  function next(cause: unknown): unknown {
    causes.push(isFault(cause) ? `${cause.code}: ${cause.message}` : sentenceOf(cause));
    return cause instanceof Error ? cause.cause : undefined;
  }
}

/** A refused plan carries every refusal in its details. */
function refusalsIn(fault: Fault): { readonly code: string; readonly sentence: string }[] {
  const { refusals } = fault.details;
  if (!Array.isArray(refusals)) return [];
  return refusals.flatMap((refusal: { reason?: { code?: unknown; sentence?: unknown } }) => {
    const { code, sentence } = refusal.reason ?? {};
    return typeof code === 'string' && typeof sentence === 'string' ? [{ code, sentence }] : [];
  });
}
