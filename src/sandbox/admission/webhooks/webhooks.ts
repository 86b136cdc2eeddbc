import type { JsonObject, KubeObject, MutableJsonObject } from '../../../objects/json.ts';
import type { PatchOperation } from '../../../objects/json-patch.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { forbidden, internalError } from '../../status/refusal.ts';
import type { AdmissionPlugin, Attempt } from '../plugin.ts';
import { CallFailed, callHook } from './call-hook.ts';
import type { WebhookCaller } from './caller.ts';
import { type Hook, type HookKind, hooksOf, type MatchCondition } from './hook.ts';
import { patched } from './json-patch.ts';
import { isExempt, versionFor } from './matching.ts';
import { denied, type ReviewOf } from './review.ts';

/** What match conditions say; `error` is what evaluation failed with. */
export type ConditionsVerdict =
  | { readonly kind: 'match' }
  | { readonly kind: 'no-match' }
  | { readonly kind: 'error'; readonly error: string };

export interface WebhookParts {
  readonly caller: WebhookCaller;
  /** Evaluates CEL; absent: conditions are refused as failing to evaluate. */
  readonly conditions?: (
    conditions: readonly MatchCondition[],
    attempt: Attempt,
    object: ReviewOf,
  ) => ConditionsVerdict;
  /** Served versions of a resource. Default: only the request's. */
  readonly versionsOf?: (resource: ResourceName) => readonly string[];
  /** An object in another version of its kind. Default: as it is. */
  readonly convert?: (object: JsonObject, resource: ResourceName, version: string) => JsonObject;
  /** After a mutation: defaults of the kind, in place. */
  readonly defaults?: (object: MutableJsonObject, attempt: Attempt) => void;
  /** The plugins before the webhooks, for a second round when a webhook changed something. */
  readonly earlier?: () => readonly AdmissionPlugin[];
}

/** Whether the webhook is to be asked, and with what. */
function reviewFor(hook: Hook, attempt: Attempt, parts: WebhookParts): ReviewOf | undefined {
  const version = versionFor(hook, attempt, parts.versionsOf?.(attempt.resource) ?? [attempt.version]);
  if (version === undefined) return undefined;
  const shown = (object: MutableJsonObject | KubeObject | undefined): JsonObject | null =>
    object === undefined
      ? null
      : (parts.convert?.(object as unknown as JsonObject, attempt.resource, version) ??
        (object as unknown as JsonObject));
  const review: ReviewOf = {
    attempt,
    version,
    uid: attempt.context.newUid(),
    object: shown(attempt.object),
    before: shown(attempt.before),
  };
  const conditions = hook.matchConditions ?? [];
  if (conditions.length === 0) return review;
  const verdict = parts.conditions?.(conditions, attempt, review) ?? { kind: 'error', error: 'no CEL environment' };
  if (verdict.kind === 'match') return review;
  if (verdict.kind === 'no-match' || hook.failurePolicy === 'Ignore') return undefined;
  throw forbidden({ group: attempt.group, resource: attempt.plural }, attempt.name, verdict.error);
}

/** The verdict of a webhook, or undefined when it failed and may. Throws the refusal when it said no. */
async function ask(hook: Hook, kind: HookKind, review: ReviewOf, parts: WebhookParts): Promise<string | undefined> {
  try {
    const verdict = await callHook(hook, kind, review, parts.caller);
    for (const warning of verdict.warnings) review.attempt.context.warn(warning);
    if (!verdict.allowed) throw denied(hook, verdict.result);
    return verdict.patch;
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    if (hook.failurePolicy === 'Ignore') return undefined;
    throw internalError(error.message);
  }
}

export function mutatingWebhooks(parts: WebhookParts): AdmissionPlugin {
  return {
    name: 'MutatingAdmissionWebhook',
    mutate(attempt) {
      if (isExempt(attempt)) return;
      const hooks = hooksOf(attempt.context.store, 'mutating');
      return hooks.length === 0 ? undefined : mutate(hooks, attempt, parts);
    },
  };
}

async function mutate(hooks: readonly Hook[], attempt: Attempt, parts: WebhookParts): Promise<void> {
  const again: Hook[] = [];
  let needed = new Set<Hook>();
  let anyChange = false;
  for (const hook of hooks) {
    const changed = await mutateBy(hook, attempt, parts);
    if (changed === undefined) continue;
    if (changed) {
      anyChange = true;
      needed = new Set(again);
    }
    if (hook.reinvocationPolicy === 'IfNeeded') again.push(hook);
  }
  if (!anyChange || attempt.object === undefined) return;
  const before = structuredClone(attempt.object);
  for (const plugin of parts.earlier?.() ?? []) await plugin.mutate?.(attempt);
  if (!sameJson(before as JsonObject, attempt.object as JsonObject)) needed = new Set(again);
  for (const hook of hooks) if (needed.has(hook)) await mutateBy(hook, attempt, parts);
}

/** Undefined when the webhook was not asked; else whether it changed the object. */
async function mutateBy(hook: Hook, attempt: Attempt, parts: WebhookParts): Promise<boolean | undefined> {
  const review = reviewFor(hook, attempt, parts);
  if (review === undefined) return undefined;
  const patch = await ask(hook, 'mutating', review, parts);
  if (patch === undefined) return false;
  const operations = operationsOf(patch, hook);
  if (operations === undefined || operations.length === 0) return false;
  if (attempt.object === undefined || review.object === null)
    throw internalError(
      `admission webhook ${JSON.stringify(hook.name)} attempted to modify the object, which is not supported for this operation`,
    );
  const next = patched(review.object, operations);
  const stored = attempt.object.apiVersion;
  const back =
    typeof stored === 'string' && next.apiVersion !== stored
      ? (parts.convert?.(next, attempt.resource, stored.slice(stored.indexOf('/') + 1)) ?? next)
      : next;
  const changed = !sameJson(back as JsonObject, attempt.object as JsonObject);
  for (const key of Object.keys(attempt.object)) delete attempt.object[key];
  Object.assign(attempt.object, back);
  parts.defaults?.(attempt.object, attempt);
  return changed;
}

function operationsOf(patch: string, hook: Hook): PatchOperation[] | undefined {
  try {
    const read: unknown = JSON.parse(patch);
    if (read === null || Array.isArray(read)) return (read ?? []) as PatchOperation[];
  } catch {
    // Falls through to what the server says of it.
  }
  const failed = new CallFailed(hook, 'received undecodable patch in webhook response: invalid character in patch');
  if (hook.failurePolicy === 'Ignore') return undefined;
  throw internalError(failed.message);
}

export function validatingWebhooks(parts: WebhookParts): AdmissionPlugin {
  return {
    name: 'ValidatingAdmissionWebhook',
    validate(attempt) {
      if (isExempt(attempt)) return;
      const hooks = hooksOf(attempt.context.store, 'validating');
      if (hooks.length === 0) return;
      const wanted = hooks.flatMap((hook) => {
        const review = reviewFor(hook, attempt, parts);
        return review === undefined ? [] : [{ hook, review }];
      });
      return wanted.length === 0 ? undefined : validate(wanted, parts);
    },
  };
}

/** All at once; the first refusal that comes back counts. */
async function validate(wanted: readonly { hook: Hook; review: ReviewOf }[], parts: WebhookParts): Promise<void> {
  const refusals: unknown[] = [];
  await Promise.all(
    wanted.map(({ hook, review }) =>
      ask(hook, 'validating', review, parts).catch((error: unknown) => {
        refusals.push(error);
      }),
    ),
  );
  if (refusals.length > 0) throw refusals[0];
}
