import { additionalOf, type SchemaJson } from './schema-json.ts';

/** Follows `.spec.replicas` or `.spec['a.b']` through a schema, or says why it leads nowhere. */
export function fieldSchema(
  path: string,
  schema: SchemaJson,
  arrays = true,
): { readonly schema: SchemaJson; readonly names: readonly string[] } | { readonly error: string } {
  const names: string[] = [];
  let at: SchemaJson = schema;
  let rest = path;
  while (rest !== '') {
    let name: string;
    if (rest.startsWith('.')) {
      const match = /^\.([^.[\]]+)/.exec(rest);
      if (match === null)
        return { error: rest.length === 1 ? 'unexpected end of JSON path' : 'does not refer to a valid field' };
      [, name = ''] = match;
      rest = rest.slice(match[0].length);
    } else if (rest.startsWith('[')) {
      if (!arrays) return { error: 'array notation is not allowed' };
      const match = /^\['((?:[^'\\]|\\.)*)'\]/.exec(rest);
      if (match === null) {
        const token = /^\[([^.[\]]*)/.exec(rest)?.[1] ?? '';
        return {
          error: token === '' ? 'unexpected end of JSON path' : `expected single quoted string but got ${token}`,
        };
      }
      name = (match[1] ?? '').replace(/\\(.)/g, '$1');
      rest = rest.slice(match[0].length);
    } else return { error: `expected [ or . but got: ${/^[^.[\]]+|./.exec(rest)?.[0] ?? ''}` };
    const next: SchemaJson | undefined =
      at.properties !== undefined && Object.keys(at.properties).length > 0 ? at.properties[name] : additionalOf(at);
    if (next === undefined) return { error: 'does not refer to a valid field' };
    names.push(name);
    at = next;
  }
  return { schema: at, names };
}
