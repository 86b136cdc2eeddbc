import { isJsonObject, type Json, type JsonObject, type KubeObject } from './json.ts';
import type { Uid } from './key.ts';
import { formatPointer } from './pointer-text.ts';
import { dashedUidAt, UID_LENGTH, type UidForm, visitUids } from './uid-text.ts';

export { candidateUids, type UidFinder, uidFinder } from './uid-scan.ts';
export type { UidForm } from './uid-text.ts';

/** One place in an object where a UID stands. `uid` is dashed and lower case, however it stands there. */
export interface Mention {
  /** Pointer to the string, or to the map key (its last segment is the key). */
  readonly path: string;
  readonly place: 'value' | 'key';
  readonly uid: Uid;
  readonly form: UidForm;
  /** The string, or the key, is nothing but the UID. */
  readonly whole: boolean;
  /** The string is base64 (Secret `data`, `binaryData`) and the UID stands in what it decodes to, as does `whole`. */
  readonly encoded?: true;
}

export interface MentionOptions {
  /** Also the object's own `metadata.uid` and the UIDs of its owner references. Default false: those are no mentions. */
  readonly own?: boolean;
}

/**
 * Whether a dashed lower-case UID is one of those looked for: true, or a number from 0 up (a row). False or a negative number
 * is no. The test is needed: a text of 32 hex digits is more often a hash than a UID.
 */
export type IsUid = (uid: string) => boolean | number;

/**
 * Every place in the object where a UID stands for which `isUid` says yes: in strings and in map keys, dashed or bare, in any
 * case, inside longer words, in base64 data, and in managed fields (as `/metadata/managedFields/3/...`).
 */
export function mentionsOf(object: KubeObject, isUid: IsUid, options: MentionOptions = {}): Mention[] {
  const search = new Search(isUid);
  for (const [field, value] of Object.entries(object)) {
    search.key(field);
    search.path.push(field);
    if (field === 'metadata' && options.own !== true) search.metadata(value as JsonObject);
    else if (field === 'binaryData' || (field === 'data' && object.kind === 'Secret')) search.encoded(value as Json);
    else search.value(value as Json);
    search.path.pop();
  }
  return search.found;
}

class Search {
  readonly found: Mention[] = [];
  readonly path: (string | number)[] = [];
  readonly #isUid: IsUid;

  constructor(isUid: IsUid) {
    this.#isUid = isUid;
  }

  value(value: Json | undefined): void {
    if (typeof value === 'string') this.text(value, 'value');
    else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        this.path.push(index);
        this.value(value[index]);
        this.path.pop();
      }
    } else if (isJsonObject(value)) this.members(value, (member) => this.value(member));
  }

  members(map: JsonObject, visit: (member: Json | undefined, key: string) => void): void {
    for (const key in map) {
      this.key(key);
      this.path.push(key);
      visit(map[key], key);
      this.path.pop();
    }
  }

  key(key: string): void {
    this.path.push(key);
    this.text(key, 'key');
    this.path.pop();
  }

  metadata(metadata: JsonObject): void {
    this.members(metadata, (member, key) => {
      if (key === 'uid') return;
      if (key !== 'ownerReferences' || !Array.isArray(member)) this.value(member);
      else for (const [index, owner] of member.entries()) this.owner(owner as Json, index);
    });
  }

  owner(owner: Json, index: number): void {
    this.path.push(index);
    if (isJsonObject(owner)) this.members(owner, (member, key) => (key === 'uid' ? undefined : this.value(member)));
    this.path.pop();
  }

  encoded(data: Json): void {
    if (!isJsonObject(data)) this.value(data);
    else
      this.members(data, (member) => {
        if (typeof member !== 'string') this.value(member);
        else if (member.length > 42) this.text(Buffer.from(member, 'base64').toString('latin1'), 'value', true);
      });
  }

  text(text: string, place: Mention['place'], encoded = false): void {
    if (text.length < 32) return;
    visitUids(text, (start, form) => {
      const uid = dashedUidAt(text, start, form);
      const answer = this.#isUid(uid);
      if (answer === false || (typeof answer === 'number' && answer < 0)) return false;
      const whole = text.length === UID_LENGTH[form];
      const mention = { path: formatPointer(this.path), place, uid: uid as Uid, form, whole };
      this.found.push(encoded ? { ...mention, encoded } : mention);
      return true;
    });
  }
}
