import type { MutableJson, MutableJsonObject } from '../../objects/json.ts';
import { putOwn } from '../../objects/json.ts';

/** A copy that may be changed in place. Members that are undefined are left out. */
export function copyJson(value: unknown): MutableJson {
  if (typeof value !== 'object' || value === null) return value as MutableJson;
  if (Array.isArray(value)) {
    const copy: MutableJson[] = new Array(value.length);
    for (let index = 0; index < value.length; index++) copy[index] = copyJson(value[index]);
    return copy;
  }
  const copy: MutableJsonObject = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    if (key === '__proto__') putOwn(copy, key, copyJson(member));
    else copy[key] = copyJson(member);
  }
  return copy;
}

export const copyObject = (value: object): MutableJsonObject => copyJson(value) as MutableJsonObject;
