import { Environment } from '@marcbachmann/cel-js';
import type { SchemaNode } from '../structural/node.ts';
import { addLibraries } from './libraries.ts';
import { escapedName } from './values.ts';

/**
 * An environment in which `self` and `oldSelf` have the types of a schema, so that the compiler tells fields that do
 * not exist and operators that do not fit. Only for checking: values never have these types.
 */
export function typedEnvironment(node: SchemaNode, root: boolean, optionalOldSelf: boolean): Environment | undefined {
  const env = addLibraries(new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false }));
  const type = typeName(node, root, env, { count: 0 });
  if (type === undefined) return undefined;
  env.registerVariable('self', type);
  env.registerVariable('oldSelf', optionalOldSelf ? `optional<${type}>` : type);
  return env;
}

/** Undefined for what rules cannot see. */
function typeName(node: SchemaNode, root: boolean, env: Environment, counter: { count: number }): string | undefined {
  const { schema } = node;
  if (schema['x-kubernetes-int-or-string'] === true) return 'dyn';
  switch (schema.type) {
    case 'boolean':
      return 'bool';
    case 'integer':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return schema.format === 'byte'
        ? 'bytes'
        : schema.format === 'duration'
          ? 'google.protobuf.Duration'
          : schema.format === 'date' || schema.format === 'date-time'
            ? 'google.protobuf.Timestamp'
            : 'string';
    case 'array': {
      const items = node.items === undefined ? undefined : typeName(node.items, node.items.embedded, env, counter);
      return items === undefined ? undefined : `list<${items}>`;
    }
    case 'object': {
      if (typeof node.additional === 'object') {
        const values = typeName(node.additional, node.additional.embedded, env, counter);
        return values === undefined ? undefined : `map<string, ${values}>`;
      }
      return structName(node, root, env, counter);
    }
    default:
      return undefined;
  }
}

function structName(node: SchemaNode, root: boolean, env: Environment, counter: { count: number }): string {
  const fields: Record<string, string> = {};
  for (const [name, property] of node.properties) {
    const escaped = escapedName(name);
    const type = escaped === undefined ? undefined : typeName(property, property.embedded, env, counter);
    if (escaped !== undefined && type !== undefined) fields[escaped] = type;
  }
  const declare = (members: Record<string, string>): string => {
    counter.count += 1;
    const name = `object${counter.count}`;
    env.registerType(name, { ctor: class {}, fields: members } as never);
    // Whole objects may be compared (`self == oldSelf`); here only the types are looked at.
    env.registerOperator(`${name} == ${name}`, () => false);
    return name;
  };
  if (root) {
    fields.apiVersion = 'string';
    fields.kind = 'string';
    fields.metadata = declare({ name: 'string', generateName: 'string' });
  }
  return declare(fields);
}
