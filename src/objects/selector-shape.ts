/** A LabelSelector as objects carry it. */
export interface SelectorShape {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
export type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = {};

export const isEmptySelector = (selector: SelectorShape | undefined): boolean =>
  Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;

/** Whether a value, or none, meets one requirement; an operator that there is not is met by nothing. */
export function meets(operator: string, values: readonly string[], value: string | undefined): boolean {
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
}

/** Whether labels are selected; an empty selector selects everything, and what an absent one means its reader says. */
export function selectorOf(selector: SelectorShape): (labels: Labels | undefined) => boolean {
  const pairs = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  return (labels = NO_LABELS) => {
    const value = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
    return (
      pairs.every(([key, wanted]) => value(key) === wanted) &&
      expressions.every(({ key, operator, values = [] }) => meets(operator, values, value(key)))
    );
  };
}
