import { celEnvironment, compileExpression } from '../../schema/cel/expression.ts';
import { CelFailure } from '../../schema/cel/format-string.ts';
import { qualifiedName } from '../../schema/metadata/names.ts';
import { duplicate, each, invalidValue, notSupported, required, tooMany } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, has, items, text } from '../values.ts';

interface Wanted {
  readonly params: boolean;
  readonly authorizer: boolean;
  readonly variables: boolean;
  /** What the expression must give. */
  readonly types: readonly string[];
  readonly said: string;
}
const CONDITION = { types: ['bool'], said: 'must evaluate to bool' } as const;
const MESSAGE = { types: ['string'], said: 'must evaluate to string' } as const;
const ANNOTATION = { types: ['string', 'null'], said: 'must evaluate to string or null_type' } as const;
const ANY = { types: [], said: '' } as const;

/** Nothing but a path of fields. */
const BARE = /^[A-Za-z_][\w.]*$/;

/** What the compiler says of an expression of an admission policy or a webhook. */
function compiled(expression: string, field: string, wanted: Wanted, shown = expression): Problem[] {
  const names = ['object', 'oldObject', 'request', 'namespaceObject'];
  if (wanted.params) names.push('params');
  if (wanted.authorizer) names.push('authorizer', 'authorizer.requestResource');
  if (wanted.variables) names.push('variables');
  const env = celEnvironment(names.filter((name) => !name.includes('.')));
  try {
    const { type } = compileExpression(env, expression);
    // A bare field may be anything, which is not enough; of what is computed the compiler here knows less than the server's.
    const open = type.startsWith('dyn') && !BARE.test(expression.trim());
    const fits = wanted.types.length === 0 || open || wanted.types.includes(type);
    return fits ? [] : [invalidValue(field, shown, `${wanted.said} but got ${type}`)];
  } catch (error) {
    if (!(error instanceof CelFailure)) throw error;
    return [invalidValue(field, shown, `compilation failed: ${error.message}`)];
  }
}

const MOST_CONDITIONS = 64;

/** Conditions under which a policy or a webhook is asked at all. */
export function conditionProblems(holder: Body | undefined, field: string, params: boolean): Problem[] {
  const conditions = items(holder, 'matchConditions');
  const found: Problem[] =
    conditions.length > MOST_CONDITIONS ? [tooMany(field, conditions.length, MOST_CONDITIONS)] : [];
  const names = new Set<string>();
  conditions.forEach((condition, at) => {
    const place = `${field}[${at}]`;
    const [expression, name] = [text(condition, 'expression').trim(), text(condition, 'name')];
    if (expression === '') found.push(required(`${place}.expression`));
    else
      found.push(
        ...compiled(expression, `${place}.expression`, { params, authorizer: true, variables: false, ...CONDITION }),
      );
    if (name === '') found.push(required(`${place}.name`));
    else {
      found.push(...each(`${place}.name`, name, qualifiedName(name)));
      if (names.has(name)) found.push(duplicate(`${place}.name`, name));
      names.add(name);
    }
  });
  return found;
}

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

function validationProblems(validation: Body, place: string, params: boolean, variables: boolean): Problem[] {
  const found: Problem[] = [];
  const [expression, message, words] = [
    text(validation, 'expression'),
    text(validation, 'message'),
    text(validation, 'messageExpression'),
  ];
  if (expression.trim() === '') found.push(required(`${place}.expression`, 'expression is not specified'));
  else
    found.push(...compiled(expression, `${place}.expression`, { params, authorizer: true, variables, ...CONDITION }));
  if (words !== '' && words.trim() === '')
    found.push(invalidValue(`${place}.messageExpression`, words, 'must be non-empty if specified'));
  else if (words.trim() !== '')
    found.push(...compiled(words, `${place}.messageExpression`, { params, authorizer: false, variables, ...MESSAGE }));
  if (message !== '' && message.trim() === '')
    found.push(invalidValue(`${place}.message`, message, 'must be non-empty if specified'));
  else if (/[\r\n]/.test(message.trim()))
    found.push(invalidValue(`${place}.message`, message, 'must not contain line breaks'));
  const reason = text(validation, 'reason');
  if (has(validation, 'reason') && !REASONS.includes(reason))
    found.push(notSupported(`${place}.reason`, reason, REASONS));
  return found;
}

function variableProblems(variable: Body, place: string, params: boolean): Problem[] {
  const [name, expression] = [text(variable, 'name'), text(variable, 'expression')];
  const found: Problem[] = [];
  if (name.trim() === '') found.push(required(`${place}.name`, 'name is not specified'));
  else if (!IDENTIFIER.test(name)) found.push(invalidValue(`${place}.name`, name, 'must be a valid CEL identifier'));
  if (expression.trim() === '') found.push(required(`${place}.expression`, 'expression is not specified'));
  else
    found.push(...compiled(expression, `${place}.expression`, { params, authorizer: true, variables: true, ...ANY }));
  return found;
}

/** Variables, validations and audit annotations of a policy. */
export function expressionProblems(spec: Body, policy: string): Problem[] {
  const params = has(spec, 'paramKind');
  const variables = items(spec, 'variables').length > 0;
  const found = conditionProblems(spec, 'spec.matchConditions', params);
  items(spec, 'variables').forEach((variable, at) => {
    found.push(...variableProblems(variable, `spec.variables[${at}]`, params));
  });
  const [validations, annotations] = [items(spec, 'validations'), items(spec, 'auditAnnotations')];
  if (validations.length + annotations.length === 0) {
    const said = 'validations or auditAnnotations must contain at least one item';
    return [...found, required('spec.validations', said), required('spec.auditAnnotations', said)];
  }
  validations.forEach((validation, at) => {
    found.push(...validationProblems(validation, `spec.validations[${at}]`, params, variables));
  });
  const keys = new Set<string>();
  annotations.forEach((annotation, at) => {
    const place = `spec.auditAnnotations[${at}]`;
    const [key, value] = [text(annotation, 'key'), text(annotation, 'valueExpression')];
    found.push(...each(`${place}.key`, `${policy}/${key}`, qualifiedName(`${policy}/${key}`)));
    if (value.trim() === '') found.push(required(`${place}.valueExpression`, 'valueExpression is not specified'));
    else
      found.push(
        ...compiled(
          value.trim(),
          `${place}.valueExpression`,
          { params, authorizer: true, variables, ...ANNOTATION },
          value,
        ),
      );
    if (keys.has(key)) found.push(duplicate(`${place}.key`, key));
    keys.add(key);
  });
  return found;
}
