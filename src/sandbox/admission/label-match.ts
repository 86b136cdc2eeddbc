import { type Labels, type SelectorShape, selectorOf } from '../../objects/selector-shape.ts';

/** As webhooks and policies read it: an absent or empty selector selects everything. */
export const labelsMatch = (selector: SelectorShape | undefined, labels: Labels | undefined): boolean =>
  selectorOf(selector ?? {})(labels);
