import type { MutableJsonObject } from '../../objects/json.ts';
import { groupOf, versionOf } from '../../objects/key.ts';
import { asStored } from '../schema/as-stored.ts';
import { emptyObject } from '../schema/go-shape.ts';
import { copyJson } from './json-text.ts';
import { inOrder } from './object-meta.ts';
import type { ServedKind } from './served-kind.ts';

/** Parts that every object of a built-in kind shows, empty or not (`spec`, `status`): rules may have taken them away. */
export function keepParts(body: MutableJsonObject, kind: ServedKind): void {
  const empty = emptyObject(storedKind(kind));
  for (const key of Object.keys(empty)) if (body[key] === undefined) body[key] = copyJson(empty[key]);
}

/** An object on its way to the store, in the form of the store: what that forgets is gone. In place as far as it can be. */
export function asKept(kind: ServedKind, body: MutableJsonObject): MutableJsonObject {
  const kept = inOrder(body);
  if (kind.custom === undefined) asStored(kept, storedKind(kind));
  return kept;
}

const storedKind = ({ storageApiVersion, kind }: ServedKind) => ({
  group: groupOf(storageApiVersion),
  version: versionOf(storageApiVersion),
  kind,
});
