import type { KubeObject } from '../../objects/json.ts';
import { amounts, amountsJson, sameAmounts } from '../admission/amounts.ts';
import { podOf } from '../admission/attempts.ts';
import { calculateUsage } from '../admission/quota/calculate.ts';
import { counted } from '../admission/quota/evaluator.ts';
import { isTerminating } from '../admission/quota/scopes.ts';
import type { StoreChange } from '../storage/store.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, resource } from './hands.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const QUOTAS = resource('resourcequotas');
const NAME = 'resourcequota-controller';
type Quota = KubeObject & {
  readonly spec?: { readonly hard?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
};
const hardOf = (object: KubeObject) => amounts((object as Quota).spec?.hard);

/**
 * Counts anew what a ResourceQuota holds: when it appears, when its limits change, and when objects of its namespace go
 * away or stop to count. What is added is counted by admission.
 */
export const resourceQuotaController: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  const hands = handsOf(context, NAME);
  return queuedController({
    name: NAME,
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === QUOTAS) {
        const same = change.kind === 'modified' && sameAmounts(hardOf(object), hardOf(change.before.object));
        if (change.kind !== 'deleted' && !same) queue.add(keyOf(object));
      }
      const namespace = object.metadata.namespace;
      if (namespace === undefined || !frees(change, context.clock.now())) return;
      for (const quota of context.api.list(QUOTAS, namespace)) queue.add(keyOf(quota));
    },
    async reconcile(key) {
      const [namespace, name] = splitKey(key);
      const quota = context.api.get(QUOTAS, namespace, name) as Quota | undefined;
      if (quota === undefined) return;
      const hard = hardOf(quota);
      const usage = calculateUsage(quota, context.api, context.clock.now(), (one) => context.api.serves(one));
      const used = amounts(quota.status?.used);
      const next = new Map([...used, ...usage].filter(([one]) => hard.has(one)));
      const clean =
        quota.status?.used !== undefined && sameAmounts(hard, amounts(quota.status.hard)) && sameAmounts(next, used);
      if (clean) return;
      const status = { hard: amountsJson(hard), used: amountsJson(next) };
      await hands.updateStatus(QUOTAS, structuredClone({ ...quota, status }) as unknown as KubeObject);
    },
  });
};

/** Whether the change may leave more room in a quota. */
function frees(change: StoreChange, now: number): boolean {
  if (change.kind === 'deleted') return true;
  if (change.kind === 'added') return false;
  const [next, before] = [change.now.object, change.before.object];
  switch (change.now.resource as string) {
    case 'pods': {
      const [pod, old] = [podOf(next), podOf(before)];
      if (pod === undefined || old === undefined) return false;
      return isTerminating(pod) !== isTerminating(old) || (counted(old, now) && !counted(pod, now));
    }
    case 'services': {
      const type = (object: KubeObject): string => (object.spec as { type?: string } | undefined)?.type ?? '';
      return type(next) !== type(before);
    }
    case 'persistentvolumeclaims': {
      const facts = (object: KubeObject): string => {
        const { spec, status } = object as { spec?: Record<string, unknown>; status?: Record<string, unknown> };
        return JSON.stringify([status?.allocatedResources, spec?.volumeAttributesClassName]);
      };
      return facts(next) !== facts(before);
    }
    default:
      return false;
  }
}
