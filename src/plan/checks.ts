import { type Draft, isPlanned, objectAt } from './decision.ts';
import type { PlannedCheck } from './plan.ts';
import { unprovenData } from './unproven-data.ts';

/** What is verified after the run, beside what holds for every plan (all there, owners exist, nothing collected). */
export function checksOf(draft: Draft): PlannedCheck[] {
  const checks: PlannedCheck[] = [];
  const counted = new Map<
    string,
    { system: string; group: string; version: string; resource: string; expected: number }
  >();
  const inTarget = new Set(draft.target.resources.map((one) => `${one.resource}.${one.group}`));
  const rows = draft.survey.objects
    .filter((object) => isPlanned(draft, object.row))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const object of rows) {
    for (const { ready, needsKubelet, system } of object.more?.ready ?? [])
      checks.push({ kind: 'ready', system, key: object.key, rule: ready, needsKubelet });
    const external = object.more?.external;
    if (external !== undefined)
      checks.push({
        kind: 'external',
        system: external.system,
        key: object.key,
        path: external.path,
        value: external.value,
      });
    const data = object.more?.data;
    const unproven = data === undefined ? undefined : unprovenData(draft, object);
    if (unproven !== undefined)
      checks.push({ kind: 'data', system: object.system ?? '', key: object.key, sentence: unproven });
    // Where the target serves the kind already it may hold others of it, so their number proves nothing.
    if ((external !== undefined || object.more?.whole !== undefined) && !inTarget.has(object.resource))
      countOf(object.row).expected++;
  }
  return [...checks, ...[...counted.values()].map((count): PlannedCheck => ({ kind: 'count', ...count }))];

  function countOf(row: number): { expected: number } {
    const object = objectAt(draft, row);
    const [resource = ''] = object.resource.split('.', 1);
    const known = counted.get(object.resource) ?? {
      system: object.system ?? '',
      group: object.group,
      version: object.version,
      resource,
      expected: 0,
    };
    counted.set(object.resource, known);
    return known;
  }
}
