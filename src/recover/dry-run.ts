import type { Cluster, CollectionAddress } from '../cluster/port.ts';
import { type KeyText, keyTextOf, type ResourceName, resourceName, type Uid } from '../objects/key.ts';
import { isFault, sentenceOf } from '../outcome/fault.ts';
import { bodyOf, nameOf } from '../plan/body.ts';
import type { CopyStep, CreateStep, Plan, Reason, StepId } from '../plan/plan.ts';
import type { PointReader } from '../vault/vault.ts';
import { capturedOf } from './run-context.ts';
import { refusalOf } from './steps/refusal.ts';
import { yieldTo } from './steps/yielding.ts';
import { inParallel } from './target-reading.ts';

/** What the server said to one create sent as a dry run. `not run`: its namespace or its kind comes only with the plan. */
export interface DryStep {
  readonly id: StepId;
  readonly key: KeyText;
  readonly status: 'accepted' | 'refused' | 'not run';
  readonly reason?: Reason;
}
export interface DryRun {
  readonly steps: readonly DryStep[];
  readonly counts: Readonly<Record<DryStep['status'], number>>;
}

const WIDTH = 8;
/** Stands for UIDs that are not known before the objects exist. */
const NO_UID = '00000000-0000-4000-8000-000000000000' as Uid;

/** Sends every create and copy of the plan with `dryRun=All`: admission and validation speak, nothing is stored. */
export async function dryRun(input: {
  readonly cluster: Cluster;
  readonly plan: Plan;
  readonly reader: Pick<PointReader, 'read'>;
}): Promise<DryRun> {
  const { cluster, plan, reader } = input;
  cluster.pin(plan.target.fingerprint);
  const writes = plan.steps.filter(
    (step): step is CreateStep | CopyStep => step.kind === 'create' || step.kind === 'copy',
  );
  const made = new Set<KeyText>(writes.map((step) => step.target.key));
  const living = new Map<KeyText, Uid>(
    plan.steps.flatMap((step) => (step.kind === 'adopt' ? [[step.target.key, step.uid] as const] : [])),
  );
  const uidOf = (key: KeyText): Uid => living.get(key) ?? NO_UID;
  const steps: DryStep[] = new Array(writes.length);
  await inParallel([...writes.entries()], WIDTH, async ([index, step]) => {
    const missing = missingFor(step, made);
    steps[index] = missing === undefined ? await send(cluster, reader, step, uidOf) : notRun(step, missing);
  });
  const counts = { accepted: 0, refused: 0, 'not run': 0 };
  for (const { status } of steps) counts[status]++;
  return { steps, counts };
}

/** The Namespace or CustomResourceDefinition that this plan makes first. */
function missingFor(step: CreateStep | CopyStep, made: ReadonlySet<KeyText>): KeyText | undefined {
  const { group, resource, namespace } = step.target;
  const definition = keyTextOf(
    'customresourcedefinitions.apiextensions.k8s.io' as ResourceName,
    undefined,
    resourceName(group, resource),
  );
  if (made.has(definition)) return definition;
  const home = namespace === undefined ? undefined : keyTextOf('namespaces' as ResourceName, undefined, namespace);
  return home !== undefined && made.has(home) ? home : undefined;
}

function notRun(step: CreateStep | CopyStep, missing: KeyText): DryStep {
  const { key } = step.target;
  const sentence = `${key} cannot be tried: ${missing} is not there yet.`;
  return { id: step.id, key, status: 'not run', reason: { code: 'NOT-THERE-YET', sentence } };
}

async function send(
  cluster: Cluster,
  reader: Pick<PointReader, 'read'>,
  step: CreateStep | CopyStep,
  uidOf: (key: KeyText) => Uid,
): Promise<DryStep> {
  const { group, version, resource, namespace, key } = step.target;
  const at: CollectionAddress =
    namespace === undefined ? { group, version, resource } : { group, version, resource, namespace };
  const base = { id: step.id, key } as const;
  try {
    const captured = await capturedOf(reader, step.source.row);
    let { body } = bodyOf(step, captured, uidOf, step.kind === 'copy' ? { name: nameOf(step.name, uidOf) } : {});
    for (;;) {
      const answer = await cluster.create(at, body, {
        dryRun: true,
        fieldManager: 'seaworthy',
        fieldValidation: 'Strict',
      });
      if (answer.kind === 'accepted') return { ...base, status: 'accepted' };
      const left = yieldTo(answer, step.writing.yields, body);
      if (left === undefined) {
        const outcome = refusalOf(answer, key);
        return { ...base, status: 'refused', ...(outcome.kind === 'done' ? {} : { reason: outcome.reason }) };
      }
      body = left.body;
    }
  } catch (error) {
    if (!isFault(error) || error.code === 'WRONG-CLUSTER') throw error;
    return { ...base, status: 'refused', reason: { code: error.code, sentence: sentenceOf(error) } };
  }
}
