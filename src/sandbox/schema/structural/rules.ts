import { type Problem, problemText } from '../../status/problem.ts';
import { type CelProgram, celEnvironment, compileExpression } from '../cel/expression.ts';
import { CelFailure } from '../cel/format-string.ts';
import { Optional } from '../cel/optional.ts';
import { schemaValue } from '../cel/values.ts';
import { Correlation } from './correlation.ts';
import type { SchemaNode } from './node.ts';
import type { RuleJson } from './schema-json.ts';

/** Runs the x-kubernetes-validations of a schema. */
export interface RuleValidator {
  /**
   * What the rules find wrong with the new value; `before` is undefined on create. What was as wrong before and did not
   * change goes to `ratcheted`, as lines: the server warns of it.
   */
  problems(next: unknown, before: unknown, correlation?: Correlation, path?: string, ratcheted?: string[]): Problem[];
}

interface CompiledRule {
  readonly rule: RuleJson;
  readonly program: CelProgram | undefined;
  /** Why there is no program. */
  readonly failure: string | undefined;
  readonly message: CelProgram | undefined;
  readonly usesOldSelf: boolean;
}

/** Undefined when the schema has no rules at all. `root`: type and name of the object are visible. */
export function compileRules(node: SchemaNode, root = true): RuleValidator | undefined {
  if (!node.hasRules) return undefined;
  const validator = new NodeRules(node, root);
  return {
    problems: (next, before, correlation, path = '', ratcheted = []) =>
      validator.run(path, next, before, { current: correlation, parent: undefined, ratcheted }),
  };
}

const environment = celEnvironment(['self', 'oldSelf']);

/** The correlation at a place, and the nearest one above it. */
interface Kinship {
  readonly current: Correlation | undefined;
  readonly parent: Correlation | undefined;
  readonly ratcheted: string[];
}

const unchanged = ({ current, parent }: Kinship): boolean => (current ?? parent)?.unchanged() ?? false;

class NodeRules {
  private readonly node: SchemaNode;
  private readonly root: boolean;
  private readonly rules: readonly CompiledRule[];
  private readonly properties = new Map<string, NodeRules>();
  private readonly items: NodeRules | undefined;
  private readonly additional: NodeRules | undefined;

  constructor(node: SchemaNode, root: boolean) {
    this.node = node;
    this.root = root;
    this.rules = node.rules.map(compiled);
    for (const [name, property] of node.properties)
      if (property.hasRules) this.properties.set(name, new NodeRules(property, property.embedded));
    this.items = node.items?.hasRules ? new NodeRules(node.items, node.items.embedded) : undefined;
    const { additional } = node;
    this.additional =
      typeof additional === 'object' && additional.hasRules
        ? new NodeRules(additional, additional.embedded)
        : undefined;
  }

  run(path: string, next: unknown, before: unknown, kinship: Kinship): Problem[] {
    if (next === null || next === undefined) return [];
    const found = this.rules.length === 0 ? [] : this.own(path, next, before, kinship);
    if (Array.isArray(next)) {
      if (this.items !== undefined) {
        const byKeys = new Correlation(next, before, this.node);
        for (let index = 0; index < next.length; index += 1)
          found.push(
            ...this.items.run(`${path}[${index}]`, next[index], byKeys.itemBefore(next[index]), {
              current: kinship.current?.item(index),
              parent: kinship.current ?? kinship.parent,
              ratcheted: kinship.ratcheted,
            }),
          );
      }
    } else if (typeof next === 'object') this.members(path, next as Record<string, unknown>, before, kinship, found);
    return found;
  }

  private members(
    path: string,
    next: Record<string, unknown>,
    before: unknown,
    kinship: Kinship,
    found: Problem[],
  ): void {
    const old =
      typeof before === 'object' && before !== null && !Array.isArray(before)
        ? (before as Record<string, unknown>)
        : {};
    const below = (name: string): Kinship =>
      kinship.parent === undefined && (name === 'apiVersion' || name === 'kind')
        ? { ...kinship, current: undefined, parent: undefined }
        : { ...kinship, current: kinship.current?.field(name), parent: kinship.current ?? kinship.parent };
    if (this.additional !== undefined)
      for (const name of Object.keys(next))
        if (!this.node.properties.has(name))
          found.push(...this.additional.run(`${path}[${name}]`, next[name], old[name], below(name)));
    for (const [name, rules] of this.properties)
      if (Object.hasOwn(next, name))
        found.push(...rules.run(path === '' ? name : `${path}.${name}`, next[name], old[name], below(name)));
  }

