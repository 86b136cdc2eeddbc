import type { Problem } from '../../status/problem.ts';
import { celEnvironment, compileExpression } from '../cel/expression.ts';
import { CelFailure } from '../cel/format-string.ts';
import { typedEnvironment } from '../cel/schema-types.ts';
import { fieldSchema } from './field-path.ts';
import { compileNode } from './node.ts';
import type { RuleJson, SchemaJson } from './schema-json.ts';

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

const broken = (text: string): boolean => /[\n\r]/.test(text);

/** What is wrong with a rule without compiling it. */
export function ruleShapeProblems(rule: RuleJson, schema: SchemaJson, path: string): Problem[] {
  const found: Problem[] = [];
  const wrong = (name: string, value: unknown, detail: string): void => {
    found.push({ kind: 'invalid', field: `${path}.${name}`, value, detail });
  };
  const want = (name: string, detail: string): void => {
    found.push({ kind: 'required', field: `${path}.${name}`, detail });
  };
  const { rule: text = '', message = '', messageExpression = '', reason, fieldPath = '' } = rule;
  if (text.trim() === '') want('rule', 'rule is not specified');
  else if (message !== '' && message.trim() === '') wrong('message', message, 'must be non-empty if specified');
  else if (broken(message.trim())) wrong('message', message, 'must not contain line breaks');
  else if (broken(text.trim()) && message.trim() === '')
    want('message', 'message must be specified if rule contains line breaks');
  if (messageExpression !== '' && messageExpression.trim() === '')
    want('messageExpression', 'messageExpression must be non-empty if specified');
  if (reason !== undefined && !REASONS.includes(reason))
    found.push({ kind: 'not-supported', field: `${path}.reason`, value: reason, supported: REASONS });
  if (fieldPath !== '' && fieldPath.trim() === '') wrong('fieldPath', fieldPath, 'must be non-empty if specified');
  if (/\n/.test(fieldPath)) wrong('fieldPath', fieldPath, 'must not contain line breaks');
  if (fieldPath !== '' && 'error' in fieldSchema(fieldPath, schema))
    wrong('fieldPath', fieldPath, 'must be a valid path');
  return found;
}

/** What the compiler says of the rules of one place. */
export function expressionProblems(
  schema: SchemaJson,
  path: string,
  above: { readonly root: boolean; readonly uncorrelated: string | undefined },
): Problem[] {
  const found: Problem[] = [];
  const node = compileNode(schema);
  (schema['x-kubernetes-validations'] ?? []).forEach((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    const root = above.root || node.embedded;
    const env = typedEnvironment(node, root, rule.optionalOldSelf === true) ?? celEnvironment(['self', 'oldSelf']);
    const check = (text: string, wanted: string): { error?: string; names?: ReadonlySet<string> } => {
      try {
        const { type, names } = compileExpression(env, text);
        if (type === wanted || type === 'dyn' || type === `dyn<${wanted}>`) return { names };
        return { error: `wrong type ${type}` };
      } catch (error) {
        if (error instanceof CelFailure) return { error: error.message };
        throw error;
      }
    };
    const result = check(rule.rule, 'bool');
    if (result.error !== undefined) {
      const detail = result.error.startsWith('wrong type')
        ? 'cel expression must evaluate to a bool'
        : `compilation failed: ${result.error}`;
      found.push({ kind: 'invalid', field: `${at}.rule`, value: ruleValue(rule), detail });
      return;
    }
    if (rule.messageExpression) {
      const message = check(rule.messageExpression, 'string');
      if (message.error !== undefined) {
        const detail = message.error.startsWith('wrong type')
          ? 'messageExpression must evaluate to a string'
          : `messageExpression compilation failed: ${message.error}`;
        found.push({ kind: 'invalid', field: `${at}.messageExpression`, value: ruleValue(rule), detail });
      }
    }
    if (result.names?.has('oldSelf')) {
      if (above.uncorrelated !== undefined) {
        const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${above.uncorrelated}`;
        found.push({ kind: 'invalid', field: `${at}.rule`, value: rule.rule, detail });
      }
    } else if (rule.optionalOldSelf !== undefined)
      found.push({
        kind: 'invalid',
        field: `${at}.optionalOldSelf`,
        value: rule.optionalOldSelf,
        detail: 'may not be set if oldSelf is not used in rule',
      });
  });
  return found;
}

/** A rule as messages print it: Go's internal struct, whose fields have no JSON names. */
const ruleValue = (rule: RuleJson): Record<string, unknown> => ({
  Rule: rule.rule,
  Message: rule.message ?? '',
  MessageExpression: rule.messageExpression ?? '',
  Reason: rule.reason ?? null,
  FieldPath: rule.fieldPath ?? '',
  OptionalOldSelf: rule.optionalOldSelf ?? null,
});
