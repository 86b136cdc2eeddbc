import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { badRequest, refusal } from '../status/refusal.ts';
import { copyJson } from './json-text.ts';

type Node = Json[] | Record<string, Json>;

/** The real server does not say which operation failed, nor why. */
const failed = () =>
  refusal({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

/**
 * RFC 6902 as the library of the real server has it: negative indexes, and `replace` of what a map lacks, which the strict one of
 * `objects` refuses. Nothing given is changed.
 */
export function applyOperations(before: Json, operations: readonly JsonObject[]): Json {
  let root = copyJson(before) as Json;
  for (const operation of operations) root = applyOne(root, operation);
  return root;
}

function applyOne(root: Json, operation: JsonObject): Json {
  const path = textOf(operation, 'path');
  switch (String(operation.op)) {
    case 'add':
      return add(root, path, copyJson(givenValue(operation)) as Json);
    case 'remove':
      return removeAt(root, path);
    case 'replace': {
      if (path === '') return copyJson(givenValue(operation)) as Json;
      const { holder, last } = holderOf(root, path);
      // Of a map the server's library replaces what is not there.
      if (Array.isArray(holder) && get(holder, last) === undefined) throw failed();
      put(holder, last, copyJson(givenValue(operation)) as Json);
      return root;
    }
    case 'move': {
      const from = textOf(operation, 'from');
      const { holder, last } = holderOf(root, from);
      const value = get(holder, last);
      if (value === undefined) throw failed();
      return add(removeAt(root, from), path, value);
    }
    case 'copy': {
      const from = textOf(operation, 'from');
      const { holder, last } = holderOf(root, from);
      const value = get(holder, last);
      if (value === undefined && Array.isArray(holder)) throw failed();
      return add(root, path, value === undefined ? null : (copyJson(value) as Json));
    }
    case 'test':
      return test(root, path, operation);
    default:
      throw failed();
  }
}

function test(root: Json, path: string, operation: JsonObject): Json {
  const wanted = operation.value ?? null;
  if (path === '') {
    if (sameJson(root, wanted)) return root;
    throw failed();
  }
  const { holder, last } = holderOf(root, path);
  const found = get(holder, last);
  if (found === undefined || found === null) {
    if (wanted === null) return root;
    throw failed();
  }
  if (!sameJson(found, wanted)) throw failed();
  return root;
}

function givenValue(operation: JsonObject): Json {
  return operation.value ?? null;
}

function textOf(operation: JsonObject, field: string): string {
  const text = operation[field];
  if (typeof text !== 'string')
    throw badRequest(`${String(operation.op)} operation failed to decode ${field}: missing value`);
  return text;
}

function add(root: Json, path: string, value: Json): Json {
  if (path === '') return value;
  const { holder, last } = holderOf(root, path);
  if (!Array.isArray(holder)) {
    put(holder, last, value);
    return root;
  }
  if (last === '-') holder.push(value);
  else {
    const index = Number(last);
    if (!Number.isInteger(index) || last === '') throw failed();
    const place = index < 0 ? index + holder.length + 1 : index;
    if (place < 0 || place > holder.length) throw failed();
    holder.splice(place, 0, value);
  }
  return root;
}

function removeAt(root: Json, path: string): Json {
  const { holder, last } = holderOf(root, path);
  if (get(holder, last) === undefined) throw failed();
  if (Array.isArray(holder)) holder.splice(indexOf(holder, last), 1);
  else delete holder[last];
  return root;
}

function holderOf(root: Json, path: string): { holder: Node; last: string } {
  const words = path
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = words.pop();
  let at: Json | undefined = root;
  if (last !== undefined) for (const word of words) at = isNode(at) ? get(at, word) : undefined;
  if (last === undefined || !isNode(at)) throw failed();
  return { holder: at, last };
}

const isNode = (value: Json | undefined): value is Node => Array.isArray(value) || isJsonObject(value);

const indexOf = (list: readonly Json[], word: string): number => {
  const index = Number(word);
  return index < 0 ? index + list.length : index;
};

function get(holder: Node, word: string): Json | undefined {
  if (Array.isArray(holder)) return holder[indexOf(holder, word)];
  return Object.hasOwn(holder, word) ? holder[word] : undefined;
}

function put(holder: Node, word: string, value: Json): void {
  if (Array.isArray(holder)) holder[indexOf(holder, word)] = value;
  else if (word === '__proto__')
    Object.defineProperty(holder, word, { value, enumerable: true, configurable: true, writable: true });
  else holder[word] = value;
}
