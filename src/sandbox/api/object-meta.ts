import { isJsonObject, type MutableJson, type MutableJsonObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { badRequest } from '../status/refusal.ts';
import type { Call } from './call.ts';

/** The metadata of a body; made when there is none, for nothing can be stored without. */
export function metaOf(body: MutableJsonObject): MutableJsonObject {
  const { metadata } = body;
  if (isJsonObject(metadata)) return metadata as MutableJsonObject;
  const made: MutableJsonObject = {};
  body.metadata = made;
  return made;
}

const SYSTEM_FIELDS = ['creationTimestamp', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'];

/** A client may not say when and as what an object came to be. */
export function wipeSystemFields(meta: MutableJsonObject): void {
  for (const field of SYSTEM_FIELDS) delete meta[field];
}

/** The namespace of the URL and that of the body must agree; an empty one is filled in. */
export function matchNamespace(meta: MutableJsonObject, call: Call): void {
  const wanted = call.kind.namespaced ? (call.namespace ?? '') : '';
  const own = typeof meta.namespace === 'string' ? meta.namespace : '';
  if (own === wanted) {
    if (wanted === '') delete meta.namespace;
    return;
  }
  if (own === '') meta.namespace = wanted;
  else if (wanted === '') delete meta.namespace;
  else throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

const DUPLICATES = '.metadata.ownerReferences contains duplicate entries';
const ADVICE = 'please fix your requests; duplicate UID(s) observed:';

/** Owner references that are equal in everything are one. */
export function dedupOwners(meta: MutableJsonObject, call: Call, afterAdmission: boolean): void {
  const owners = meta.ownerReferences;
  if (!Array.isArray(owners) || owners.length < 2) return;
  const kept: MutableJson[] = [];
  const twice: string[] = [];
  for (const owner of owners) {
    if (!kept.some((other) => sameJson(other, owner))) kept.push(owner);
    else if (isJsonObject(owner)) twice.push(String(owner.uid));
  }
  if (twice.length === 0) return;
  meta.ownerReferences = kept;
  call.warnings.add(
    afterAdmission
      ? `${DUPLICATES} after mutating admission happens; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; ${ADVICE} ${twice.join(', ')}`
      : `${DUPLICATES}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; ${ADVICE} ${twice.join(', ')}`,
  );
}

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const LONGEST_BASE = 58;

/** A name made from `metadata.generateName`: five characters that spell no words. */
export function generatedName(base: string, random: () => number): string {
  let name = base.slice(0, LONGEST_BASE);
  for (let count = 0; count < 5; count++) name += ALPHABET[Math.floor(random() * ALPHABET.length)];
  return name;
}

/** Maps and lists of metadata that are empty are not there; neither are nulls. */
export function tidyMeta(meta: MutableJsonObject): void {
  for (const key of Object.keys(meta)) {
    const value = meta[key];
    if (
      value === null ||
      value === '' ||
      (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    )
      delete meta[key];
  }
  if (meta.generation === 0) delete meta.generation;
}

/** kind, apiVersion, metadata first, as the server writes them. */
export function inOrder(body: MutableJsonObject): MutableJsonObject {
  const { kind, apiVersion, metadata, ...rest } = body;
  return { kind, apiVersion, metadata, ...rest } as MutableJsonObject;
}
