import type { Graph } from '../graph/graph.ts';
import type { Edit } from '../knowledge/edit.ts';
import type { Later, SurveyedObject } from '../knowledge/surveyed.ts';
import { keyTextOf, type ResourceName } from '../objects/key.ts';
import { copyName } from './copy-name.ts';
import { type Draft, isPlanned, objectAt, rowOf } from './decision.ts';
import { ownerLinksOf } from './owner-links.ts';
import type { OwnerLink, Policy, Source, Wait, Writing } from './plan.ts';
import { stageOf } from './stage.ts';
import { reasonOf, type StepGraph, stepId } from './step-graph.ts';
import { circleBreaks, comesFirst, type GivenUp, withoutEdges, writtenEdges } from './write-order.ts';
import { targetOf, writingOf } from './writing.ts';

/** Which step stands for which row, for those who add what is not about one object. */
export interface ObjectSteps {
  /** Create, adopt or merge. Index is the row. */
  readonly main: readonly (number | undefined)[];
  /** Second writes that return a value or add an owner. */
  readonly amends: ReadonlyMap<number, readonly { readonly step: number; readonly until: Later['until'] | 'linked' }[]>;
  readonly copies: ReadonlyMap<number, readonly number[]>;
  /** The edges between rows that order writes: dropped references, broken circles and what is there already are not in it. */
  readonly ordering: Graph;
}

/** Rows that are written with 0 replicas: the workloads of held systems and the ReplicaSets below them. */
export function heldAtZero(draft: Draft, kinship: Graph): ReadonlySet<number> {
  const held = new Set<number>();
  for (const object of draft.survey.objects) {
    if (object.more?.workload === undefined) continue;
    held.add(object.row);
    for (const edge of kinship.outOf(object.row)) {
      const child = kinship.nextOf(edge);
      if (kinship.kindOf(edge) === 'owns' && objectAt(draft, child).resource === 'replicasets.apps') held.add(child);
    }
  }
  return held;
}

