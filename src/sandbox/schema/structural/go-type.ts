/** The type that Go's JSON decoder gives a value, as its messages name it. */
export const goType = (value: unknown): string =>
  value === null || value === undefined
    ? '<nil>'
    : Array.isArray(value)
      ? '[]interface {}'
      : typeof value === 'object'
        ? 'map[string]interface {}'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value === 'number'
            ? Number.isInteger(value)
              ? 'int64'
              : 'float64'
            : 'string';