  private own(path: string, next: unknown, before: unknown, kinship: Kinship): Problem[] {
    const found: Problem[] = [];
    const field = path === '' ? '<nil>' : path;
    const value = this.node.schema.type ?? '';
    const self = schemaValue(next, this.node, this.root);
    const hasOld = before !== undefined && before !== null;
    let oldSelf: unknown;
    for (const { rule, program, failure, message, usesOldSelf } of this.rules) {
      const invalid = (detail: string): void => {
        found.push({ kind: 'invalid', field, value, detail });
      };
      if (failure !== undefined) {
        invalid(`rule compile error: ${failure}`);
        continue;
      }
      if (program === undefined || (usesOldSelf && !hasOld && rule.optionalOldSelf !== true)) continue;
      if (usesOldSelf && hasOld) oldSelf ??= schemaValue(before, this.node, this.root);
      const variables = usesOldSelf
        ? { self, oldSelf: rule.optionalOldSelf === true ? Optional(hasOld, oldSelf) : oldSelf }
        : { self };
      try {
        if (program.run(variables) === true) continue;
      } catch (error) {
        const why = (error as Error).message;
        const told = ruleText(rule);
        if (why.startsWith('no such overload'))
          invalid(
            `'${why}': call arguments did not match a supported operator, function or macro signature for rule: ${told}`,
          );
        else invalid(`${why} evaluating rule: ${told}`);
        continue;
      }
      const at = rule.fieldPath === undefined || rule.fieldPath === '' ? field : joined(path, rule.fieldPath);
      const problem = problemFor(rule, at, value, told(rule, message, variables));
      if (!usesOldSelf && unchanged(kinship)) kinship.ratcheted.push(problemText(problem));
      else found.push(problem);
    }
    return found;
  }
}

function compiled(rule: RuleJson): CompiledRule {
  const none = { rule, program: undefined, message: undefined, usesOldSelf: false };
  if (rule.rule.trim() === '') return { ...none, failure: undefined };
  try {
    const program = compileExpression(environment, rule.rule);
    let message: CelProgram | undefined;
    if (rule.messageExpression) message = compileExpression(environment, rule.messageExpression);
    return { rule, program, failure: undefined, message, usesOldSelf: program.names.has('oldSelf') };
  } catch (error) {
    if (!(error instanceof CelFailure)) throw error;
    return { ...none, failure: `compilation failed: ${error.message}` };
  }
}

/** The words for a rule that failed: its messageExpression if that gives a good one, its message, or the rule itself. */
function told(rule: RuleJson, message: CelProgram | undefined, variables: Readonly<Record<string, unknown>>): string {
  if (message !== undefined) {
    try {
      const text = message.run(variables);
      const trimmed = typeof text === 'string' ? text.trim() : '';
      if (trimmed !== '' && !trimmed.includes('\n') && Buffer.byteLength(trimmed) <= 5120) return trimmed;
    } catch {
      // The rule's own message is used instead, as on the server.
    }
  }
  return rule.message ? rule.message.trim() : `failed rule: ${ruleText(rule)}`;
}

const ruleText = (rule: RuleJson): string => (rule.message || rule.rule).trim();

function problemFor(rule: RuleJson, field: string, value: string, detail: string): Problem {
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return { kind: 'forbidden', field, detail };
    case 'FieldValueRequired':
      return { kind: 'required', field, detail };
    case 'FieldValueDuplicate':
      return { kind: 'duplicate', field, value };
    default:
      return { kind: 'invalid', field, value, detail };
  }
}

/** `.spec['my-map'].x` under a path. */
function joined(path: string, fieldPath: string): string {
  const normal = fieldPath
    .replace(/\['((?:[^'\\]|\\.)*)'\]/g, (_, name: string) => `.${name.replace(/\\(.)/g, '$1')}`)
    .replace(/^\./, '');
  return path === '' ? normal : `${path}.${normal}`;
}
