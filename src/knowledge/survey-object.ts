import { isJsonObject, type Json, type KubeObject, type OwnerReference } from '../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName, type Uid } from '../objects/key.ts';
import { mentionsOf } from '../objects/mentions.ts';
import { ownersOf } from '../objects/owners.ts';
import { expand, matchesPattern } from '../objects/pattern.ts';
import { getAt } from '../objects/pointer.ts';
import { sameJson } from '../objects/same-json.ts';
import { editedLeaves } from './edited-leaves.ts';
import type { MentionRule, Rule, WholeRule } from './language.ts';
import { ObjectEdits } from './object-edits.ts';
import { ObjectReferences } from './object-references.ts';
import { isWorkload, type KnownRule, type OwnerKinds, type Page, picks, type RuleBook } from './rule-book.ts';
import type { Fired, More, Remark, SurveyedObject, Treatment } from './surveyed.ts';
import type { Kind, Vocabulary } from './vocabulary.ts';
import { expression } from './where.ts';

/** What is known of an object before its body is read. */
export interface Entry {
  readonly row: number;
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: Uid;
  readonly digest: string;
}
export interface Reader {
  readonly key: KeyText;
  /** The same owner reference, holding texts that are kept anyway. */
  readonly keptOwner: (owner: OwnerReference) => OwnerReference;
  /** The same key, as the text that is kept anyway when such an object was captured. */
  readonly keptKey: (key: KeyText) => KeyText;
  readonly vocabulary: Vocabulary;
  readonly book: RuleBook;
  readonly page: Page;
  readonly kind: Kind;
  readonly owners: OwnerKinds;
  readonly selected: boolean;
  /** UIDs of other captured objects that the raw text holds, besides its own and its owners'. */
  readonly mentioned: ReadonlySet<string>;
  /** The resource of a captured UID. */
  readonly resourceOfUid: (uid: string) => ResourceName | undefined;
  /** The object with the sets of its managed fields. */
  readonly whole: () => KubeObject;
  /** Resources of held systems' webhook configurations, by name. */
  readonly webhookSystem: (object: KubeObject) => string | undefined;
}

type Grown = { -readonly [Name in keyof More]: More[Name] };
const fired = ({ rule }: KnownRule): Fired => rule;

/** Applies all knowledge to one object. */
export function surveyObject(entry: Entry, object: KubeObject, reader: Reader): SurveyedObject {
  const { kind, page, owners } = reader;
  const known = page.rules.filter(({ rule }) => picks(rule.on, object, owners));
  const { key } = reader;
  const more: Grown = {};
  const edits = new ObjectEdits(object);
  const references = new ObjectReferences(object, kind, reader, entry.namespace);
  for (const one of known) applyRule(one, { key, object, reader, more, edits, references });
  if (reader.mentioned.size > 0) applyMentions(known, key, object, reader, more, edits);
  const workload = page.workloads.find(({ pick }) => isWorkload(pick, object));
  if (workload !== undefined) more.workload = { system: workload.system, replicas: replicasOf(object) };
  const webhook = reader.webhookSystem(object);
  if (webhook !== undefined) more.webhookOf = webhook;
  if (references.claim !== undefined) more.claim = references.claim;
  return {
    ...entry,
    key,
    group: kind.group,
    version: kind.version,
    kind: kind.kind,
    terminating: object.metadata.deletionTimestamp !== undefined,
    selected: reader.selected,
    treatment: treatmentOf(known, reader.whole),
    system: page.members.find(({ pick }) => picks(pick, object, owners))?.system,
    owners: ownersOf(object).length === 0 ? ownersOf(object) : ownersOf(object).map(reader.keptOwner),
    references: references.list(),
    edits: edits.list(),
    status: statusOf(known, object, kind),
    fields: fieldsOf(object),
    more: Object.keys(more).length === 0 ? undefined : more,
  };
}

interface Site {
  readonly key: KeyText;
  readonly object: KubeObject;
  readonly reader: Reader;
  readonly more: Grown;
  readonly edits: ObjectEdits;
  readonly references: ObjectReferences;
}

/** Rules that only add to what is known; `omit`, `minted`, `status` and `mention` are asked elsewhere, the first that holds wins. */
function applyRule(known: KnownRule, site: Site): void {
  const { object, more, edits, references, key } = site;
  const { rule, system } = known;
  switch (rule.kind) {
    case 'remove':
      for (const path of expand(object, rule.path)) {
        const value = getAt(object, path);
        if (rule.matching === undefined || (typeof value === 'string' && expression(rule.matching).test(value)))
          edits.remove(path, rule.code);
      }
      return;
    case 'later': {
      const captured = getAt(object, rule.path);
      if (sameJson(captured, rule.value)) return;
      const { path, value, until } = rule;
      more.laters = [...(more.laters ?? []), { path, value, captured, until, rule: fired(known) }];
      return;
    }
    case 'yield':
      more.yields = [...(more.yields ?? []), { path: rule.path, rule: fired(known) }];
      return;
    case 'ignore':
      more.ignoring = [...(more.ignoring ?? []), rule.path];
      return;
    case 'refers':
      references.byRule(rule);
      return;
    case 'judges':
      more.judges = more.judges === 'cluster' ? 'cluster' : rule.scope;
      return;
    case 'backend':
      more.backend = backendOf(rule.paths, object, fired(known));
      return;
    case 'ready':
      more.ready = [
        ...(more.ready ?? []),
        { ready: rule.ready, needsKubelet: rule.needsKubelet, system, rule: fired(known) },
      ];
      return;
    case 'external':
      more.external = { path: rule.path, value: getAt(object, rule.path) ?? null, system };
      return;
    case 'hazard':
      more.remarks = [
        ...(more.remarks ?? []),
        { severity: rule.severity, code: rule.code, sentence: `${key}: ${rule.why}` },
      ];
      return;
    case 'whole':
      more.whole = wholeOf(rule, references);
      return;
    case 'data':
      more.data = fired(known);
      return;
    case 'unlist': {
      const list = getAt(object, rule.path);
      if (!Array.isArray(list)) return;
      const named = list.flatMap((item: Json, index) => {
        const name = isJsonObject(item) ? item.name : item;
        return typeof name === 'string'
          ? [
              {
                path: `${rule.path}/${index}`,
                to: keyTextOf(rule.to, object.metadata.namespace, name),
                rule: fired(known),
              },
            ]
          : [];
      });
      more.unlists = [...(more.unlists ?? []), ...named];
      return;
    }
    case 'found-by-owner':
      more.foundByOwner = fired(known);
      return;
    case 'omit':
    case 'minted':
    case 'status':
    case 'mention':
      return;
  }
}

