import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { addAuthorization } from './authorization.ts';
import { CelFailure } from './format-string.ts';
import { addLibraries } from './libraries.ts';

/** An expression that was compiled. */
export interface CelProgram {
  /** What the expression's value is, as far as it is known before it runs: `bool`, `string`, `dyn`, ... */
  readonly type: string;
  /** Names of variables that it uses. */
  readonly names: ReadonlySet<string>;
  /** Throws a CelFailure with the words of cel-go. */
  run(variables: Readonly<Record<string, unknown>>): unknown;
}

const base = addAuthorization(
  addLibraries(new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })),
);

/** An environment with the Kubernetes libraries in which these variables are known, of any type. */
export function celEnvironment(variables: readonly string[]): Environment {
  const env = base.clone();
  for (const name of variables) env.registerVariable(name, 'dyn');
  return env;
}

/** Throws a CelFailure that tells the compiler's errors as the server does, place and all. */
export function compileExpression(env: Environment, text: string): CelProgram {
  let parsed: ReturnType<Environment['parse']>;
  try {
    parsed = env.parse(text);
  } catch (error) {
    throw new CelFailure(compileMessage(text, error));
  }
  const checked = parsed.check();
  if (!checked.valid) throw new CelFailure(compileMessage(text, checked.error));
  const names = new Set<string>();
  collectNames(parsed.ast, names);
  return {
    type: checked.type ?? 'dyn',
    names,
    run(variables) {
      try {
        return parsed(variables as Record<string, unknown>);
      } catch (error) {
        throw new CelFailure(runMessage(error));
      }
    },
  };
}

function collectNames(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const inner of node) collectNames(inner, names);
    return;
  }
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args } = node as { op: string; args: unknown };
  if (op === 'id') names.add(args as string);
  else collectNames(args, names);
  // Macros keep their parts aside.
  const { iterable, step, callAst } = (args ?? {}) as { iterable?: unknown; step?: unknown; callAst?: unknown };
  for (const part of [iterable, step, callAst]) if (part !== undefined) collectNames(part, names);
  if (op === 'call' || op === 'rcall') collectNames((args as unknown[]).slice(1), names);
}

interface LibraryError {
  readonly code?: string;
  readonly summary?: string;
  readonly message: string;
  readonly node?: ASTNode;
  readonly range?: { readonly start: number; readonly end: number };
}

/** What cel-go says of a failure while the expression ran. */
function runMessage(error: unknown): string {
  const { code, summary, message } = error as LibraryError;
  const text = summary ?? message;
  switch (code) {
    case 'no_such_key':
      return text.replace(/^No such key: /, 'no such key: ');
    case 'index_out_of_bounds':
      return `index out of bounds: ${/index (-?\d+)/.exec(text)?.[1] ?? ''}`;
    case 'modulo_by_zero':
      return 'modulus by zero';
    case 'numeric_overflow':
      return 'integer overflow';
    case 'no_such_overload':
    case 'no_matching_overload':
    case 'invalid_condition_type':
    case 'invalid_logical_operand':
      return 'no such overload';
    case 'optional_value_missing':
      return 'optional.none() dereference';
    default:
      return text;
  }
}

const OPERATOR_NAMES: Readonly<Record<string, string>> = { in: '@in' };
const KNOWN_CALLS =
  /^(?:size|int|uint|double|string|bool|bytes|timestamp|duration|type|dyn|has|quantity|isQuantity|ip|isIP|cidr|isCIDR|url|isURL|semver|isSemver|matches|startsWith|endsWith|contains|find|findAll|split|join|replace|format|lowerAscii|upperAscii|trim|substring|indexOf|lastIndexOf|charAt|isSorted|sum|min|max|exists|all|map|filter|exists_one)$/;

/** What cel-go's compiler says: `ERROR: <input>:1:6: undefined field 'x'`, the line and a mark under the place. */
function compileMessage(text: string, error: unknown): string {
  const { code, summary, message, node, range } = error as LibraryError;
  const told = summary ?? message;
  let start = range?.start ?? node?.start ?? 0;
  let what = told;
  const after = (sign: string): number => {
    const found = text.indexOf(sign, start);
    return found < 0 ? start : found;
  };
  switch (code) {
    case 'unknown_variable':
      what = `undeclared reference to '${told.replace('Unknown variable: ', '')}' (in container '')`;
      break;
    case 'no_such_key': {
      const name = told.replace('No such key: ', '');
      what = `undefined field '${name}'`;
      start = selectPosition(node, text, name, start);
      break;
    }
    case 'no_such_overload': {
      const binary = /^no such overload: (.+) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.+)$/.exec(told);
      const unary = /^no such overload: ([!-])(.+)$/.exec(told);
      const operator = binary?.[2] ?? unary?.[1] ?? '';
      const args = [binary?.[1], binary?.[3] ?? unary?.[2]].filter((each) => each !== undefined).map(goType);
      const name = unary === null ? (OPERATOR_NAMES[operator] ?? `_${operator}_`) : `${operator}_`;
      what = `found no matching overload for '${name}' applied to '(${args.join(', ')})'`;
      start = operatorPosition(node, text, operator, start);
      break;
    }
    case 'no_matching_overload': {
      const [, receiver, name = '', args = ''] = /'(?:(.+)\.)?([A-Za-z_]\w*)\((.*)\)'$/.exec(told) ?? [];
      start = after(`${name}(`) + name.length;
      if (!KNOWN_CALLS.test(name)) what = `undeclared reference to '${name}' (in container '')`;
      else
        what = `found no matching overload for '${name}' applied to '${receiver === undefined ? '' : `${receiver}.`}(${args})'`;
      break;
    }
    case 'cannot_index_type':
      what = `type '${/'(.+)'/.exec(told)?.[1] ?? ''}' does not support field selection`;
      start = after('.');
      break;
    case 'parse_error':
    case undefined:
      break;
    default:
      if (/EOF/.test(told)) {
        start = text.length;
        what = /\.\s*$/.test(text)
          ? "Syntax error: no viable alternative at input '.'"
          : "Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
      }
  }
  return located(text, start, what);
}

/** `list<string>` as cel-go writes it: `list(string)`. */
const goType = (type: string): string =>
  type
    .replaceAll('<', '(')
    .replaceAll('>', ')')
    .replace('google.protobuf.Timestamp', 'timestamp')
    .replace('google.protobuf.Duration', 'duration');

/** The dot before the field. */
function selectPosition(node: ASTNode | undefined, text: string, name: string, start: number): number {
  const inner = (node?.args as readonly [ASTNode] | undefined)?.[0];
  const from = inner?.end ?? start;
  const dot = text.indexOf('.', from);
  return dot >= 0 &&
    text
      .slice(dot)
      .replace(/^\.\s*/, '')
      .startsWith(name)
    ? dot
    : start;
}

function operatorPosition(node: ASTNode | undefined, text: string, operator: string, start: number): number {
  const inner = (node?.args as readonly [ASTNode] | undefined)?.[0];
  const found = text.indexOf(operator, inner?.end ?? start);
  return found < 0 ? start : found;
}

function located(text: string, start: number, what: string): string {
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  const column = start - (before.lastIndexOf('\n') + 1);
  const shown = text.split('\n')[line - 1] ?? '';
  return `ERROR: <input>:${line}:${column + 1}: ${what}\n | ${shown}\n | ${'.'.repeat(column)}^`;
}
