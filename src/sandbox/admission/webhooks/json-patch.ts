import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from '../../../objects/json.ts';
import { applyJsonPatch, type PatchOperation } from '../../../objects/json-patch.ts';
import { getAt } from '../../../objects/pointer.ts';
import { internalError } from '../../status/refusal.ts';

/** The object after a webhook's patch; throws the 500 of a patch that does not apply. */
export function patched(object: JsonObject, operations: readonly PatchOperation[]): MutableJsonObject {
  let value: Json = object;
  for (const operation of operations) {
    const applied = attempt(value, operation);
    if (applied === undefined) throw internalError(problemOf(operation));
    value = applied;
  }
  return structuredClone(value) as MutableJsonObject;
}

/** The server's library lets `replace` set a member of a map that is not there. */
function attempt(value: Json, operation: PatchOperation): Json | undefined {
  try {
    const parent = getAt(value, operation.path.slice(0, Math.max(0, operation.path.lastIndexOf('/'))));
    const sets = operation.op === 'replace' && isJsonObject(parent);
    return applyJsonPatch(value, [sets ? { op: 'add', path: operation.path, value: operation.value } : operation]);
  } catch {
    return undefined;
  }
}

function problemOf(operation: PatchOperation): string {
  const { op, path } = operation;
  const quoted = JSON.stringify(path);
  switch (op) {
    case 'remove':
      return `error in remove for path: '${path}': Unable to remove nonexistent key: ${path.slice(path.lastIndexOf('/') + 1)}: missing value`;
    case 'test':
      return `testing value ${path} failed: test failed`;
    default:
      return `${op} operation does not apply: doc is missing path: ${quoted}: missing value`;
  }
}
