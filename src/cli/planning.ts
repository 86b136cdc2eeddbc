import type { Plan } from '../plan/plan.ts';
import type { PlanningProgress, PlanRecoveryInput } from '../recover/plan-recovery.ts';
import { ProgressLine } from './render/progress-line.ts';
import type { Surroundings } from './surroundings.ts';

/** Plans with progress on stderr; Ctrl-C ends it at once, and nothing was written. */
export async function planAloud(
  world: Surroundings,
  input: Omit<PlanRecoveryInput, 'signal' | 'onProgress'>,
): Promise<Plan> {
  const { planRecovery } = await import('../recover/plan-recovery.ts');
  const { reader, cluster } = input;
  const line = new ProgressLine(world);
  const interruption = new AbortController();
  const quiet = world.onInterrupt(() => interruption.abort());
  line.show('planning', `${reader.manifest.id} of ${reader.manifest.cluster.name} into ${cluster.name}`);
  try {
    return await planRecovery({
      ...input,
      signal: interruption.signal,
      onProgress: (progress) => line.show('planning', progressText(progress)),
    });
  } finally {
    quiet();
    line.end();
  }
}

function progressText(progress: PlanningProgress): string {
  switch (progress.kind) {
    case 'point':
      return `${progress.read} of ${progress.objects} objects of the point read`;
    case 'target':
      return 'looking at what the target holds';
    case 'plan':
      return `ordering ${progress.objects} objects`;
    case 'permissions':
      return 'asking the target what is allowed';
  }
}
