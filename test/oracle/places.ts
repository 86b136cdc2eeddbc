/** A JSON object that the oracle may change: every body it holds was parsed for it alone. */
export interface Body {
  [field: string]: unknown;
}

export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The value below `from` along the fields, or undefined. */
export function at(from: unknown, ...fields: (string | number)[]): unknown {
  let value = from;
  for (const field of fields) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
    value = (value as Body)[field];
  }
  return value;
}

/** RFC 6901. */
export const segmentsOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

export const segmentText = (field: string | number): string =>
  String(field).replaceAll('~', '~0').replaceAll('/', '~1');

const own = (holder: Body, field: string, value: unknown): void => {
  Object.defineProperty(holder, field, { value, enumerable: true, configurable: true, writable: true });
};

/** Sets the value at the fields, making the maps on the way. Returns false when something on the way is no map or list. */
export function put(into: Body, fields: readonly string[], value: unknown): boolean {
  let holder: Body | unknown[] = into;
  for (const [index, field] of fields.entries()) {
    const last = index === fields.length - 1;
    if (Array.isArray(holder)) {
      const place = field === '-' ? holder.length : Number(field);
      if (!Number.isInteger(place) || place < 0 || place > holder.length) return false;
      if (last) holder[place] = value;
      else if (typeof holder[place] !== 'object' || holder[place] === null) return false;
      else holder = holder[place] as Body;
      continue;
    }
    if (last) own(holder, field, value);
    else {
      if (holder[field] === undefined) own(holder, field, {});
      const next = holder[field];
      if (typeof next !== 'object' || next === null) return false;
      holder = next as Body;
    }
  }
  return true;
}

/** Takes the field away. Returns whether it was there. */
export function take(from: Body, fields: readonly string[]): boolean {
  const holder = at(from, ...fields.slice(0, -1));
  const field = fields.at(-1);
  if (field === undefined || typeof holder !== 'object' || holder === null) return false;
  if (Array.isArray(holder)) {
    const place = Number(field);
    if (!Number.isInteger(place) || place < 0 || place >= holder.length) return false;
    holder.splice(place, 1);
    return true;
  }
  if (!Object.hasOwn(holder, field)) return false;
  delete (holder as Body)[field];
  return true;
}

export const copyOf = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** JSON with sorted keys: equal texts mean equal values. */
export function sortedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`;
  if (!isBody(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.keys(value)
    .filter((field) => value[field] !== undefined)
    .sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${sortedText(value[field])}`).join(',')}}`;
}

/** Pointers at which two values differ; the place of the smallest difference, maps descended, lists as a whole when their lengths differ. */
export function differences(left: unknown, right: unknown, path = ''): string[] {
  if (isBody(left) && isBody(right)) {
    const fields = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return fields.flatMap((field) => differences(left[field], right[field], `${path}/${segmentText(field)}`));
  }
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
    return left.flatMap((item, index) => differences(item, right[index], `${path}/${index}`));
  return sortedText(left ?? null) === sortedText(right ?? null) ? [] : [path];
}
