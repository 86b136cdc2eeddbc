import type { KubeObject } from '../../objects/json.ts';
import { resourceName } from '../../objects/key.ts';
import type { Authorizer } from '../access/authorizer.ts';
import { userInfo } from '../access/reviews.ts';
import { accountUser } from '../access/user.ts';
import { CelAuthorizer, type CelQuestion, CelResourceCheck, type CelVerdict } from '../schema/cel/authorization.ts';
import { type CelProgram, celEnvironment, compileExpression } from '../schema/cel/expression.ts';
import { CelFailure } from '../schema/cel/format-string.ts';
import { plainValue } from '../schema/cel/values.ts';
import type { Attempt } from './plugin.ts';
import type { PolicySpec } from './policies-shapes.ts';

/** A validation that failed, or could not be evaluated where failures deny. */
export interface Decision {
  readonly message: string;
  readonly reason: string | undefined;
}

export interface CompiledPolicy {
  /** What speaks against a write; nothing when the match conditions say that it is not meant. */
  judge(attempt: Attempt, param: KubeObject | undefined, authorizer?: Authorizer): Decision[];
}

const NAMESPACES = resourceName('', 'namespaces');
const NAMES = ['object', 'oldObject', 'request', 'params', 'namespaceObject', 'authorizer', 'variables'];
const LONGEST_MESSAGE = 5 * 1024;
const env = celEnvironment(NAMES);

type Compiled = { readonly program: CelProgram } | { readonly failure: string };

function compile(text: string): Compiled {
  try {
    return { program: compileExpression(env, text) };
  } catch (error) {
    if (error instanceof CelFailure) return { failure: `compilation error: compilation failed: ${error.message}` };
    throw error;
  }
}

/** Runs one expression; the error's text is the one that policies tell. */
function run(compiled: Compiled, text: string, variables: Readonly<Record<string, unknown>>): unknown {
  if ('failure' in compiled) throw new CelFailure(compiled.failure);
  try {
    return compiled.program.run(variables);
  } catch (error) {
    throw new CelFailure(`expression '${text}' resulted in error: ${(error as Error).message}`);
  }
}

export function compilePolicy(spec: PolicySpec): CompiledPolicy {
  const conditions = (spec.matchConditions ?? []).map(({ expression }) => ({
    expression,
    compiled: compile(expression),
  }));
  const shared = (spec.variables ?? []).map(({ name, expression }) => ({ name, compiled: compile(expression) }));
  const validations = (spec.validations ?? []).map((validation) => ({
    ...validation,
    compiled: compile(validation.expression),
    message: validation.message,
    messageProgram: validation.messageExpression ? compile(validation.messageExpression) : undefined,
  }));
  const failed = (message: string): Decision[] =>
    spec.failurePolicy === 'Ignore' ? [] : [{ message, reason: undefined }];
  return {
    judge(attempt, param, authorizer) {
      const variables = inputs(attempt, param, authorizer);
      variables.variables = lazily(shared, variables);
      const errors: string[] = [];
      for (const { expression, compiled } of conditions) {
        try {
          if (run(compiled, expression, variables) === false) return [];
        } catch (error) {
          errors.push((error as Error).message);
        }
      }
      if (errors.length > 0) return failed(errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`);
      const found: Decision[] = [];
      for (const { expression, compiled, message, messageProgram, messageExpression, reason } of validations) {
        try {
          if (run(compiled, expression, variables) === true) continue;
        } catch (error) {
          found.push(...failed((error as Error).message));
          continue;
        }
        const own = messageProgram === undefined ? '' : evaluated(messageProgram, messageExpression ?? '', variables);
        found.push({
          message: own || message?.trim() || `failed expression: ${expression.trim()}`,
          reason: reason ?? 'Invalid',
        });
      }
      return found;
    },
  };
}

function evaluated(compiled: Compiled, text: string, variables: Readonly<Record<string, unknown>>): string {
  try {
    const value = run(compiled, text, variables);
    const message = typeof value === 'string' ? value.trim() : '';
    return message.includes('\n') || Buffer.byteLength(message) > LONGEST_MESSAGE ? '' : message;
  } catch {
    // As on the server: a message that cannot be made is replaced by the fixed one.
    return '';
  }
}

/** `variables.name`: computed when it is first asked for, once. */
function lazily(
  shared: readonly { readonly name: string; readonly compiled: Compiled }[],
  variables: Record<string, unknown>,
): object {
  const all = {};
  for (const { name, compiled } of shared) {
    let known: { readonly value: unknown } | undefined;
    Object.defineProperty(all, name, {
      enumerable: true,
      get() {
        known ??= { value: variableValue(name, compiled, variables) };
        return known.value;
      },
    });
  }
  return all;
}

function variableValue(name: string, compiled: Compiled, variables: Record<string, unknown>): unknown {
  if ('failure' in compiled)
    throw new CelFailure(`composited variable "${name}" fails to compile: ${compiled.failure}`);
  try {
    return compiled.program.run(variables);
  } catch (error) {
    throw new CelFailure(`composited variable "${name}" fails to evaluate: ${(error as Error).message}`);
  }
}

function authorizerOf(attempt: Attempt, authorizer: Authorizer): CelAuthorizer {
  const ask = ({ account, ...deed }: CelQuestion): CelVerdict => {
    const user = account === undefined ? attempt.user : accountUser(...account);
    return authorizer.authorize({ user, ...deed });
  };
  const { group, plural: resource, name, namespace, subresource } = attempt;
  const own = { group, resource, name, ...(namespace && { namespace }), ...(subresource && { subresource }) };
  return new CelAuthorizer(ask, new CelResourceCheck(ask, own));
}

function inputs(
  attempt: Attempt,
  param: KubeObject | undefined,
  authorizer: Authorizer | undefined,
): Record<string, unknown> {
  const { group, version, kind, plural, name, namespace = '', subresource = '', operation, user, dryRun } = attempt;
  const request = {
    kind: { group, version, kind },
    resource: { group, version, resource: plural },
    subResource: subresource,
    requestKind: { group, version, kind },
    requestResource: { group, version, resource: plural },
    requestSubResource: subresource,
    name,
    namespace,
    operation,
    userInfo: userInfo(user),
    dryRun,
    options: attempt.options,
  };
  const isNamespace = group === '' && kind === 'Namespace';
  const found =
    isNamespace || namespace === '' ? undefined : attempt.context.store.get(NAMESPACES, undefined, namespace);
  return {
    object: attempt.object === undefined ? null : plainValue(attempt.object),
    oldObject: attempt.before === undefined ? null : plainValue(attempt.before),
    request: plainValue(request),
    params: param === undefined ? null : plainValue(param),
    namespaceObject: found === undefined ? null : plainValue(found),
    authorizer: authorizer === undefined ? null : authorizerOf(attempt, authorizer),
  };
}
