import { deepEqual } from './deep-equal.ts';
import { add, type Finding } from './finding.ts';
import type { SchemaNode } from './node.ts';

const jsonType = (value: unknown): string =>
  Array.isArray(value)
    ? 'array'
    : typeof value === 'number'
      ? Number.isInteger(value)
        ? 'integer'
        : 'number'
      : (typeof value as string);

/** Checks of one value that do not look below it; each adds what it finds, in the words of kube-openapi. */
export function checkType(value: unknown, node: SchemaNode, path: string, out: Finding[]): number {
  const type = jsonType(value);
  const { types, format } = node;
  const fits = types.includes(type) || (type === 'integer' && types.includes('number'));
  const textual = typeof value === 'string' || Array.isArray(value);
  const numeric = types.includes('number') || types.includes('integer');
  if (!textual && format !== '' && !fits) {
    const actual = type === 'integer' ? 'int64' : type === 'number' ? 'float64' : '';
    const text = `${path} in body must be of type ${format}: ${JSON.stringify(actual)}`;
    add(out, { kind: 'type', name: path, text, value: actual });
    return 0;
  }
  if (!numeric && format !== '' && textual) return 1;
  if (!fits) {
    const text = `${path} in body must be of type ${node.typeText}: ${JSON.stringify(type)}`;
    add(out, { kind: 'type', name: path, text, value: type });
    return 0;
  }
  return 1;
}

export function checkEnum(value: unknown, node: SchemaNode, path: string, out: Finding[]): void {
  const allowed = node.schema.enum;
  if (allowed === undefined || allowed === null || allowed.length === 0) return;
  if (value !== null && allowed.some((item) => item !== null && deepEqual(item, value))) return;
  add(out, {
    kind: 'enum',
    name: path,
    text: `${path} in body should be one of ${JSON.stringify(allowed)}`,
    value,
    allowed,
  });
}

export function checkString(value: string, node: SchemaNode, path: string, out: Finding[]): void {
  const { maxLength, minLength, pattern } = node.schema;
  if (maxLength !== undefined || minLength !== undefined) {
    const length =
      value.length <= (minLength ?? 0) || value.length > (maxLength ?? Infinity) ? [...value].length : value.length;
    if (maxLength !== undefined && length > maxLength) {
      const text = `${path} in body should be at most ${maxLength} chars long`;
      add(out, { kind: 'too-long', name: path, text, value, limit: maxLength });
      return;
    }
    if (minLength !== undefined && length < minLength) {
      add(out, {
        kind: 'invalid',
        name: path,
        text: `${path} in body should be at least ${minLength} chars long`,
        value,
      });
      return;
    }
  }
  if (node.pattern !== undefined && !node.pattern.test(value))
    add(out, { kind: 'invalid', name: path, text: `${path} in body should match '${pattern}'`, value });
}

/** As Go prints a float64 with %v: exponents from 1e21 on, or for whole numbers of an integer check plainly. */
function goNumber(limit: number, whole: boolean): string {
  if (whole) return String(Math.trunc(limit));
  const size = Math.abs(limit);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) {
    const [digits = '', exponent = ''] = limit.toExponential().split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
  }
  return String(limit);
}

export function checkNumber(value: number, node: SchemaNode, path: string, out: Finding[]): void {
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = node.schema;
  const whole = Number.isInteger(value);
  const tell = (text: string): void =>
    add(out, { kind: 'invalid', name: path, text: `${path} in body should be ${text}`, value });
  if (multipleOf !== undefined && multipleOf !== null) {
    const factor = whole ? Math.trunc(multipleOf) : multipleOf;
    if (factor <= 0) {
      const text = `factor MultipleOf declared for ${path} must be positive: ${factor}`;
      add(out, { kind: 'invalid', name: path, text, value: factor });
    } else if (whole ? value % factor !== 0 : !isWhole(factor < 1 ? (1 / factor) * value : value / factor))
      tell(`a multiple of ${goNumber(factor, whole)}`);
  }
  if (minimum !== undefined && minimum !== null) {
    const limit = whole ? Math.trunc(minimum) : minimum;
    if (exclusiveMinimum ? value <= limit : value < limit)
      tell(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${goNumber(limit, whole)}`);
  }
  if (maximum !== undefined && maximum !== null) {
    const limit = whole ? Math.trunc(maximum) : maximum;
    if (exclusiveMaximum ? value >= limit : value > limit)
      tell(`less than ${exclusiveMaximum ? '' : 'or equal to '}${goNumber(limit, whole)}`);
  }
}

/** Whole within the error of floating point, as the server judges it. */
function isWhole(value: number): boolean {
  const nearest = Math.round(value);
  const gap = Math.abs(value - nearest);
  return gap === 0 || gap / Math.min(Math.abs(value) + Math.abs(nearest), Number.MAX_VALUE) < 1e-9;
}