function treatmentOf(known: readonly KnownRule[], whole: () => KubeObject): Treatment {
  for (const { rule } of known) {
    if (rule.kind === 'omit') {
      return {
        kind: 'omit',
        origin: rule.origin,
        rule,
        boundToo: rule.boundToo === true,
        report: rule.report === 'referrers',
      };
    }
    if (rule.kind === 'minted') return { kind: 'merge', paths: editedLeaves(whole(), rule), rule };
  }
  return { kind: 'restore' };
}

/** Custom kinds keep their status (it is their controller's memory), built-in kinds have it computed anew; rules say otherwise. */
function statusOf(known: readonly KnownRule[], object: KubeObject, kind: Kind): SurveyedObject['status'] {
  const status = object.status;
  if (!isJsonObject(status as Json) || Object.keys(status as object).length === 0) return 'leave';
  const rule = known
    .map((one) => one.rule)
    .find((one): one is Extract<Rule, { kind: 'status' }> => one.kind === 'status');
  const keep = rule?.keep ?? kind.definition !== undefined;
  if (!keep) return 'leave';
  return kind.hasStatus ? 'after' : 'inline';
}

function fieldsOf(object: KubeObject): SurveyedObject['fields'] {
  const entries = object.metadata.managedFields ?? [];
  if (entries.length === 0) return 'none';
  return entries.some((entry) => entry.operation === 'Apply') ? 'apply' : 'update';
}

function replicasOf(object: KubeObject): number {
  const replicas = getAt(object, '/spec/replicas');
  return typeof replicas === 'number' ? replicas : 1;
}

function applyMentions(
  known: readonly KnownRule[],
  key: KeyText,
  object: KubeObject,
  reader: Reader,
  more: Grown,
  edits: ObjectEdits,
): void {
  const rules = known.map(({ rule }) => rule).filter((rule): rule is MentionRule => rule.kind === 'mention');
  for (const mention of mentionsOf(object, (uid) => reader.mentioned.has(uid))) {
    const { path, place, uid, form } = mention;
    const written = !path.startsWith('/status/') || statusOf(known, object, reader.kind) !== 'leave';
    if (path.startsWith('/metadata/managedFields/') || !written || edits.covers(path)) continue;
    const resource = reader.resourceOfUid(uid);
    const rule = rules.find(
      (one) =>
        matchesPattern(one.path, path) &&
        (one.of === undefined || (resource !== undefined && reader.book.speaksOf(one.of, resource))),
    );
    if (rule === undefined || (mention.encoded === true && rule.action === 'rewrite')) {
      const sentence = `${key} holds the UID of ${resource === undefined ? 'another object' : `an object of ${resource}`} at ${path}: no rule says what becomes of it, it is written as it was`;
      remark(more, { severity: 'warning', code: 'UID-WITHOUT-RULE', sentence });
    } else if (rule.action === 'drop') edits.remove(path, rule.code);
    else if (rule.action !== 'keep')
      more.uses = [...(more.uses ?? []), { path, place, uid, form, action: rule.action, rule }];
  }
}
function remark(more: Grown, one: Remark): void {
  more.remarks = [...(more.remarks ?? []), one];
}

function backendOf(paths: readonly string[], object: KubeObject, rule: Fired): NonNullable<More['backend']> {
  const services = paths
    .flatMap((path) => expand(object, path))
    .flatMap((path) => {
      const service = getAt(object, path);
      if (!isJsonObject(service) || typeof service.name !== 'string') return [];
      return [
        keyTextOf(
          'services' as ResourceName,
          typeof service.namespace === 'string' ? service.namespace : undefined,
          service.name,
        ),
      ];
    });
  const urls = expand(object, '/webhooks/*/clientConfig/url').map((path) => String(getAt(object, path)));
  return { services: [...new Set(services)].sort(), urls: [...new Set(urls)].sort(), rule };
}

function wholeOf(rule: WholeRule, references: ObjectReferences): NonNullable<More['whole']> {
  const all = (paths: readonly string[]): KeyText[] => paths.flatMap((path) => references.at(path).map(({ to }) => to));
  return { parts: all(rule.parts), makers: all(rule.makers), rule };
}