/** A step for every planned object, linked as the objects hang together; circles of owners get a second write. */
export function addObjectSteps(draft: Draft, kinship: Graph, steps: StepGraph, policy: Policy): ObjectSteps {
  const ordering = writtenEdges(draft, kinship);
  const givenUp = circleBreaks(draft, ordering);
  const held = heldAtZero(draft, kinship);
  const main: (number | undefined)[] = new Array(draft.survey.objects.length);
  const amends = new Map<number, { step: number; until: Later['until'] | 'linked' }[]>();
  const copies = new Map<number, number[]>();
  const later: (() => void)[] = [];

  for (const object of draft.survey.objects) {
    const decision = draft.decisions[object.row];
    if (decision === undefined || !isPlanned(draft, object.row)) continue;
    const base = { stage: stageOf(object), ...(object.system === undefined ? {} : { system: object.system }) };
    const target = targetOf(object);
    const source: Source = { kind: 'vault', row: object.row, digest: object.digest, uid: object.uid };
    if (decision.kind === 'adopt') {
      main[object.row] = steps.add({
        ...base,
        kind: 'adopt',
        id: stepId('adopt', object.key),
        target,
        uid: decision.uid,
        reasons: [reasonOf('ALREADY-THERE', `${object.key} is in the target with the same content and owners`)],
        undo: 'nothing was written',
      });
      const links = ownerLinksOf(draft, object);
      const how = writingOf(draft, object, links, { replicas: false, laters: [], lateUses: NO_USES }, policy);
      addCopy(object, main[object.row], how.writing);
      continue;
    }
    if (decision.kind === 'merge') {
      const { treatment } = object;
      const paths = treatment.kind === 'merge' ? treatment.paths : [];
      const why = treatment.kind === 'merge' ? treatment.rule : { code: '', why: '' };
      main[object.row] = steps.add({
        ...base,
        kind: 'merge',
        id: stepId('merge', object.key),
        target,
        source,
        paths,
        reasons: [reasonOf(why.code, `${object.key}: ${why.why}`)],
        undo: 'take the merged places out again by hand',
      });
      continue;
    }
    const links = ownerLinksOf(
      draft,
      object,
      (owner) => givenUp.links.has(`${owner}>${object.row}`) || comesFirst(draft, object, owner),
    );
    const laters = object.more?.laters ?? NO_LATERS;
    const lateUses = lateUsesOf(draft, object, givenUp);
    const { writing, reasons } = writingOf(
      draft,
      object,
      links,
      { replicas: held.has(object.row), laters, lateUses },
      policy,
    );
    const step = steps.add({
      ...base,
      kind: 'create',
      id: stepId('create', object.key),
      target,
      source,
      writing,
      reasons,
      undo: `delete ${object.key}`,
    });
    main[object.row] = step;
    const add = (
      what: string,
      until: Later['until'] | 'linked',
      edits: readonly Edit[],
      owners: readonly OwnerLink[],
      why: string,
      wait?: Wait,
    ): void => {
      const id = stepId('amend', `${object.key} ${what}`);
      const amend = steps.add({
        ...base,
        ...(until === 'released' ? { stage: 'release' as const } : {}),
        kind: 'amend',
        id,
        target,
        of: stepId('create', object.key),
        edits,
        owners,
        source,
        reasons: [reasonOf(until === 'linked' ? 'SECOND-WRITE' : 'VALUE-RETURNS', why)],
        undo: `write the value back by hand`,
        ...(wait === undefined ? {} : { wait }),
      });
      steps.link(step, amend, 'needs');
      const list = amends.get(object.row) ?? [];
      list.push({ step: amend, until });
      amends.set(object.row, list);
    };
    const lateLinks =
      links.length === 0 ? links : links.filter((link) => link.kind === 'relink' && link.when === 'amend');
    if (lateLinks.length > 0 || lateUses.size > 0) {
      add(
        'owners',
        'linked',
        lateEdits(draft, object, lateUses),
        lateLinks.length > 0 ? links.filter((link) => link.kind !== 'drop') : [],
        object.more?.foundByOwner === undefined
          ? `${object.key}: it and its owner own each other, so the reference comes in a second write`
          : `${object.key}: ${object.more.foundByOwner.why}; the reference is there when its owner is`,
      );
      const amend = amends.get(object.row)?.at(-1)?.step;
      later.push(() => {
        for (const link of lateLinks)
          if (link.kind === 'relink') steps.link(main[rowOf(draft, link.owner) ?? -1], amend, 'needs');
        for (const use of object.more?.uses ?? [])
          if (lateUses.has(use.path)) steps.link(main[draft.survey.byUid.get(use.uid) ?? -1], amend, 'needs');
      });
    }
    if (laters.length === 0) {
      addCopy(object, step, writing);
      continue;
    }
    for (const [until, those] of Map.groupBy(laters, (later) => later.until)) {
      const [first] = those;
      if (first === undefined) continue;
      const paths = those.map((later) => later.path);
      if (until === 'bound' && !isPlanned(draft, rowOf(draft, object.more?.claim ?? object.key))) {
        const sentence = `${object.key} stays at ${JSON.stringify(first.value)}: its claim ${object.more?.claim ?? ''} does not come back, so nothing can be bound to it`;
        draft.findings.push({
          severity: 'warning',
          key: object.key,
          reason: { code: 'VOLUME-STAYS-RETAINED', sentence },
        });
        continue;
      }
      const edits = those.map(
        ({ path, captured, rule }): Edit =>
          captured === undefined
            ? { kind: 'remove', path, rule: rule.code }
            : { kind: 'set', path, value: captured, rule: rule.code },
      );
      const wait: Wait | undefined = until === 'bound' ? { kind: 'bound', object: object.key } : undefined;
      const why = `${object.key}: ${paths.join(' and ')} ${paths.length === 1 ? 'returns' : 'return'} to what was captured when ${WHEN[until]}`;
      add(until, until, edits, [], why, wait);
      const amend = amends.get(object.row)?.at(-1)?.step;
      if (until === 'bound')
        later.push(() => steps.link(main[rowOf(draft, object.more?.claim ?? object.key) ?? -1], amend, 'needs'));
    }
    addCopy(object, step, writing);
  }
  for (const act of later) act();
  linkObjects(ordering, steps, main, givenUp);
  return { main, amends, copies, ordering: withoutEdges(ordering, givenUp.edges) };

  /** The second copy of an object whose name holds a UID that is another now, whether the first is written or there already. */
  function addCopy(object: SurveyedObject, first: number | undefined, writing: Writing): void {
    const name = copyName(draft, object);
    if (name === undefined) return;
    // Nothing hangs on a copy, so it comes after all of its owners, whatever circle the first stands in.
    const owners = writing.owners.map(
      (link): OwnerLink => (link.kind === 'relink' ? { ...link, when: 'create' } : link),
    );
    const copy = steps.add({
      stage: stageOf(object),
      ...(object.system === undefined ? {} : { system: object.system }),
      kind: 'copy',
      id: stepId('copy', object.key),
      target: targetOf(object),
      name,
      source: { kind: 'vault', row: object.row, digest: object.digest, uid: object.uid },
      writing: { ...writing, owners },
      reasons: (object.more?.uses ?? [])
        .filter((use) => use.action === 'copy')
        .map(({ rule }) => reasonOf(rule.code, `${object.key}: ${rule.why}`)),
      undo: 'delete the copy',
    });
    copies.set(object.row, [copy]);
    steps.link(first, copy, 'needs');
    later.push(() => {
      const namespace =
        object.namespace === undefined ? undefined : rowOf(draft, keyTextOf(NAMESPACES, undefined, object.namespace));
      steps.link(main[namespace ?? -1], copy, 'needs');
      for (const part of name) if (part.kind === 'uid') steps.link(main[rowOf(draft, part.of) ?? -1], copy, 'needs');
      for (const link of owners)
        if (link.kind === 'relink') steps.link(main[rowOf(draft, link.owner) ?? -1], copy, 'needs');
    });
  }
}
const NO_USES: ReadonlySet<string> = new Set();
const NO_LATERS: readonly Later[] = [];

