import type { Json } from '../objects/json.ts';
import { parsePointer } from '../objects/pointer.ts';

/** Puts a value at a pointer of a merge patch that is being built, making the maps on the way. Pointers through lists have no place there. */
export function putInPatch(patch: Record<string, unknown>, path: string, value: Json): void {
  const segments = parsePointer(path);
  const last = segments.pop() ?? '';
  let here = patch;
  for (const segment of segments) {
    const next = here[segment];
    if (typeof next === 'object' && next !== null) here = next as Record<string, unknown>;
    else {
      const made: Record<string, unknown> = {};
      here[segment] = made;
      here = made;
    }
  }
  here[last] = value;
}
