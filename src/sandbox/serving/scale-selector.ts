import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';

/** A label selector as one text: what a Scale says of the Pods it counts. */
export function selectorText(selector: Json | undefined): string | undefined {
  if (typeof selector === 'string') return selector;
  if (!isJsonObject(selector)) return undefined;
  const { matchLabels, matchExpressions } = selector;
  const plain = matchLabels === undefined && matchExpressions === undefined ? selector : (matchLabels ?? {});
  const equal = Object.entries(plain as JsonObject).map(([key, value]) => ({ key, text: `${key}=${String(value)}` }));
  const others = (Array.isArray(matchExpressions) ? (matchExpressions as readonly JsonObject[]) : []).map((one) => {
    const key = String(one.key);
    const values = (Array.isArray(one.values) ? (one.values as readonly string[]) : []).toSorted();
    switch (one.operator) {
      case 'In':
        return { key, text: `${key} in (${values.join(',')})` };
      case 'NotIn':
        return { key, text: `${key} notin (${values.join(',')})` };
      case 'DoesNotExist':
        return { key, text: `!${key}` };
      default:
        return { key, text: key };
    }
  });
  return [...equal, ...others]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(',');
}
