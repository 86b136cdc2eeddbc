import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { badRequest, refusal } from '../status/refusal.ts';
import { copyJson } from './json-text.ts';

type Node = Json[] | Record<string, Json>;

/** The real server does not say which operation failed, nor why. */
const failed = (_why: string) =>
  refusal({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

/** RFC 6902 with the words of the library that the real server uses. Nothing given is changed. */
export function applyOperations(before: Json, operations: readonly JsonObject[]): Json {
  let root = copyJson(before) as Json;
  for (const operation of operations) root = applyOne(root, operation);
  return root;
}

function applyOne(root: Json, operation: JsonObject): Json {
  const op = String(operation.op);
  const path = textOf(operation, 'path');
  switch (op) {
    case 'add':
      return add(root, path, copyJson(givenValue(operation)) as Json, 'add');
    case 'remove':
      return removeAt(root, path, 'remove');
    case 'replace': {
      if (path === '') return copyJson(givenValue(operation)) as Json;
      const { holder, last } = holderOf(root, path, 'replace');
      // Of a map the server's library replaces what is not there.
      if (Array.isArray(holder) && get(holder, last) === undefined)
        throw failed(`replace operation does not apply: doc is missing key: ${path}: missing value`);
      put(holder, last, copyJson(givenValue(operation)) as Json);
      return root;
    }
    case 'move': {
      const from = textOf(operation, 'from');
      const { holder, last } = holderOf(root, from, 'move');
      const value = get(holder, last);
      if (value === undefined)
        throw failed(`move operation does not apply: doc is missing from path: ${from}: missing value`);
      return add(removeAt(root, from, 'move'), path, value, 'move');
    }
    case 'copy': {
      const from = textOf(operation, 'from');
      const { holder, last } = holderOf(root, from, 'copy');
      const value = get(holder, last);
      if (value === undefined && Array.isArray(holder))
        throw failed(`copy operation does not apply: doc is missing from path: ${from}: missing value`);
      return add(root, path, value === undefined ? null : (copyJson(value) as Json), 'copy');
    }
    case 'test':
      return test(root, path, operation);
    default:
      throw failed(`Unexpected kind: ${op}`);
  }
}

function test(root: Json, path: string, operation: JsonObject): Json {
  const wanted = operation.value ?? null;
  if (path === '') {
    if (sameJson(root, wanted)) return root;
    throw failed(`testing path ${path} failed: test failed`);
  }
  const { holder, last } = holderOf(root, path, 'test');
  const found = get(holder, last);
  if (found === undefined || found === null) {
    if (wanted === null) return root;
    throw failed(`testing value ${path} failed: test failed`);
  }
  if (!sameJson(found, wanted)) throw failed(`testing value ${path} failed: test failed`);
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

function add(root: Json, path: string, value: Json, op: string): Json {
  if (path === '') return value;
  const { holder, last } = holderOf(root, path, op);
  if (!Array.isArray(holder)) {
    put(holder, last, value);
    return root;
  }
  if (last === '-') holder.push(value);
  else {
    const index = Number(last);
    if (!Number.isInteger(index) || last === '')
      throw failed(
        `${op} operation does not apply: error in add for path: '${path}': strconv.Atoi: parsing ${JSON.stringify(last)}: invalid syntax`,
      );
    const place = index < 0 ? index + holder.length + 1 : index;
    if (place < 0 || place > holder.length)
      throw failed(
        `${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: Unable to access invalid index: ${index}: invalid index referenced`,
      );
    holder.splice(place, 0, value);
  }
  return root;
}

function removeAt(root: Json, path: string, op: string): Json {
  const { holder, last } = holderOf(root, path, op);
  if (get(holder, last) === undefined) {
    if (Array.isArray(holder))
      throw failed(
        `${op} operation does not apply: error in remove for path: '${path}': Unable to access invalid index: ${last}: invalid index referenced`,
      );
    throw failed(`error in remove for path: '${path}': Unable to remove nonexistent key: ${last}: missing value`);
  }
  if (Array.isArray(holder)) holder.splice(indexOf(holder, last), 1);
  else delete holder[last];
  return root;
}

function holderOf(root: Json, path: string, op: string): { holder: Node; last: string } {
  const words = path
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = words.pop();
  let at: Json | undefined = root;
  if (last !== undefined) for (const word of words) at = isNode(at) ? get(at, word) : undefined;
  if (last === undefined || !isNode(at))
    throw failed(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
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
