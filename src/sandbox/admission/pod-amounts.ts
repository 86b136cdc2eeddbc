import { type Amounts, addTo, amounts, raiseTo } from './amounts.ts';
import type { PodSpecShape } from './shapes.ts';

const AT_POD_LEVEL = /^(cpu|memory|hugepages-.*)$/;

/**
 * What a Pod asks for in all: the containers together or, where that is more, what its init containers need one after
 * another (those that keep running count beside the others); Pod-level amounts override. `overhead` as quotas count it.
 */
export function podAmounts(spec: PodSpecShape, kind: 'requests' | 'limits', overhead: boolean): Amounts {
  const total: Amounts = new Map();
  for (const container of spec.containers ?? []) addTo(total, amounts(container.resources?.[kind]));
  const running: Amounts = new Map();
  const most: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const own = amounts(container.resources?.[kind]);
    if (container.restartPolicy === 'Always') {
      addTo(total, own);
      addTo(running, own);
      raiseTo(most, running);
    } else raiseTo(most, addTo(own, running));
  }
  raiseTo(total, most);
  for (const [name, value] of amounts(spec.resources?.[kind])) if (AT_POD_LEVEL.test(name)) total.set(name, value);
  if (overhead && spec.overhead !== undefined)
    for (const [name, value] of amounts(spec.overhead))
      if (kind === 'requests' || total.has(name)) addTo(total, new Map([[name, value]]));
  return total;
}
