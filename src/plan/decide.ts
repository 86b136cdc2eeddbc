import type { Graph } from '../graph/graph.ts';
import type { Reference, SurveyedObject } from '../knowledge/surveyed.ts';
import { type KeyText, keyTextOf, type ResourceName } from '../objects/key.ts';
import { conflict, type Decision, type Draft, existingAt, isPlanned, note, objectAt, omit, rowOf } from './decision.ts';
import { hangingOn, selectedRows } from './kinship.ts';
import { fieldsWritten } from './writing.ts';

const NAMESPACES = 'namespaces' as ResourceName;
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io' as ResourceName;

/** Decides for every object of the point whether it gets a step; what does not gets a stated omission. */
export function decide(draft: Draft, kinship: Graph): void {
  const selected = selectedRows(draft.survey, kinship);
  for (const object of draft.survey.objects) draft.decisions[object.row] = alone(object, selected.has(object.row));
  inDeletedPlaces(draft);
  withheldWholes(draft, kinship);
  boundToOmitted(draft);
  notServed(draft);
  for (const object of draft.survey.objects) meet(draft, object);
}

/** Looking at the object alone. */
function alone(object: SurveyedObject, selected: boolean): Decision {
  const no = (
    origin: 'controller' | 'target' | 'database' | 'volume' | 'nowhere',
    code: string,
    sentence: string,
  ): Decision => ({
    kind: 'omitted',
    origin,
    reason: { code, sentence },
  });
  if (!selected) return no('nowhere', 'NOT-SELECTED', `${object.key} is not among what was asked for`);
  if (object.terminating) {
    return no(
      'nowhere',
      'WAS-BEING-DELETED',
      `${object.key} was being deleted when it was captured; written again it would be a living object`,
    );
  }
  const { treatment } = object;
  switch (treatment.kind) {
    case 'restore':
      return { kind: 'create' };
    case 'merge':
      return treatment.paths.length > 0
        ? { kind: 'merge' }
        : no('target', treatment.rule.code, `${object.key}: ${treatment.rule.why}`);
    case 'omit':
      return no(treatment.origin, treatment.rule.code, `${object.key}: ${treatment.rule.why}`);
  }
}

/** Nothing is written into a Namespace, or of a kind, that was being deleted. */
function inDeletedPlaces(draft: Draft): void {
  const gone = (row: number | undefined): boolean => row !== undefined && objectAt(draft, row).terminating;
  for (const object of draft.survey.objects) {
    if (!isPlanned(draft, object.row)) continue;
    if (object.namespace !== undefined && gone(rowOf(draft, keyTextOf(NAMESPACES, undefined, object.namespace)))) {
      omit(
        draft,
        object.row,
        'omitted',
        'nowhere',
        'NAMESPACE-WAS-BEING-DELETED',
        `${object.key}: its Namespace was being deleted when it was captured, and it with it`,
      );
      continue;
    }
    const definition = draft.survey.vocabulary.ofResource(object.resource)?.definition;
    if (definition !== undefined && gone(rowOf(draft, keyTextOf(DEFINITIONS, undefined, definition)))) {
      omit(
        draft,
        object.row,
        'omitted',
        'nowhere',
        'DEFINITION-WAS-BEING-DELETED',
        `${object.key}: the definition of its kind was being deleted when it was captured, and it with it`,
      );
    }
  }
}

/**
 * A whole whose part cannot come back is withheld, with what would make it anew and all that hangs on it; so is what refers
 * hard to something that cannot (a claim without its composite makes another). Until nothing changes.
 */
function withheldWholes(draft: Draft, kinship: Graph): void {
  const wholes = draft.survey.objects.filter((object) => object.more?.whole !== undefined || needed(object).length > 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const object of wholes) {
      if (!isPlanned(draft, object.row)) continue;
      const whole = object.more?.whole;
      const part = whole?.parts.find((key) => isLost(draft, key));
      const reference = needed(object).find(({ to }) => isLost(draft, to));
      const rule = part === undefined ? reference?.rule : whole?.rule;
      const missing = part ?? reference?.to;
      if (rule === undefined || missing === undefined) continue;
      changed = true;
      const why = `${missing} cannot come back (${lossOf(draft, missing)}); ${rule.why}`;
      const makers = (whole?.makers ?? []).flatMap((key) => rowOf(draft, key) ?? []);
      for (const row of hangingOn(kinship, [object.row, ...makers])) {
        if (!isPlanned(draft, row)) continue;
        const who =
          row === object.row ? objectAt(draft, row).key : `${objectAt(draft, row).key} belongs to ${object.key}`;
        omit(draft, row, 'withheld', 'vault', rule.code, `${who}: ${why}`);
      }
    }
  }
}
function needed(object: SurveyedObject): readonly Reference[] {
  return object.references.filter((reference) => reference.strength === 'hard' && reference.kind === 'refers');
}

