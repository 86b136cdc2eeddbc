import type { KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import {
  type Amounts,
  addTo,
  amounts,
  amountsJson,
  growth,
  only,
  sameAmounts,
  shown,
  withoutZeros,
} from '../amounts.ts';
import { forbiddenAttempt } from '../attempts.ts';
import type { AdmissionPlugin, Attempt } from '../plugin.ts';
import { compareQuantity } from '../quantity.ts';
import { type Evaluator, evaluatorOf } from './evaluator.ts';
import { type QuotaSpec, selectorsOf } from './scopes.ts';

const QUOTAS = 'resourcequotas' as ResourceName;
const TRIES = 4;

/** Writes `status.used`; false when the quota was changed meanwhile. */
export type QuotaWriter = (quota: KubeObject, used: Readonly<Record<string, string>>) => Promise<boolean>;

interface QuotaStatus {
  readonly hard?: Readonly<Record<string, string>>;
  readonly used?: Readonly<Record<string, string>>;
}
interface Charge {
  readonly quota: KubeObject;
  readonly used: Amounts;
}

/** Nothing is made beyond a namespace's quotas. What is made is counted at once; the controller counts anew later. */
export function resourceQuota(write: QuotaWriter): AdmissionPlugin {
  /** Writes to one namespace's quotas come one after another. */
  const turns = new Map<string, Promise<void>>();

  async function settle(attempt: Attempt, evaluator: Evaluator): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      const charges = check(attempt, evaluator);
      if (attempt.dryRun) return;
      let stale = false;
      for (const { quota, used } of charges) stale = !(await write(quota, amountsJson(used))) || stale;
      if (!stale || tried === TRIES) return;
    }
  }

  return {
    name: 'ResourceQuota',
    validate(attempt) {
      const { namespace, operation, context, group, plural } = attempt;
      if (operation === 'DELETE' || namespace === undefined || namespace === '') return;
      if (group === '' && plural === 'namespaces') return;
      const evaluator = evaluatorOf(attempt.resource);
      if (evaluator === undefined || !evaluator.handles(attempt)) return;
      const [any] = context.store.list(QUOTAS, namespace);
      if (any === undefined) return;
      const before = turns.get(namespace) ?? Promise.resolve();
      const mine = before.then(() => settle(attempt, evaluator));
      const quiet = mine
        .catch(() => undefined)
        .then(() => {
          if (turns.get(namespace) === quiet) turns.delete(namespace);
        });
      turns.set(namespace, quiet);
      return mine;
    },
  };
}

/** What each quota would hold after the write. Throws the 403 when one of them cannot. */
function check(attempt: Attempt, evaluator: Evaluator): Charge[] {
  const { object, before, context } = attempt;
  const matching = [...context.store.list(QUOTAS, attempt.namespace)].filter((quota) =>
    matches(quota, object, evaluator),
  );
  for (const quota of matching) checkReady(attempt, quota, evaluator);
  if (matching.length === 0) return [];
  const usage = evaluator.usage(object, context.now);
  const added =
    attempt.operation === 'UPDATE' && before !== undefined
      ? growth(usage, evaluator.usage(before, context.now))
      : usage;
  const charges: Charge[] = [];
  for (const quota of matching) {
    const delta = withoutZeros(matches(quota, before ?? object, evaluator) ? added : usage);
    const hard = amounts((quota.status as QuotaStatus | undefined)?.hard);
    const used = amounts((quota.status as QuotaStatus | undefined)?.used);
    const asked = only(delta, new Set(hard.keys()));
    if (asked.size === 0) continue;
    const next = addTo(new Map(used), asked);
    const exceeded = new Set(
      [...asked.keys()].filter((name) => {
        const [now, most] = [next.get(name), hard.get(name)];
        return now !== undefined && most !== undefined && compareQuantity(now, most) > 0;
      }),
    );
    if (exceeded.size > 0 && attempt.subresource !== 'status')
      throw forbiddenAttempt(
        attempt,
        `exceeded quota: ${quota.metadata.name}, requested: ${shown(only(asked, exceeded))}, used: ${shown(only(used, exceeded))}, limited: ${shown(only(hard, exceeded))}`,
      );
    if (!sameAmounts(used, next)) charges.push({ quota, used: next });
  }
  return charges;
}

function matches(quota: KubeObject, object: unknown, evaluator: Evaluator): boolean {
  const hard = Object.keys((quota.status as QuotaStatus | undefined)?.hard ?? {});
  if (!hard.some((name) => evaluator.counts(name))) return false;
  return selectorsOf((quota.spec ?? {}) as QuotaSpec).every((selector) => evaluator.inScope(object, selector));
}

function checkReady(attempt: Attempt, quota: KubeObject, evaluator: Evaluator): void {
  const status = (quota.status ?? {}) as QuotaStatus;
  const restricted = Object.keys(status.hard ?? {})
    .filter((name) => evaluator.counts(name))
    .sort();
  const missing = evaluator.missing(attempt.object, restricted);
  if (missing !== undefined) throw forbiddenAttempt(attempt, `failed quota: ${quota.metadata.name}: ${missing}`);
  if (restricted.some((name) => status.used?.[name] === undefined))
    throw forbiddenAttempt(
      attempt,
      `status unknown for quota: ${quota.metadata.name}, resources: ${restricted.join(',')}`,
    );
}
