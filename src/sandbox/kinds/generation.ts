import type { Json, KubeObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { type Body, made } from './values.ts';

/** A new object is generation 1, whatever it came with. */
export function firstGeneration(object: Body): void {
  made(object, 'metadata').generation = 1;
}

/** One more than before when any of the fields differs. */
export function nextGeneration(next: Body, before: KubeObject, fields: readonly string[] = ['spec']): boolean {
  const changed = fields.some((field) => !sameJson((next[field] ?? null) as Json, (before[field] ?? null) as Json));
  const generation = before.metadata.generation ?? 0;
  const meta = made(next, 'metadata');
  if (changed) meta.generation = generation + 1;
  else if (generation === 0) delete meta.generation;
  else meta.generation = generation;
  return changed;
}
