import type { KubeObject, OwnerReference } from '../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName } from '../objects/key.ts';
import { type LabelSelector, labelSelector } from '../objects/label-selector.ts';
import { timesManaged } from '../objects/lean-body.ts';
import { ownersOf } from '../objects/owners.ts';
import { expand } from '../objects/pattern.ts';
import { getAt } from '../objects/pointer.ts';
import { type UidFinder, uidFinder } from '../objects/uid-scan.ts';
import { knowledgeFault } from './codes.ts';
import type { System } from './language.ts';
import { type OwnerKinds, RuleBook } from './rule-book.ts';
import { type Entry, surveyObject } from './survey-object.ts';
import type { Survey, SurveyedObject } from './surveyed.ts';
import { SYSTEMS } from './systems.ts';
import { type CapturedResource, type Kind, Vocabulary } from './vocabulary.ts';

export type { Survey, SurveyedObject } from './surveyed.ts';

export interface SurveyInput {
  readonly resources: readonly CapturedResource[];
  /** Every object of the point; index is the row. */
  readonly entries: readonly Entry[];
  /** The point's CustomResourceDefinitions: they name categories and status subresources. */
  readonly definitions: readonly KubeObject[];
  /** What the person wants back; absent: everything. */
  readonly selection?: { readonly namespaces?: readonly string[]; readonly selector?: string };
  /** Default: every known system. */
  readonly systems?: readonly System[];
}

/** Takes the objects of a point one by one, in any order, and keeps no body. */
export interface Surveyor {
  /** `text` is the raw JSON of the object. `whole` gives it with the sets of its managed fields, where `body` is without them (`parseLean`). */
  add(row: number, body: KubeObject, text: string, whole?: () => KubeObject): void;
  /** Faults with `SURVEY-INCOMPLETE` when an object was not given. */
  finish(): Survey;
}

const NO_OWNERS: OwnerKinds = { kinds: [], controlled: false };
const NO_MENTIONS: ReadonlySet<string> = new Set();

export function startSurvey(input: SurveyInput): Surveyor {
  const { entries } = input;
  const systems = input.systems ?? SYSTEMS;
  const vocabulary = new Vocabulary(input.resources, input.definitions);
  const book = new RuleBook(systems, vocabulary);
  const byUid = new Map(entries.map((entry) => [entry.uid.toLowerCase(), entry.row]));
  const keys = entries.map((entry) => keyTextOf(entry.resource, entry.namespace, entry.name));
  const byKey = new Map<KeyText, number>(entries.map((entry, index) => [keys[index] ?? ('' as KeyText), entry.row]));
  const texts = new Map<string, string>();
  const finder = uidFinder(entries.map((entry) => entry.uid));
  const selected = selectionOf(input);
  const objects: SurveyedObject[] = new Array(entries.length);

  // A hundred thousand objects name the same few owners and kinds: one text of each is kept, not one an object.
  const once = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  const keptOwner = (owner: OwnerReference): OwnerReference => {
    const entry = entries[byUid.get(owner.uid.toLowerCase()) ?? -1];
    return {
      ...owner,
      apiVersion: once(owner.apiVersion),
      kind: once(owner.kind),
      name: entry?.name === owner.name ? entry.name : owner.name,
      uid: entry?.uid === owner.uid ? entry.uid : owner.uid,
    };
  };
  const keptKey = (key: KeyText): KeyText => keys[byKey.get(key) ?? -1] ?? key;
  const resourceOfUid = (uid: string): ResourceName | undefined => entries[byUid.get(uid) ?? -1]?.resource;
  const ownersKnown = (object: KubeObject): OwnerKinds => {
    const owners = ownersOf(object);
    if (owners.length === 0) return NO_OWNERS;
    const known = owners.flatMap((owner) => {
      const resource = resourceOfUid(owner.uid.toLowerCase());
      const kind = resource === undefined ? undefined : vocabulary.ofResource(resource);
      return kind === undefined ? [] : [{ kind, controller: owner.controller === true }];
    });
    return { kinds: known.map(({ kind }) => kind), controlled: known.some(({ controller }) => controller) };
  };

  return {
    add(row, body, text, whole = () => body) {
      const entry = entries[row];
      const kind = entry === undefined ? undefined : vocabulary.ofResource(entry.resource);
      if (entry === undefined || kind === undefined) {
        throw knowledgeFault('SURVEY-UNKNOWN', `row ${row} is of no resource that the point lists`);
      }
      objects[row] = surveyObject(entry, body, {
        key: keys[row] ?? keyTextOf(entry.resource, entry.namespace, entry.name),
        keptOwner,
        keptKey,
        vocabulary,
        book,
        page: book.pageOf(kind),
        kind,
        owners: ownersKnown(body),
        selected: selected(entry.namespace, body),
        mentioned: mentionedIn(finder, body, text),
        resourceOfUid,
        whole,
        webhookSystem: (object) => webhookSystem(systems, kind, object),
      });
    },
    finish() {
      const missing = entries.find((entry) => objects[entry.row] === undefined);
      if (missing !== undefined)
        throw knowledgeFault('SURVEY-INCOMPLETE', `${missing.name} of ${missing.resource} was never read`);
      return { objects, byKey, byUid, vocabulary };
    },
  };
}