/** Rewritten UIDs of objects that can only come afterwards. */
function lateUsesOf(draft: Draft, object: SurveyedObject, givenUp: GivenUp): ReadonlySet<string> {
  const uses = object.more?.uses;
  if (uses === undefined || givenUp.uses.size === 0) return NO_USES;
  const late = uses.filter(
    (use) => use.action === 'rewrite' && givenUp.uses.has(`${draft.survey.byUid.get(use.uid)}>${object.row}`),
  );
  return late.length === 0 ? NO_USES : new Set(late.map((use) => use.path));
}
const NAMESPACES = 'namespaces' as ResourceName;

const WHEN: Readonly<Record<Later['until'], string>> = {
  bound: 'the volume is bound',
  status: 'its status is written',
  released: 'everything is back',
};

function linkObjects(ordering: Graph, steps: StepGraph, main: readonly (number | undefined)[], givenUp: GivenUp): void {
  for (let edge = 0; edge < ordering.edges; edge++) {
    if (givenUp.edges.has(edge)) continue;
    const strength = ordering.strengthOf(edge) === 'soft' ? 'rather' : 'needs';
    steps.link(main[ordering.firstOf(edge)], main[ordering.nextOf(edge)], strength);
  }
}
function lateEdits(draft: Draft, object: SurveyedObject, paths: ReadonlySet<string>): Edit[] {
  return (object.more?.uses ?? []).flatMap((use): Edit[] => {
    const of = draft.survey.objects[draft.survey.byUid.get(use.uid) ?? -1]?.key;
    if (of === undefined || !paths.has(use.path)) return [];
    return [
      { kind: 'rewrite-uid', path: use.path, place: use.place, was: use.uid, form: use.form, of, rule: use.rule.code },
    ];
  });
}
