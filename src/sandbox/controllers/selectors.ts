/** A LabelSelector of an object. */
export interface SelectorSpec {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
export type Labels = Readonly<Record<string, string>>;
export type Selects = (labels: Labels | undefined) => boolean;

const NO_LABELS: Labels = {};
const known = new WeakMap<object, Selects>();

/** Whether labels match; an absent selector matches nothing, an empty one everything. */
export function selects(selector: SelectorSpec | undefined): Selects {
  if (selector === undefined) return () => false;
  const found = known.get(selector);
  if (found !== undefined) return found;
  const pairs = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  const made: Selects = (labels = NO_LABELS) => {
    for (const [key, value] of pairs) if (labels[key] !== value) return false;
    return expressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    });
  };
  known.set(selector, made);
  return made;
}

export const isEmptySelector = (selector: SelectorSpec | undefined): boolean =>
  Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;

/** The plain map of a Service or ReplicationController; an empty one selects nothing. */
export function selectsPairs(pairs: Labels | undefined): Selects {
  if (pairs === undefined || Object.keys(pairs).length === 0) return () => false;
  const found = known.get(pairs);
  if (found !== undefined) return found;
  const made = selects({ matchLabels: pairs });
  known.set(pairs, made);
  return made;
}