/** In the point, and not coming back. What a complete point never had was missing before the loss too. */
function isLost(draft: Draft, key: KeyText): boolean {
  const row = rowOf(draft, key);
  if (row === undefined) return draft.incomplete.has(key.slice(0, key.indexOf('/')) as ResourceName);
  if (isPlanned(draft, row)) return false;
  const decision = draft.decisions[row];
  // What its controller makes again, or the target mints, is no loss; nor is what lives in the target.
  const comesBack = decision?.kind === 'omitted' && (decision.origin === 'controller' || decision.origin === 'target');
  const lives = draft.target.existing.get(key)?.terminating === false;
  return !comesBack && !lives;
}
function lossOf(draft: Draft, key: KeyText): string {
  const decision = draft.decisions[rowOf(draft, key) ?? -1];
  return decision !== undefined && 'reason' in decision ? decision.reason.code : 'missing';
}

/** The volume of a claim whose data comes by another way: pre-bound to its name it would be given to the new, empty one. */
function boundToOmitted(draft: Draft): void {
  for (const object of draft.survey.objects) {
    const claim = object.more?.claim;
    const row = claim === undefined ? undefined : rowOf(draft, claim);
    if (row === undefined || !isPlanned(draft, object.row)) continue;
    const { treatment } = objectAt(draft, row);
    if (treatment.kind !== 'omit' || !treatment.boundToo || isPlanned(draft, row)) continue;
    omit(
      draft,
      object.row,
      'omitted',
      treatment.origin,
      'VOLUME-OF-OMITTED-CLAIM',
      `${object.key} belongs to ${claim}, which does not come back as an object: ${treatment.rule.why}; what lies in the volume stays where it is`,
    );
    draft.findings.push({
      severity: 'warning',
      key: object.key,
      reason: {
        code: 'VOLUME-LEFT-BEHIND',
        sentence: `${object.key}: the volume behind it is not managed by the recovered cluster; nothing deletes it`,
      },
    });
  }
}

/** What the target cannot take: no such kind, or not in the captured version. */
function notServed(draft: Draft): void {
  const served = new Map(draft.target.resources.map((one) => [`${one.resource}.${one.group}`, one]));
  for (const object of draft.survey.objects) {
    if (draft.decisions[object.row]?.kind !== 'create') continue;
    const kind = draft.survey.vocabulary.ofResource(object.resource);
    const [plural = ''] = object.resource.split('.', 1);
    const inTarget = served.get(`${plural}.${object.group}`);
    const definition =
      kind?.definition === undefined ? undefined : rowOf(draft, keyTextOf(DEFINITIONS, undefined, kind.definition));
    if (inTarget === undefined && !isPlanned(draft, definition)) {
      omit(
        draft,
        object.row,
        'withheld',
        'vault',
        'KIND-NOT-SERVED',
        `${object.key}: the target does not serve ${object.resource} and nothing in the point defines it; it comes back when its API does`,
      );
    } else if (inTarget !== undefined && !inTarget.versions.includes(object.version)) {
      draft.refusals.push({
        key: object.key,
        reason: {
          code: 'VERSION-NOT-SERVED',
          sentence: `${object.key} was captured as ${object.version}; the target serves ${object.resource} as ${inTarget.versions.join(', ')}`,
        },
        hint: 'bring the definition that serves the captured version to the target, or recover into a target that serves it',
      });
    }
  }
}

/** Meets what is already there: adopted when it agrees, refused when it does not. Owners are judged by `judgeAdoptedOwners`. */
function meet(draft: Draft, object: SurveyedObject): void {
  const existing = existingAt(draft, object.row);
  if (draft.decisions[object.row]?.kind !== 'create' || existing === undefined) return;
  if (existing.terminating) {
    draft.findings.push({
      severity: 'warning',
      key: object.key,
      reason: {
        code: 'TERMINATING-IN-TARGET',
        sentence: `${object.key} is being deleted in the target: it and what hangs on it wait until that has ended`,
      },
    });
    return;
  }
  const lost = draft.target.droppedFields.get(object.key);
  if (lost !== undefined) return;
  if (existing.ours === true) {
    draft.decisions[object.row] = { kind: 'adopt', uid: existing.uid };
    if (existing.content.kind === 'differs')
      note(
        draft,
        object,
        'RECOVERED-AND-CHANGED',
        `${object.key} was brought back by a run before and has changed since at ${existing.content.paths.join(', ')}: it is left as it is`,
      );
    return;
  }
  if (existing.uid === object.uid) {
    draft.decisions[object.row] = { kind: 'adopt', uid: existing.uid };
    if (existing.content.kind === 'differs')
      note(
        draft,
        object,
        'LIVES-AND-DIFFERS',
        `${object.key} is the captured object itself, alive, and has changed since at ${existing.content.paths.join(', ')}: it is left as it is`,
      );
    return;
  }
  // A run whose log is lost left it half written: the run finds it equal, and does what is left.
  if (
    existing.content.kind === 'equal' &&
    existing.unfinished === true &&
    fieldsWritten(object, draft.policy) === 'restore'
  )
    return;
  if (existing.content.kind === 'equal') draft.decisions[object.row] = { kind: 'adopt', uid: existing.uid };
  else if (object.resource === DEFINITIONS) {
    draft.decisions[object.row] = { kind: 'adopt', uid: existing.uid };
    note(
      draft,
      object,
      'DEFINITION-DIFFERS',
      `${object.key} is in the target in another form (${existing.content.paths.join(', ')}): that one is used, and every captured field was checked against it`,
    );
  } else conflict(draft, object, `it differs at ${existing.content.paths.join(', ')}`);
}
