import type { Edit } from '../knowledge/edit.ts';
import type { Later, SurveyedObject } from '../knowledge/surveyed.ts';
import { keyTextOf, type ResourceName, type Uid } from '../objects/key.ts';
import { copyName } from './copy-name.ts';
import { type Draft, isPlanned, rowOf } from './decision.ts';
import type { OwnerLink, Reason, Source, Wait, Writing } from './plan.ts';
import { stageOf } from './stage.ts';
import { reasonOf, type StepGraph, stepId } from './step-graph.ts';
import { targetOf } from './writing.ts';

/** When a second write comes: with the moment a value returns, or as soon as the owners are there. */
export type Until = Later['until'] | 'linked';

/** How one object is created, and what of it can only come in a second write. */
export interface Creation {
  readonly writing: Writing;
  readonly reasons: readonly Reason[];
  readonly links: readonly OwnerLink[];
  readonly laters: readonly Later[];
  /** Places of rewritten UIDs that the first write cannot know. */
  readonly lateUses: ReadonlySet<string>;
}

interface SecondWrite {
  /** What tells this second write of an object from its others. */
  readonly what: string;
  readonly until: Until;
  readonly edits: readonly Edit[];
  readonly owners: readonly OwnerLink[];
  readonly why: string;
  readonly wait?: Wait;
}

const NAMESPACES = 'namespaces' as ResourceName;
const WHEN: Readonly<Record<Later['until'], string>> = {
  bound: 'the volume is bound',
  status: 'its status is written',
  released: 'everything is back',
};

/** Adds the steps of one object after another and remembers which step stands for which row. Links to rows that may come later are drawn by `linkLate`. */
export class RowSteps {
  /** Create, adopt or merge. Index is the row. */
  readonly main: (number | undefined)[];
  readonly amends = new Map<number, { step: number; until: Until }[]>();
  readonly copies = new Map<number, number[]>();
  readonly #draft: Draft;
  readonly #steps: StepGraph;
  readonly #late: (() => void)[] = [];

  constructor(draft: Draft, steps: StepGraph) {
    this.#draft = draft;
    this.#steps = steps;
    this.main = new Array(draft.survey.objects.length);
  }

