import type { JsonObject, MutableJson, MutableJsonObject } from '../../objects/json.ts';
import type { FieldType, StrategicRule } from '../schema/field-type.ts';
import { copyJson } from './copy-json.ts';
import { goText } from './go-text.ts';
import { checkOrder, inOrder, livingOrder, mergeScalars, without } from './strategic-order.ts';
import {
  badFormat,
  DELETE_FROM,
  DIRECTIVE,
  isMap,
  noMergeKey,
  ORDER,
  PatchProblem,
  RETAIN,
  sameKind,
  wrongType,
} from './strategic-terms.ts';
import { typeUnder } from './type-walk.ts';

/**
 * What an object of a built-in kind becomes by a strategic merge patch, with all directives; a new object. Nothing that is
 * given is changed. Refuses patches of a wrong form with 400, 422 or 500 in the words of the server.
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, type: FieldType): MutableJsonObject {
  try {
    return mergeMap(copyJson(original) as MutableJsonObject, copyJson(patch) as MutableJsonObject, type);
  } catch (error) {
    if (error instanceof PatchProblem) throw error.refusal();
    throw error;
  }
}

/** Both are changed. */
function mergeMap(original: MutableJsonObject, patch: MutableJsonObject, type: FieldType): MutableJsonObject {
  const directive = patch[DIRECTIVE];
  if (directive !== undefined) return mapDirective(directive, patch);
  retainKeys(original, patch);
  orderLists(original, patch, type);
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    if (value === undefined) continue;
    const deletes = name.startsWith(DELETE_FROM);
    const key = deletes ? keyAfter(name, DELETE_FROM) : name;
    if (value === null) {
      delete original[key];
      continue;
    }
    const there = original[key];
    if (there === undefined || !sameKind(there, value)) {
      if (!deletes) setWithoutDirectives(original, key, value);
    } else if (isMap(there) && isMap(value)) {
      const rule = ruleOf(type, key);
      original[key] = strategyOf(rule) === 'replace' ? value : mergeMap(there, value, under(type, key));
    } else if (Array.isArray(there) && Array.isArray(value)) {
      const rule = ruleOf(type, key);
      original[key] =
        strategyOf(rule) === 'merge' || deletes
          ? mergeList(there, value, itemsUnder(type, key), rule?.mergeKey ?? '', deletes)
          : value;
    } else setWithoutDirectives(original, key, value);
  }
  return original;
}

