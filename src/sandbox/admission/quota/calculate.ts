import type { KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import type { StoreView } from '../../storage/store-view.ts';
import { type Amounts, addTo } from '../amounts.ts';
import { ZERO } from '../quantity.ts';
import { countedResource, evaluatorOf, SPECIAL_RESOURCES } from './evaluator.ts';
import { type QuotaSpec, selectorsOf } from './scopes.ts';

/**
 * What the objects of a namespace use of a quota's `hard`, counted anew. Names that count something that is not served
 * are left out, as the real controller does.
 */
export function calculateUsage(
  quota: KubeObject,
  store: StoreView,
  now: number,
  serves: (resource: ResourceName) => boolean,
): Amounts {
  const spec = (quota.spec ?? {}) as QuotaSpec;
  const names = Object.keys(spec.hard ?? {});
  const selectors = selectorsOf(spec);
  const counted = names.flatMap((name) => countedResource(name) ?? []).filter((resource) => serves(resource));
  const total: Amounts = new Map();
  for (const resource of new Set([...SPECIAL_RESOURCES, ...counted])) {
    const evaluator = evaluatorOf(resource);
    const mine = names.filter((name) => evaluator?.counts(name));
    if (evaluator === undefined || mine.length === 0) continue;
    const sum: Amounts = new Map(mine.map((name) => [name, ZERO]));
    for (const object of store.list(resource, quota.metadata.namespace)) {
      if (!selectors.every((selector) => evaluator.inScope(object, selector))) continue;
      const usage = evaluator.usage(object, now);
      addTo(sum, new Map([...usage].filter(([name]) => sum.has(name))));
    }
    addTo(total, sum);
  }
  return total;
}
