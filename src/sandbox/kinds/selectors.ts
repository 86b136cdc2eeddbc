import {
  isEmptySelector as isEmpty,
  type Labels,
  type SelectorShape,
  selectorOf,
} from '../../objects/selector-shape.ts';
import { labelValue, qualifiedName } from '../schema/metadata/names.ts';
import { validateLabels } from '../schema/metadata/object-meta.ts';
import { each, forbiddenField, invalidValue, required } from '../schema/metadata/problems.ts';
import type { Problem } from '../status/problem.ts';
import { type Body, child, items, text, texts } from './values.ts';

/** Findings about a LabelSelector. */
export function validateSelector(selector: Body | undefined, field: string): Problem[] {
  if (selector === undefined) return [];
  const labels = child(selector, 'matchLabels') as Record<string, string> | undefined;
  const found = validateLabels(labels, `${field}.matchLabels`);
  items(selector, 'matchExpressions').forEach((expression, at) => {
    const place = `${field}.matchExpressions[${at}]`;
    const [operator, key, values] = [
      text(expression, 'operator'),
      text(expression, 'key'),
      texts(expression, 'values'),
    ];
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        found.push(required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        const said = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
        found.push(forbiddenField(`${place}.values`, said));
      }
    } else found.push(invalidValue(`${place}.operator`, operator, 'not a valid selector operator'));
    found.push(...each(`${place}.key`, key, qualifiedName(key)));
    values.forEach((value, index) => {
      found.push(...each(`${place}.values[${index}]`, value, labelValue(value)));
    });
  });
  return found;
}
export const isEmptySelector = (selector: Body | undefined): boolean => isEmpty(selector as SelectorShape | undefined);

/** Whether labels are selected; an empty selector selects everything. Both were decoded as what they are. */
export const selects = (selector: Body | undefined, labels: Body | undefined): boolean =>
  selectorOf((selector ?? {}) as SelectorShape)(labels as Labels | undefined);

/** Members in the order that Go writes a map's. */
export function sortedMap(map: Body | undefined): Body | undefined {
  return map === undefined ? undefined : Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
/** A LabelSelector as Go writes it into a message. */
export function selectorText(selector: Body | undefined): Body | undefined {
  if (selector === undefined) return undefined;
  const labels = child(selector, 'matchLabels');
  return {
    ...(labels === undefined ? {} : { matchLabels: sortedMap(labels) }),
    ...(selector.matchExpressions === undefined ? {} : { matchExpressions: selector.matchExpressions }),
  };
}
