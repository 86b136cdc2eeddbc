/** Something the expression did that has no value; the message is what cel-go says. */
export class CelFailure extends Error {}

/** The value, or the failure with this message where there is none. */
export function must<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new CelFailure(message);
  return value;
}

/** `'%s has %d'.format([name, count])`: verbs s d f e b o x X %, precision for f and e. */
export function formatString(template: string, args: readonly unknown[]): string {
  let next = 0;
  return template.replace(/%(?:\.(\d+))?([a-zA-Z%])/g, (_, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= args.length) throw new CelFailure(`index ${next} out of range`);
    const value = args[next];
    next += 1;
    return formatted(verb, value, precision === undefined ? undefined : Number(precision));
  });
}

function formatted(verb: string, value: unknown, precision: number | undefined): string {
  switch (verb) {
    case 's':
      return celText(value);
    case 'd':
      if (typeof value === 'bigint' || typeof value === 'number') return String(value);
      break;
    case 'f':
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value).toFixed(precision ?? 6);
      break;
    case 'e':
      if (typeof value === 'number' || typeof value === 'bigint')
        return Number(value)
          .toExponential(precision ?? 6)
          .replace(/e([+-])(\d)$/, 'e$10$2');
      break;
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (typeof value === 'bigint') return value.toString(2);
      break;
    case 'o':
      if (typeof value === 'bigint') return value.toString(8);
      break;
    case 'x':
    case 'X': {
      const text =
        typeof value === 'bigint'
          ? value.toString(16)
          : typeof value === 'string'
            ? Buffer.from(value).toString('hex')
            : value instanceof Uint8Array
              ? Buffer.from(value).toString('hex')
              : undefined;
      if (text !== undefined) return verb === 'X' ? text.toUpperCase() : text;
      break;
    }
    default:
      throw new CelFailure(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
  throw new CelFailure(`error during formatting: ${verb} clause cannot be used on ${typeof value}`);
}

/** How %s shows a value, lists and maps included. */
export function celText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (Array.isArray(value)) return `[${value.map(celText).join(', ')}]`;
  if (value instanceof Map || Object.getPrototypeOf(value) === Object.prototype) {
    const entries = value instanceof Map ? [...value] : Object.entries(value as object);
    return `{${entries
      .map(([key, member]) => `${celText(key)}: ${celText(member)}`)
      .sort()
      .join(', ')}}`;
  }
  return String(value);
}
