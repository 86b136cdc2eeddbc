import { isFault } from '../../outcome/fault.ts';
import type { Progress } from '../../recover/progress.ts';
import type { RunResult } from '../../recover/result.ts';
import type { Consents } from '../../recover/run-record.ts';
import { VERSION } from '../program-version.ts';
import { timeText } from '../render/amounts.ts';
import { ProgressLine } from '../render/progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { typedAgain } from '../words.ts';
import type { RecoverOptions } from './options.ts';
import type { Prepared } from './prepare.ts';

/** Carries out a prepared recovery: progress on stderr, Ctrl-C stops it where it can be resumed. */
export async function carryOut(
  world: Surroundings,
  options: RecoverOptions,
  { plan, cluster, reader, pace, folder }: Prepared,
  consents: Consents,
): Promise<RunResult> {
  const [{ recover }, { recoverFault }] = await Promise.all([
    import('../../recover/recover.ts'),
    import('../../recover/codes.ts'),
  ]);
  const line = new ProgressLine(world);
  const interruption = new AbortController();
  const quiet = world.onInterrupt(() => {
    line.say('stopping: requests under way are waited for; Ctrl-C again kills; either way it can be resumed');
    interruption.abort();
  });
  try {
    return await recover({
      cluster,
      reader,
      plan,
      consents,
      folder,
      pace,
      signal: interruption.signal,
      settleMs: options.settle * 1000,
      version: VERSION,
      onProgress: (progress) => line.show(progress.stage, progressText(progress)),
      onPart: (part) => {
        if (part === 'permissions') line.show('permissions', 'asking the target what the plan needs');
        if (part === 'steps') line.show('steps', `${plan.steps.length} to do`);
        if (part === 'verification') line.show('verification', `nothing may be collected for ${options.settle} s`);
      },
    });
  } catch (error) {
    if (!isFault(error, 'INTERRUPTED')) throw error;
    throw recoverFault('INTERRUPTED', error.message, {
      hint: `Go on with: ${world.program} ${typedAgain(world.words, plan.point.id)}`,
      cause: error,
    });
  } finally {
    quiet();
    line.end();
  }
}

function progressText({ done, total, rate, failed, etaSeconds }: Progress): string {
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const parts = [`${done} of ${total} steps (${percent} %)`, `${Math.round(rate)} writes/s`];
  if (failed > 0) parts.push(`${failed} not done`);
  if (etaSeconds !== undefined && done < total) parts.push(`about ${timeText(etaSeconds * 1000)} left`);
  return parts.join(', ');
}