function mapDirective(directive: MutableJson, patch: MutableJsonObject): MutableJsonObject {
  if (directive === 'replace') {
    delete patch[DIRECTIVE];
    return patch;
  }
  if (directive === 'delete') return {};
  throw new PatchProblem(500, `unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
}

function retainKeys(original: MutableJsonObject, patch: MutableJsonObject): void {
  const kept = patch[RETAIN];
  if (kept === undefined) return;
  delete patch[RETAIN];
  if (!Array.isArray(kept)) throw badFormat('retainKeys');
  const names = new Set<MutableJson>(kept);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM) || key.startsWith(ORDER)) continue;
    if (!names.has(key)) throw badFormat('retainKeys');
  }
  for (const key of Object.keys(original)) if (!names.has(key)) delete original[key];
}

/** The lists whose order the patch tells; they are done with afterwards. */
function orderLists(original: MutableJsonObject, patch: MutableJsonObject, type: FieldType): void {
  for (const name of Object.keys(patch)) {
    if (!name.startsWith(ORDER)) continue;
    const order = patch[name];
    delete patch[name];
    if (!Array.isArray(order)) throw wrongType('[]interface {}', order);
    const key = keyAfter(name, ORDER);
    const there = original[key];
    const sent = patch[key];
    if (there !== undefined && !Array.isArray(there)) throw wrongType('[]interface {}', there);
    if (sent !== undefined && !Array.isArray(sent)) throw wrongType('[]interface {}', sent);
    const rule = ruleOf(type, key);
    const mergeKey = rule?.mergeKey ?? '';
    checkOrder(sent ?? [], order, mergeKey);
    if (there === undefined && sent === undefined) continue;
    let merged: MutableJson[];
    if (sent === undefined) merged = [...(there ?? [])];
    else if (there === undefined) merged = withoutDirectives(sent) as MutableJson[];
    else if (strategyOf(rule) === 'merge') merged = mergeList([...there], sent, itemsUnder(type, key), mergeKey, false);
    else merged = sent;
    original[key] = inOrder(merged, order, livingOrder(there ?? [], sent ?? [], mergeKey), mergeKey);
    delete patch[key];
  }
}

function mergeList(
  original: MutableJson[],
  patch: MutableJson[],
  items: FieldType,
  mergeKey: string,
  deletes: boolean,
): MutableJson[] {
  if (original.length === 0 && patch.length === 0) return original;
  const sample = [...original, ...patch];
  if (sample.some((item) => Array.isArray(item))) throw new PatchProblem(422, 'lists of lists are not supported');
  if (!sample.every((item) => sameKind(item, sample[0] ?? null)))
    throw new PatchProblem(500, `list element types are not identical: ${goText([original, patch])}`);
  if (!isMap(sample[0])) {
    if (deletes) return original.filter((item) => !patch.includes(item));
    return inOrder(mergeScalars(original, patch), patch, original, mergeKey);
  }
  if (mergeKey === '') throw new PatchProblem(500, 'cannot merge lists without merge key for struct');
  const special = withSpecialItems(original as MutableJsonObject[], patch as MutableJsonObject[], mergeKey);
  const merged = mergeItems([...special.original], special.patch, mergeKey, items);
  return inOrder(merged, special.patch, special.original, mergeKey);
}

interface Lists {
  readonly original: MutableJsonObject[];
  readonly patch: MutableJsonObject[];
}

/** Carries out `$patch: delete` and `$patch: replace` of items. */
function withSpecialItems(original: MutableJsonObject[], patch: MutableJsonObject[], mergeKey: string): Lists {
  const ordinary: MutableJsonObject[] = [];
  let kept = original;
  let replaces = false;
  for (const item of patch) {
    const directive = item[DIRECTIVE];
    if (directive === undefined) ordinary.push(item);
    else if (directive === 'delete') {
      const value = item[mergeKey];
      if (value === undefined) throw noMergeKey(item, mergeKey);
      kept = without(kept, mergeKey, value);
    } else if (directive === 'replace') replaces = true;
    else if (directive === 'merge') throw new PatchProblem(500, 'merging lists cannot yet be specified in the patch');
    else throw new PatchProblem(500, `unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
  }
  return replaces ? { original: ordinary, patch: [] } : { original: kept, patch: ordinary };
}

function mergeItems(
  original: MutableJsonObject[],
  patch: readonly MutableJsonObject[],
  mergeKey: string,
  items: FieldType,
): MutableJsonObject[] {
  for (const item of patch) {
    const value = item[mergeKey];
    if (value === undefined) throw noMergeKey(item, mergeKey);
    const at = original.findIndex((one) => one[mergeKey] === value);
    const there = original[at];
    if (there === undefined) original.push(item);
    else original[at] = mergeMap(there, item, items);
  }
  return original;
}

function setWithoutDirectives(original: MutableJsonObject, key: string, value: MutableJson): void {
  discardNulls(value);
  const kept = withoutDirectives(value);
  if (kept === undefined) delete original[key];
  else original[key] = kept;
}

function discardNulls(value: MutableJson): void {
  if (Array.isArray(value)) for (const item of value) discardNulls(item);
  else if (isMap(value))
    for (const [key, item] of Object.entries(value)) {
      if (item === null) delete value[key];
      else if (item !== undefined) discardNulls(item);
    }
}

/** Undefined for a map that is itself a directive. */
function withoutDirectives(value: MutableJson): MutableJson | undefined {
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const kept = withoutDirectives(item);
      return kept === undefined ? [] : [kept];
    });
  if (!isMap(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const kept = item === undefined ? undefined : withoutDirectives(item);
    if (kept === undefined) delete value[key];
    else value[key] = kept;
  }
  return value;
}

function keyAfter(name: string, prefix: string): string {
  if (name[prefix.length] === '/') return name.slice(prefix.length + 1);
  throw badFormat(prefix === ORDER ? 'setElementOrder list' : 'primitive list');
}

const ruleOf = (type: FieldType, key: string): StrategicRule | undefined =>
  type.kind === 'struct' ? type.patchStrategies?.get(key) : undefined;
const strategyOf = (rule: StrategicRule | undefined): string | undefined =>
  rule?.strategies.find((strategy) => strategy !== 'retainKeys');
const UNTYPED: FieldType = { kind: 'untyped' };
const under = (type: FieldType, key: string): FieldType => typeUnder(type, key) ?? UNTYPED;
function itemsUnder(type: FieldType, key: string): FieldType {
  const list = typeUnder(type, key);
  return list?.kind === 'list' ? list.items : UNTYPED;
}
