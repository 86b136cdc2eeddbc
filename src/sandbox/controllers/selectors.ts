import { type Labels, type SelectorShape, selectorOf } from '../../objects/selector-shape.ts';

export type Selects = (labels: Labels | undefined) => boolean;

const known = new WeakMap<object, Selects>();

/** Whether labels match; an absent selector matches nothing, an empty one everything. */
export function selects(selector: SelectorShape | undefined): Selects {
  if (selector === undefined) return () => false;
  const found = known.get(selector);
  if (found !== undefined) return found;
  const made = selectorOf(selector);
  known.set(selector, made);
  return made;
}

/** The plain map of a Service or ReplicationController; an empty one selects nothing. */
export function selectsPairs(pairs: Labels | undefined): Selects {
  if (pairs === undefined || Object.keys(pairs).length === 0) return () => false;
  const found = known.get(pairs);
  if (found !== undefined) return found;
  const made = selects({ matchLabels: pairs });
  known.set(pairs, made);
  return made;
}