/**
 * UIDs in the text, unless there are none besides those that every object carries by right: its own once, and its owners' once in
 * their references and once in the managed fields of each who wrote those.
 */
function mentionedIn(finder: UidFinder, body: KubeObject, text: string): ReadonlySet<string> {
  const hits = finder.hits(text, body.kind === 'Secret' || body.binaryData !== undefined);
  const timesFound = (uid: string): number => {
    let found = 0;
    for (const hit of hits) if (hit === uid) found++;
    return found;
  };
  let byRight = 0;
  const own = body.metadata.uid?.toLowerCase();
  if (own !== undefined) {
    if (timesFound(own) !== 1) return new Set(hits);
    byRight = 1;
  }
  for (const { uid } of ownersOf(body)) {
    const found = timesFound(uid.toLowerCase());
    if (found === 0 || timesManaged(text, uid, found - 1) !== found - 1) return new Set(hits);
    byRight += found;
  }
  return hits.length === byRight ? NO_MENTIONS : new Set(hits);
}

function selectionOf(input: SurveyInput): (namespace: string | undefined, body: KubeObject) => boolean {
  const namespaces = input.selection?.namespaces;
  const text = input.selection?.selector;
  const selector: LabelSelector | undefined = text === undefined ? undefined : labelSelector(text);
  return (namespace, body) => {
    // The Namespace itself belongs to what is asked for by its name.
    const place = namespace ?? (body.apiVersion === 'v1' && body.kind === 'Namespace' ? body.metadata.name : undefined);
    if (namespaces !== undefined && (place === undefined || !namespaces.includes(place))) return false;
    return selector === undefined || selector(body.metadata.labels ?? {});
  };
}

const WEBHOOKS = /^(mutating|validating)webhookconfigurations\.admissionregistration\.k8s\.io$/;

/** The system whose webhook configuration this is: by name, or because every rule in it speaks of the groups of one system. */
export function webhookSystem(
  systems: readonly System[],
  kind: Pick<Kind, 'resource'>,
  object: KubeObject,
): string | undefined {
  if (!WEBHOOKS.test(kind.resource)) return undefined;
  const held = systems.filter((system) => system.control !== undefined);
  const named = held.find((system) => system.control?.webhooks.includes(object.metadata.name ?? ''));
  if (named !== undefined) return named.id;
  const groups = expand(object, '/webhooks/*/rules/*/apiGroups/*').map((path) => getAt(object, path));
  if (groups.length === 0) return undefined;
  return held.find((system) => groups.every((group) => typeof group === 'string' && speaksOfGroup(system, group)))?.id;
}
function speaksOfGroup(system: System, group: string): boolean {
  return system.members.some((pick) =>
    (pick.groups ?? []).some((one) => (one.startsWith('.') ? group.endsWith(one) : one === group)),
  );
}
