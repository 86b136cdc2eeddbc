import type { KubeObject } from '../../../src/objects/json.ts';
import type { Uid } from '../../../src/objects/key.ts';
import { amendmentOf } from '../../../src/plan/amendment.ts';
import { bodyOf, nameOf } from '../../../src/plan/body.ts';
import { at, type Body, copyOf, differences, isBody } from '../places.ts';
import type { Moment } from '../play.ts';
import { amend } from '../write.ts';

/**
 * I26: what the product would send for a step, beside what the oracle sent by its own reading of the plan's shape.
 * Answers the difference, or undefined.
 */
export function compareBytes({ step, sent, run, store, fates }: Moment): string | undefined {
  const uidOf = (key: string): Uid | undefined => run.uidOf(key) as Uid | undefined;
  if (step.kind !== 'create' && step.kind !== 'copy' && step.kind !== 'amend') return undefined;
  if (fates.get(step.id) !== 'done') return undefined;
  const captured = run.world.objects[step.source.row];
  if (captured === undefined) return undefined;
  const body = copyOf(captured.body) as KubeObject;
  if (step.kind === 'amend') {
    const stored = store.objects.get(step.target.key)?.body ?? {};
    const ours = copyOf(stored);
    amend(step, captured, run.uidOf)(ours);
    const theirs = patched(copyOf(stored), amendmentOf(step, body, uidOf)) as Body;
    return unlike(step.id, ours, theirs);
  }
  const name = step.kind === 'copy' ? nameOf(step.name, uidOf) : undefined;
  const written = bodyOf(step, body, uidOf, name === undefined ? {} : { name });
  return unlike(step.id, sent, written.body as Body);
}

function unlike(id: string, ours: unknown, theirs: unknown): string | undefined {
  // The generation that an inline status speaks of is the product's care; the shape of the plan does not say it.
  const found = differences(ours, theirs).filter((path) => !/^\/status\/.*observedGeneration$/.test(path));
  if (found.length === 0) return undefined;
  return `the bytes for ${id} are not those that the plan means, at ${found.slice(0, 3).join(', ')}: ${JSON.stringify(at(theirs, 'metadata', 'ownerReferences') ?? null)}`;
}

/** RFC 7396. */
function patched(live: unknown, patch: unknown): unknown {
  if (!isBody(patch)) return patch;
  const target: Body = isBody(live) ? live : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete target[field];
    else target[field] = patched(target[field], value);
  }
  return target;
}
