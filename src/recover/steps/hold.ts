import type { JsonObject, KubeObject } from '../../objects/json.ts';
import { isJsonObject } from '../../objects/json.ts';
import { getAt } from '../../objects/pointer.ts';
import type { HoldStep, Reason } from '../../plan/plan.ts';
import { failed, type RunContext, type StepOutcome } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { refusalOf } from './refusal.ts';
import { seconds } from './waits.ts';

type Held = HoldStep['workloads'][number];

/**
 * An operator that lives in the target stops acting: its webhook configurations go into the log, its workloads to 0, and only
 * when no Pod of theirs is left, seen and not assumed, the webhook configurations are deleted.
 */
export async function hold(context: RunContext, step: HoldStep): Promise<StepOutcome> {
  const kept = await keepWebhooks(context, step);
  if (kept !== undefined) return kept;
  const notes: Reason[] = [];
  for (const workload of step.workloads) {
    const outcome = await scale(context, workload.target, workload.uid, 0);
    if (outcome !== undefined) return outcome;
  }
  for (const workload of step.workloads) {
    const outcome = await awaitGone(context, workload);
    if (outcome.kind === 'done') notes.push(...(outcome.notes ?? []));
    else return outcome;
  }
  for (const webhook of step.webhooks) {
    const answer = await context.wire.delete(addressOf(webhook.target), { uid: webhook.uid });
    if (answer.kind === 'rejected' && answer.status !== 404) return refusalOf(answer, `${webhook.target.key}`);
  }
  return { kind: 'done', ...(notes.length === 0 ? {} : { notes }) };
}

/** The bodies are on the disk before anything is deleted. A hold that was broken off has them already. */
async function keepWebhooks(context: RunContext, step: HoldStep): Promise<StepOutcome | undefined> {
  if (step.webhooks.length === 0 || context.log.held(step.id) !== undefined) return undefined;
  const bodies: JsonObject[] = [];
  for (const webhook of step.webhooks) {
    const answer = await context.wire.get(addressOf(webhook.target));
    if (answer.kind === 'rejected') return refusalOf(answer, `${webhook.target.key}`);
    if (answer.object.metadata.uid !== webhook.uid)
      return failed('CONFLICT', `${webhook.target.key} has been replaced by another object since it was planned.`);
    bodies.push(answer.object as unknown as JsonObject);
  }
  context.log.append({ t: 'held', id: step.id, webhooks: bodies });
  context.log.sync();
  return undefined;
}

/** Patches `spec.replicas`; undefined when that is done. */
export async function scale(
  context: RunContext,
  target: Held['target'],
  uid: Held['uid'],
  replicas: number,
): Promise<StepOutcome | undefined> {
  const answer = await context.wire.patch(addressOf(target), { kind: 'merge', body: { spec: { replicas } } }, uid);
  return answer.kind === 'accepted' ? undefined : refusalOf(answer, `the replicas of ${target.key}`);
}

async function awaitGone(context: RunContext, workload: Held): Promise<StepOutcome> {
  const { target } = workload;
  let pods = -1;
  let refusal: StepOutcome | undefined;
  let counted = false;
  const gone = await context.until(context.limits.held, async () => {
    const answer = await context.wire.get(addressOf(target));
    if (answer.kind === 'rejected') {
      refusal = refusalOf(answer, `${target.key}`);
      return 'refused';
    }
    pods = await podsOf(context, answer.object);
    counted = follows(answer.object);
    return pods === 0 && counted ? 'gone' : undefined;
  });
  if (refusal !== undefined) return refusal;
  if (gone === 'gone') return { kind: 'done' };
  if (pods === 0 && !counted) {
    const sentence = `No Pod of ${target.key} is there, but its status did not follow in ${seconds(context.limits.held)}: no controller manager acts on it.`;
    return { kind: 'done', notes: [{ code: 'NO-CONTROLLER-MANAGER', sentence }] };
  }
  return failed('HOLD-FAILED', `${pods} Pods of ${target.key} were still there after ${seconds(context.limits.held)}.`);
}

/** Whether the status speaks of the newest spec and of no replica. */
function follows(workload: KubeObject): boolean {
  const replicas = getAt(workload, '/status/replicas');
  const observed = getAt(workload, '/status/observedGeneration');
  const isNew = workload.metadata.generation === undefined || observed === workload.metadata.generation;
  return isNew && (replicas === undefined || replicas === 0);
}

async function podsOf(context: RunContext, workload: KubeObject): Promise<number> {
  const labels = getAt(workload, '/spec/selector/matchLabels');
  const { namespace } = workload.metadata;
  // Without labels to tell its Pods the status has to be believed.
  if (!isJsonObject(labels) || Object.keys(labels).length === 0 || namespace === undefined) return 0;
  const labelSelector = Object.entries(labels)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(',');
  let pods = 0;
  const at = { group: '', version: 'v1', resource: 'pods', namespace };
  const listed = await context.cluster.list(at, () => void pods++, { shape: 'metadata', labelSelector });
  return listed.kind === 'complete' ? pods : -1;
}
