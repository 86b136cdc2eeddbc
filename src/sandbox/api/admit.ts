import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import type { Attempt } from '../admission/plugin.ts';
import { type Call, contextOf } from './call.ts';
import type { ServerParts } from './parts.ts';

/** The write as admission sees it. */
export function attemptOf(
  parts: ServerParts,
  call: Call,
  operation: Attempt['operation'],
  object: MutableJsonObject | undefined,
  before: KubeObject | undefined,
  name: string = call.name,
): Attempt {
  const { kind } = call;
  return {
    operation,
    resource: kind.resource,
    group: kind.group,
    version: call.version,
    plural: kind.plural,
    kind: kind.kind,
    subresource: call.subresource,
    namespace: kind.resource === 'namespaces' ? name : call.namespace,
    name,
    object,
    before,
    user: call.user,
    dryRun: call.dryRun,
    options: call.options,
    context: contextOf(parts, call),
  };
}

/** Mutating plugins, in the order of the chain. No promise is made unless a plugin makes one. */
export function mutate(parts: ServerParts, attempt: Attempt): void | Promise<void> {
  return inTurn(parts, attempt, 'mutate', 0);
}

export function validate(parts: ServerParts, attempt: Attempt): void | Promise<void> {
  return inTurn(parts, attempt, 'validate', 0);
}

function inTurn(parts: ServerParts, attempt: Attempt, step: 'mutate' | 'validate', from: number): void | Promise<void> {
  const { admission } = parts;
  for (let at = from; at < admission.length; at++) {
    const waiting = admission[at]?.[step]?.(attempt);
    if (waiting instanceof Promise) return waiting.then(() => inTurn(parts, attempt, step, at + 1));
  }
}
