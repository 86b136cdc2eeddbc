import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes src/sandbox/kinds/differences/inner-types-data.ts: the fields, in order, of the server's inner types that it
 * shows when it refuses a change of a Pod, a claim or a volume. Run by hand when the pinned version changes:
 * `node test/sandbox/kinds/record-inner-types.ts`. Needs the Go module cache.
 */
const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
const text = readFileSync(join(cache, 'k8s.io/kubernetes@v1.34.4/pkg/apis/core/types.go'), 'utf8');
const structs = new Map<string, string>();
const aliases = new Map<string, string>();
for (const [, name = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) structs.set(name, body);
for (const [, name = ''] of text.matchAll(/^type (\w+) struct ?\{\}/gm)) structs.set(name, '');
for (const [, name = '', of = ''] of text.matchAll(/^type (\w+) ([[\]*\w.]+)$/gm))
  if (of !== 'struct') aliases.set(name, of);

const SCALARS: Readonly<Record<string, string>> = { string: 's', bool: 'b', 'types.UID': 's', 'types.NodeName': 's' };
function shapeOf(type: string): string {
  if (type.startsWith('*')) return `*${shapeOf(type.slice(1))}`;
  if (type === '[]byte') return 's';
  if (type.startsWith('[]')) return `[]${shapeOf(type.slice(2))}`;
  const map = /^map\[\w+\](.*)$/.exec(type);
  if (map !== null) return `{}${shapeOf(map[1] ?? '')}`;
  if (/^u?int(8|16|32|64)?$/.test(type)) return 'n';
  if (type === 'metav1.ObjectMeta') return 'meta';
  if (/^(resource|metav1|intstr)\./.test(type))
    return type === 'resource.Quantity' ? 'q' : type === 'intstr.IntOrString' ? 'i' : 'v';
  const scalar = SCALARS[type];
  if (scalar !== undefined) return scalar;
  const alias = aliases.get(type);
  return alias === undefined ? type : shapeOf(alias);
}
function fieldsOf(name: string): string[] {
  return (structs.get(name) ?? '').split('\n').flatMap((line) => {
    const field = /^\s+(?:(\w+)\s+)?([[\]*\w.]+)\s*(?:\/\/.*)?$/.exec(line);
    if (field === null || /^\s*\/\//.test(line)) return [];
    const type = field[2] ?? '';
    return field[1] === undefined
      ? type === 'metav1.ObjectMeta'
        ? ['ObjectMeta:meta']
        : fieldsOf(type)
      : [`${field[1]}:${shapeOf(type)}`];
  });
}
const wanted = new Set<string>();
const want = (shape: string): void => {
  const name = shape.replace(/^(?:\*|\[\]|\{\})+/, '');
  if (!structs.has(name) || wanted.has(name)) return;
  wanted.add(name);
  for (const field of fieldsOf(name)) want(field.slice(field.indexOf(':') + 1));
};
for (const root of ['PodSpec', 'PersistentVolumeClaimSpec', 'PersistentVolumeSource']) want(root);
const lines = [...wanted].sort().map((name) => `${name} ${fieldsOf(name).join(' ')}`);
writeFileSync(
  'src/sandbox/kinds/differences/inner-types-data.ts',
  `/**\n * Inner types of the pinned server, one a line: name, then its fields in order, each \`Name:shape\`. Shapes: \`*X\` pointer,\n * \`[]X\` list, \`{}X\` map, s text, b flag, n number, q quantity, i int or string, v as it stands in a body, else a type.\n * Made by test/sandbox/kinds/record-inner-types.ts.\n */\nexport const INNER_TYPES: string = \`\n${lines.join('\n')}\n\`;\n`,
);
console.log(`${lines.length} types`);
