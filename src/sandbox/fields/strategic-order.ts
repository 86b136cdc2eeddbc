import type { MutableJson, MutableJsonObject } from '../../objects/json.ts';
import { goText } from './go-text.ts';
import { DIRECTIVE, isMap, noMergeKey, PatchProblem, wrongType } from './strategic-terms.ts';

type Items = readonly MutableJson[];

/** Both lists without repetitions; a repeated value makes room for the last one, as in the server. */
export function mergeScalars(original: Items, patch: Items): MutableJson[] {
  const all = [...original, ...patch];
  for (let i = 0; i < all.length - 1; i += 1)
    for (let j = i + 1; j < all.length; j += 1)
      if (all[i] === all[j]) {
        all[j] = all[all.length - 1] ?? null;
        all.pop();
        j -= 1;
      }
  return all;
}

export function without<T extends MutableJsonObject>(items: readonly T[], key: string, value: MutableJson): T[] {
  return items.filter((item) => item[key] !== value);
}

/**
 * The merged items: those that the patch names in its order, the others in the order in which they lived, put together so
 * that one that lived before a named one stays before it.
 */
export function inOrder(merged: Items, patchOrder: Items, liveOrder: Items, mergeKey: string): MutableJson[] {
  const maps = isMap([...merged, ...patchOrder, ...liveOrder][0]);
  const keyOf = (item: MutableJson): MutableJson | undefined => {
    if (!maps) return item;
    if (!isMap(item)) throw wrongType('map[string]interface {}', item);
    const key = item[mergeKey];
    if (key === undefined) throw noMergeKey(item, mergeKey);
    return key;
  };
  const places = (order: Items): Map<MutableJson | undefined, number> => {
    const found = new Map<MutableJson | undefined, number>();
    for (const [at, item] of order.entries()) {
      const key = keyOf(item);
      if (!found.has(key)) found.set(key, at);
    }
    return found;
  };
  const wanted = places(patchOrder);
  const lived = places(liveOrder);
  const named = sorted(
    merged.filter((item) => wanted.has(keyOf(item))),
    (item) => wanted.get(keyOf(item)),
  );
  const rest = sorted(
    merged.filter((item) => !wanted.has(keyOf(item))),
    (item) => lived.get(keyOf(item)),
  );
  return interleaved(rest, named, (item) => lived.get(keyOf(item)));
}

type Place = (item: MutableJson) => number | undefined;

/** By insertion; an item without a place moves to the front, as the server's comparison has it. */
function sorted(items: readonly MutableJson[], placeOf: Place): MutableJson[] {
  const out = [...items];
  for (let i = 1; i < out.length; i += 1)
    for (let j = i; j > 0; j -= 1) {
      const [left, right] = [placeOf(out[j - 1] ?? null), placeOf(out[j] ?? null)];
      if (left !== undefined && right !== undefined && right >= left) break;
      [out[j - 1], out[j]] = [out[j] ?? null, out[j - 1] ?? null];
    }
  return out;
}

function interleaved(rest: readonly MutableJson[], named: readonly MutableJson[], placeOf: Place): MutableJson[] {
  const out: MutableJson[] = [];
  let [i, j] = [0, 0];
  while (i < rest.length || j < named.length) {
    const left = rest[i];
    const right = named[j];
    const leftPlace = left === undefined ? undefined : placeOf(left);
    const rightPlace = right === undefined ? undefined : placeOf(right);
    const leftFirst = leftPlace !== undefined && rightPlace !== undefined && leftPlace < rightPlace;
    if (left !== undefined && (right === undefined || leftFirst)) {
      out.push(left);
      i += 1;
    } else {
      out.push(right ?? null);
      j += 1;
    }
  }
  return out;
}

/**
 * The order that the server takes for that of the living items. It deletes in place and appends to the same memory, so
 * that new items count as living ones as long as they fit into the room of the deleted.
 */
export function livingOrder(
  there: readonly MutableJson[],
  sent: readonly MutableJson[],
  mergeKey: string,
): MutableJson[] {
  const items = sent.filter(isMap);
  const doomed = new Set(items.filter((item) => item[DIRECTIVE] === 'delete').map((item) => item[mergeKey]));
  if (mergeKey === '' || doomed.size === 0) return [...there];
  const kept = there.filter((item) => !isMap(item) || !doomed.has(item[mergeKey]));
  const known = new Set(kept.map((item) => (isMap(item) ? item[mergeKey] : undefined)));
  const added = items.filter((item) => item[DIRECTIVE] === undefined && !known.has(item[mergeKey]));
  return [...kept, ...added.slice(0, there.length - kept.length)];
}

/** The items of the patch must come in the order that it asks for. */
export function checkOrder(sent: readonly MutableJson[], order: readonly MutableJson[], mergeKey: string): void {
  if (order.length === 0 || sent.length === 0) return;
  const items = mergeKey === '' ? sent : sent.filter((item) => !(isMap(item) && item[DIRECTIVE] === 'delete'));
  let at = 0;
  let place = 0;
  const keyed = (item: MutableJson): MutableJson | undefined => {
    if (mergeKey === '') return item;
    if (!isMap(item)) throw wrongType('map[string]interface {}', item);
    if (item[mergeKey] === undefined) throw noMergeKey(item, mergeKey);
    return item[mergeKey];
  };
  while (at < items.length && place < order.length) {
    const item = items[at] ?? null;
    if (isMap(item) && item[DIRECTIVE] !== undefined) {
      at += 1;
      continue;
    }
    if (keyed(item) === keyed(order[place] ?? null)) at += 1;
    place += 1;
  }
  if (at < items.length && place >= order.length)
    throw new PatchProblem(
      500,
      `The order in patch list:\n${goText(sent)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
    );
}