  /** `writing`: how a copy of it would be written. */
  adopt(object: SurveyedObject, uid: Uid, writing: Writing): void {
    const step = this.#steps.add({
      ...common(object),
      kind: 'adopt',
      id: stepId('adopt', object.key),
      uid,
      reasons: [reasonOf('ALREADY-THERE', `${object.key} is in the target with the same content and owners`)],
      undo: 'nothing was written',
    });
    this.main[object.row] = step;
    this.#copy(object, step, writing);
  }

  merge(object: SurveyedObject): void {
    const { treatment } = object;
    const { paths, rule } = treatment.kind === 'merge' ? treatment : { paths: [], rule: { code: '', why: '' } };
    this.main[object.row] = this.#steps.add({
      ...common(object),
      kind: 'merge',
      id: stepId('merge', object.key),
      source: sourceOf(object),
      paths,
      reasons: [reasonOf(rule.code, `${object.key}: ${rule.why}`)],
      undo: 'take the merged places out again by hand',
    });
  }

  create(object: SurveyedObject, creation: Creation): void {
    const { writing, reasons } = creation;
    const step = this.#steps.add({
      ...common(object),
      kind: 'create',
      id: stepId('create', object.key),
      source: sourceOf(object),
      writing,
      reasons,
      undo: `delete ${object.key}`,
    });
    this.main[object.row] = step;
    this.#linkOwnersLater(object, creation);
    if (creation.laters.length > 0)
      for (const [until, values] of Map.groupBy(creation.laters, (later) => later.until))
        this.#returnLater(object, until, values);
    this.#copy(object, step, writing);
  }

  /** Draws what could not be drawn while steps were still missing. */
  linkLate(): void {
    for (const act of this.#late) act();
  }

  /** The step of a key; undefined when none stands for it. */
  #stepOf(key: Parameters<typeof rowOf>[1] | undefined): number | undefined {
    return key === undefined ? undefined : this.main[rowOf(this.#draft, key) ?? -1];
  }

  /** Owners that stand in a circle with the object, and UIDs of objects that come after it. */
  #linkOwnersLater(object: SurveyedObject, { links, lateUses }: Creation): void {
    const late = links.length === 0 ? links : links.filter((link) => link.kind === 'relink' && link.when === 'amend');
    if (late.length === 0 && lateUses.size === 0) return;
    const found = object.more?.foundByOwner;
    const amend = this.#amend(object, {
      what: 'owners',
      until: 'linked',
      edits: lateEdits(this.#draft, object, lateUses),
      owners: late.length > 0 ? links.filter((link) => link.kind !== 'drop') : [],
      why:
        found === undefined
          ? `${object.key}: it and its owner own each other, so the reference comes in a second write`
          : `${object.key}: ${found.why}; the reference is there when its owner is`,
    });
    this.#late.push(() => {
      for (const link of late) if (link.kind === 'relink') this.#steps.link(this.#stepOf(link.owner), amend, 'needs');
      for (const use of object.more?.uses ?? [])
        if (lateUses.has(use.path))
          this.#steps.link(this.main[this.#draft.survey.byUid.get(use.uid) ?? -1], amend, 'needs');
    });
  }

  /** Values that were written otherwise return in a second write. */
  #returnLater(object: SurveyedObject, until: Later['until'], values: readonly Later[]): void {
    const claim = object.more?.claim;
    if (until === 'bound' && !isPlanned(this.#draft, rowOf(this.#draft, claim ?? object.key))) {
      const sentence = `${object.key} stays at ${JSON.stringify(values[0]?.value)}: its claim ${claim ?? ''} does not come back, so nothing can be bound to it`;
      const reason = { code: 'VOLUME-STAYS-RETAINED', sentence };
      this.#draft.findings.push({ severity: 'warning', key: object.key, reason });
      return;
    }
    const paths = values.map((later) => later.path);
    const amend = this.#amend(object, {
      what: until,
      until,
      edits: values.map(
        ({ path, captured, rule }): Edit =>
          captured === undefined
            ? { kind: 'remove', path, rule: rule.code }
            : { kind: 'set', path, value: captured, rule: rule.code },
      ),
      owners: [],
      why: `${object.key}: ${paths.join(' and ')} ${paths.length === 1 ? 'returns' : 'return'} to what was captured when ${WHEN[until]}`,
      ...(until === 'bound' ? { wait: { kind: 'bound', object: object.key } } : {}),
    });
    if (until === 'bound') this.#late.push(() => this.#steps.link(this.#stepOf(claim ?? object.key), amend, 'needs'));
  }

  #amend(object: SurveyedObject, { what, until, edits, owners, why, wait }: SecondWrite): number {
    const amend = this.#steps.add({
      ...common(object),
      ...(until === 'released' ? { stage: 'release' as const } : {}),
      kind: 'amend',
      id: stepId('amend', `${object.key} ${what}`),
      of: stepId('create', object.key),
      edits,
      owners,
      source: sourceOf(object),
      reasons: [reasonOf(until === 'linked' ? 'SECOND-WRITE' : 'VALUE-RETURNS', why)],
      undo: 'write the value back by hand',
      ...(wait === undefined ? {} : { wait }),
    });
    this.#steps.link(this.main[object.row], amend, 'needs');
    const list = this.amends.get(object.row);
    if (list === undefined) this.amends.set(object.row, [{ step: amend, until }]);
    else list.push({ step: amend, until });
    return amend;
  }

  /** The second copy of an object whose name holds a UID that is another now, whether the first is written or there already. */
  #copy(object: SurveyedObject, first: number, writing: Writing): void {
    const name = copyName(this.#draft, object);
    if (name === undefined) return;
    // Nothing hangs on a copy, so it comes after all of its owners, whatever circle the first stands in.
    const owners = writing.owners.map(
      (link): OwnerLink => (link.kind === 'relink' ? { ...link, when: 'create' } : link),
    );
    const copy = this.#steps.add({
      ...common(object),
      kind: 'copy',
      id: stepId('copy', object.key),
      name,
      source: sourceOf(object),
      writing: { ...writing, owners },
      reasons: (object.more?.uses ?? [])
        .filter((use) => use.action === 'copy')
        .map(({ rule }) => reasonOf(rule.code, `${object.key}: ${rule.why}`)),
      undo: 'delete the copy',
    });
    this.copies.set(object.row, [copy]);
    this.#steps.link(first, copy, 'needs');
    this.#late.push(() => {
      if (object.namespace !== undefined)
        this.#steps.link(this.#stepOf(keyTextOf(NAMESPACES, undefined, object.namespace)), copy, 'needs');
      for (const part of name) if (part.kind === 'uid') this.#steps.link(this.#stepOf(part.of), copy, 'needs');
      for (const link of owners) if (link.kind === 'relink') this.#steps.link(this.#stepOf(link.owner), copy, 'needs');
    });
  }
}

/** What every step of an object has. */
function common(object: SurveyedObject) {
  const system = object.system === undefined ? {} : { system: object.system };
  return { stage: stageOf(object), ...system, target: targetOf(object) };
}

function sourceOf({ row, digest, uid }: SurveyedObject): Source {
  return { kind: 'vault', row, digest, uid };
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
