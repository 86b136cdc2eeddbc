import { type ResourceName, resourceName } from '../../objects/key.ts';
import type { CheckResult, Expected } from './check.ts';
import type { Inventory } from './inventory.ts';

/**
 * Everything that the recovery has on record is there, is the same object and is not being deleted. One result a resource when all
 * is well, one an object that is not. `kind` `kept`: the same question after the settling time.
 */
export function checkPresent(
  expected: readonly Expected[],
  inventory: Inventory,
  kind: 'present' | 'kept' = 'present',
): CheckResult[] {
  const results: CheckResult[] = [];
  const well = new Map<ResourceName, number>();
  for (const one of expected) {
    const name = resourceName(one.group, one.resource);
    if (inventory.unread.has(name)) continue;
    const seen = inventory.objects.get(one.key);
    const wrong =
      seen === undefined
        ? `${one.key} is not there${kind === 'kept' ? ' any more: it was collected or deleted after it was written' : ''}.`
        : seen.uid !== one.uid
          ? `${one.key} is another object (${seen.uid}) than the one on record (${one.uid}).`
          : seen.terminating
            ? `${one.key} is being deleted.`
            : undefined;
    if (wrong === undefined) well.set(name, (well.get(name) ?? 0) + 1);
    else
      results.push({
        id: `${kind} ${one.key}`,
        kind,
        status: 'failed',
        code: kind === 'kept' ? 'NOT-KEPT' : 'NOT-PRESENT',
        sentence: wrong,
        key: one.key,
      });
  }
  for (const [name, count] of well) {
    const sentence = `${count} ${name} are there with the UIDs on record${kind === 'kept' ? ' after the settling time' : ''}.`;
    results.push({
      id: `${kind} ${name}`,
      kind,
      status: 'verified',
      code: kind === 'kept' ? 'KEPT' : 'PRESENT',
      sentence,
    });
  }
  for (const [name, why] of inventory.unread)
    results.push({ id: `${kind} ${name}`, kind, status: 'not run', code: 'UNREADABLE', sentence: why });
  return results;
}
