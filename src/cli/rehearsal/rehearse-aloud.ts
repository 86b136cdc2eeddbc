import type { KubeObject } from '../../objects/json.ts';
import type { Plan, Policy } from '../../plan/plan.ts';
import type { PlanningProgress } from '../../recover/plan-recovery.ts';
import type { RehearsalProgress } from '../../rehearsal/rehearse.ts';
import type { RehearsalReport } from '../../rehearsal/report.ts';
import type { PointReader } from '../../vault/vault.ts';
import { ProgressLine } from '../render/progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import type { RehearseOptions } from './options.ts';

export interface Rehearsed {
  readonly reader: PointReader;
  readonly policy: Policy;
  readonly plan?: Plan;
}

/** Sets the stage and rehearses on it: progress on stderr, Ctrl-C ends it at once. */
export async function rehearseAloud(
  world: Surroundings,
  { targetLike, kubeconfig, nodes }: RehearseOptions,
  { reader, policy, plan }: Rehearsed,
): Promise<RehearsalReport> {
  const [{ rehearse }, { measuredRate }, { capturedServiceRanges }, { sandboxStage }, { rehearsalFault }] =
    await Promise.all([
      import('../../rehearsal/rehearse.ts'),
      import('../../rehearsal/measured-rate.ts'),
      import('../../rehearsal/service-ranges.ts'),
      import('./sandbox-stage.ts'),
      import('../../rehearsal/codes.ts'),
    ]);
  const line = new ProgressLine(world);
  const interruption = new AbortController();
  const quiet = world.onInterrupt(() => interruption.abort());
  const { signal } = interruption;
  try {
    const objects = targetLike === undefined ? undefined : await living(world, targetLike, kubeconfig, line, signal);
    if (signal.aborted)
      throw rehearsalFault('REHEARSAL-INTERRUPTED', 'The rehearsal was interrupted; nothing was written anywhere.', {
        hint: 'Give the same command again.',
      });
    line.show('stage', 'starting the simulated cluster');
    const like = targetLike === undefined ? 'an empty simulated cluster' : `a simulation of ${targetLike}`;
    const fingerprint = objects === undefined ? plan?.target.fingerprint : undefined;
    const serviceRanges = await capturedServiceRanges(reader);
    await using stage = await disposable(
      sandboxStage({
        name: like,
        nodes,
        now: world.now().getTime(),
        ...(objects === undefined ? {} : { objects }),
        ...(serviceRanges === undefined ? {} : { serviceRanges }),
        ...(fingerprint === undefined ? {} : { fingerprint }),
      }),
    );
    return await rehearse({
      stage: stage.value,
      reader,
      policy,
      ...(plan === undefined ? {} : { plan }),
      rate: measuredRate(world.env),
      signal,
      onProgress: (progress) => line.show(...told(progress)),
    });
  } finally {
    quiet();
    line.end();
  }
}

async function living(
  world: Surroundings,
  context: string,
  kubeconfig: string | undefined,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<KubeObject[] | undefined> {
  const { targetObjects } = await import('./target-objects.ts');
  const cluster = await world.openCluster({ context, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
  try {
    line.show('target', `reading ${cluster.name}`);
    return await targetObjects(cluster, (objects) => line.show('target', `${objects} objects read`), signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    await cluster.close();
  }
}

async function disposable<T extends { close(): Promise<void> }>(made: Promise<T>) {
  const value = await made;
  return { value, [Symbol.asyncDispose]: () => value.close() };
}

function told(progress: RehearsalProgress): [heading: string, rest: string] {
  switch (progress.kind) {
    case 'planning':
      return ['planning', planningText(progress.progress)];
    case 'outside':
      return ['outside', 'setting up what captured objects name outside'];
    case 'steps': {
      const { stage, done, total, failed } = progress.progress;
      return [stage, `${done} of ${total} steps${failed > 0 ? `, ${failed} not done` : ''}`];
    }
    case 'verification':
      return ['verification', 'minutes of the simulated cluster go by'];
    case 'looking':
      return ['report', 'reading what came of it'];
  }
}

function planningText(progress: PlanningProgress): string {
  switch (progress.kind) {
    case 'point':
      return `${progress.read} of ${progress.objects} objects of the point read`;
    case 'target':
      return 'looking at what the simulated cluster holds';
    case 'plan':
      return `ordering ${progress.objects} objects`;
    case 'permissions':
      return 'asking what is allowed';
  }
}
