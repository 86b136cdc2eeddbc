import { nanoOf } from '../quantity.ts';
import { child, deep, entries, items } from '../values.ts';

const COUNTED = ['cpu', 'memory'];

/** Guaranteed, Burstable or BestEffort, by the cpu and memory that the containers ask for. */
export function qosClass(pod: unknown): string {
  const spec = child(pod, 'spec');
  const overall = child(spec, 'resources');
  const holders =
    overall === undefined
      ? [...items(spec, 'containers'), ...items(spec, 'initContainers')].map((it) => child(it, 'resources'))
      : [overall];
  let asked = false;
  let guaranteed = true;
  const totals: Record<'requests' | 'limits', Map<string, bigint>> = { requests: new Map(), limits: new Map() };
  for (const resources of holders) {
    for (const side of ['requests', 'limits'] as const) {
      const seen = new Set<string>();
      for (const [name, value] of entries(resources, side)) {
        if (!COUNTED.includes(name) || nanoOf(value) <= 0n) continue;
        asked = true;
        seen.add(name);
        totals[side].set(name, (totals[side].get(name) ?? 0n) + nanoOf(value));
      }
      if (side === 'limits' && seen.size !== COUNTED.length) guaranteed = false;
    }
  }
  if (!asked) return 'BestEffort';
  const equal = [...totals.requests].every(([name, value]) => totals.limits.get(name) === value);
  return guaranteed && equal && totals.requests.size === totals.limits.size && deep(pod, 'spec') !== undefined
    ? 'Guaranteed'
    : 'Burstable';
}
