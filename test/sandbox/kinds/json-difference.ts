const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `path: real | ours` for every place in which two JSON values differ. */
export function jsonDifference(real: unknown, ours: unknown, path = ''): string[] {
  if (Object.is(real, ours)) return [];
  if (Array.isArray(real) && Array.isArray(ours) && real.length === ours.length) {
    return real.flatMap((item, at) => jsonDifference(item, ours[at], `${path}[${at}]`));
  }
  if (isObject(real) && isObject(ours)) {
    const keys = new Set([...Object.keys(real), ...Object.keys(ours)]);
    return [...keys].flatMap((key) => jsonDifference(real[key], ours[key], `${path}.${key}`));
  }
  const shown = (value: unknown): string => JSON.stringify(value) ?? 'absent';
  return [`${path}: ${shown(real)} | ${shown(ours)}`];
}
