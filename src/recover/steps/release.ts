import type { JsonObject, KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName, type Uid } from '../../objects/key.ts';
import { expand } from '../../objects/pattern.ts';
import { getAt } from '../../objects/pointer.ts';
import type { HoldStep, Reason, ReleaseStep } from '../../plan/plan.ts';
import { failed, type RunContext, type StepOutcome, withheld } from '../run-context.ts';
import { addressOf } from '../wire.ts';
import { restoreFieldsOf } from './fields.ts';
import { scale } from './hold.ts';
import { refusalOf } from './refusal.ts';
import { awaitBackends } from './waits.ts';

/** The system acts again. Without the consent that the step asks for nothing is written, and it stays withheld. */
export async function release(context: RunContext, step: ReleaseStep): Promise<StepOutcome> {
  if (step.consent !== undefined && context.consents.acceptEmptyDatabases !== true) {
    const why = step.consent.why.map(({ sentence }) => sentence).join('; ');
    return withheld('CONSENT-NEEDED', `${step.system} is not released without --${step.consent.flag}: ${why}.`);
  }
  const notes: Reason[] = [];
  if (!context.log.progress(step.id).parts.has('scaled')) {
    for (const { target, replicas } of step.workloads) {
      const creator = context.creatorOf(target.key);
      // An operator that was there already and was not held runs as people have it.
      if (creator !== undefined && context.log.ended(creator.id)?.adopted === true) continue;
      const uid = context.uidOf(target.key) ?? heldUid(context, step.system, target.key);
      if (uid === undefined) return failed('GONE', `Nothing is known of ${target.key}, which runs ${step.system}.`);
      const outcome = await scale(context, target, uid, replicas);
      if (outcome !== undefined) return outcome;
      const fields = await restoreFieldsOf(context, target.key, uid, undefined);
      if (fields.kind === 'not yet') return fields.outcome;
      if (fields.kind === 'lost') notes.push(fields.reason);
    }
    context.log.append({ t: 'part', id: step.id, part: 'scaled' });
  }
  const unmet = await returnWebhooks(context, step);
  return unmet ?? { kind: 'done', ...(notes.length === 0 ? {} : { notes }) };
}

/** What was in the target keeps its UID; the hold knows it. */
function heldUid(context: RunContext, system: string, key: KeyText): Uid | undefined {
  for (const hold of holdsOf(context, system))
    for (const { target, uid } of hold.workloads) if (target.key === key) return uid;
  return undefined;
}

function holdsOf(context: RunContext, system: string): HoldStep[] {
  return context.plan.steps.filter((step) => step.kind === 'hold' && step.system === system) as HoldStep[];
}

/** Puts back what the hold took away, as far as its backends are ready again. */
async function returnWebhooks(context: RunContext, step: ReleaseStep): Promise<StepOutcome | undefined> {
  for (const hold of holdsOf(context, step.system)) {
    for (const body of context.log.held(hold.id)?.webhooks ?? []) {
      const held = body as unknown as KubeObject;
      const target = hold.webhooks.find(
        (webhook) => webhook.target.name === held.metadata.name && webhook.target.kind === held.kind,
      )?.target;
      if (target === undefined) continue;
      const services = servicesOf(held);
      const unmet =
        services.length === 0 || step.webhooks === 'at-once' ? undefined : await awaitBackends(context, services);
      if (unmet !== undefined && unmet.kind !== 'done')
        return withheld('BACKEND-NOT-READY', `${target.key} is not put back: ${unmet.reason.sentence}`);
      const { group, version, resource } = target;
      const answer = await context.wire.create({ group, version, resource }, fresh(held));
      if (answer.kind === 'rejected' && answer.reason !== 'AlreadyExists') return refusalOf(answer, `${target.key}`);
      const managedFields = held.metadata.managedFields;
      if (answer.kind === 'rejected' || managedFields === undefined) continue;
      const uid = answer.object.metadata.uid as Uid;
      const patched = await context.wire.patch(
        addressOf(target),
        { kind: 'merge', body: { metadata: { managedFields } } as never },
        uid,
      );
      if (patched.kind === 'rejected') return refusalOf(patched, `the managed fields of ${target.key}`);
    }
  }
  return undefined;
}

function servicesOf(webhook: KubeObject): KeyText[] {
  const services = expand(webhook, '/webhooks/*/clientConfig/service').map(
    (path) => getAt(webhook, path) as JsonObject,
  );
  return [
    ...new Set(
      services.map(({ namespace, name }) => keyTextOf('services' as ResourceName, String(namespace), String(name))),
    ),
  ];
}

/** Without what the server sets. */
function fresh(held: KubeObject): JsonObject {
  const { uid, resourceVersion, creationTimestamp, generation, managedFields, selfLink, ...metadata } = held.metadata;
  return { ...held, metadata } as unknown as MutableJsonObject as JsonObject;
}
