import type { KubeObject } from '../../../src/objects/json.ts';
import type { HoldStep, Target } from '../../../src/plan/plan.ts';
import type { RunResult } from '../../../src/recover/result.ts';
import type { Case } from '../case.ts';
import type { Ending } from '../ending.ts';
import { endedJob, isMinted } from '../fates.ts';
import { judgeBlocked } from '../judge.ts';
import { judgeEnd } from '../judge-end.ts';
import { judgeMentions } from '../judge-moment.ts';
import { at, textOf } from '../places.ts';
import { type Fate, ownerText } from '../play.ts';
import { ownersOf, type SeenObjects, uidsThere } from './seen-objects.ts';

/** What became of each step, as the run reported it. */
export function fatesOf(subject: Case, result: RunResult): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>(subject.plan.steps.map(({ id }) => [id, 'done']));
  for (const fate of ['failed', 'blocked', 'withheld'] as const)
    for (const { id } of result[fate]) if (fates.has(id)) fates.set(id, fate);
  for (const step of subject.plan.steps)
    if (step.kind === 'hold' && fates.get(step.id) === 'failed' && keepsItsPods(subject, step))
      fates.set(step.id, 'withheld');
  for (const step of subject.creates.values())
    if (fates.get(step.id) === 'failed' && isRefusedByTheDying(subject, step.target)) fates.set(step.id, 'withheld');
  return fates;
}

/** A webhook configuration that is terminating in the target judges until it is gone, and nobody but its finalizer's owner can end that. */
const isRefusedByTheDying = (subject: Case, { group, resource }: Pick<Target, 'group' | 'resource'>): boolean =>
  subject.world.target.living.some(
    ({ terminating, body }) =>
      terminating &&
      /^(Validating|Mutating)WebhookConfiguration$/.test(body.kind) &&
      listAt(body, 'webhooks')
        .flatMap((webhook) => listAt(webhook, 'rules'))
        .some((rule) => covers(listAt(rule, 'apiGroups'), group) && covers(listAt(rule, 'resources'), resource)),
  );
const listAt = (value: unknown, name: string): readonly unknown[] => {
  const list = at(value, name);
  return Array.isArray(list) ? list : [];
};
const covers = (names: readonly unknown[], name: string): boolean => names.includes('*') || names.includes(name);

/** A ReplicaSet that is terminating in the target is not scaled any more: its operator cannot be seen to stop, and everything of it waits. */
const keepsItsPods = (subject: Case, { workloads }: HoldStep): boolean =>
  subject.world.target.living.some(
    ({ terminating, body }) =>
      terminating &&
      (body.metadata.ownerReferences ?? []).some((owner) => workloads.some((workload) => workload.uid === owner.uid)),
  );

/** What the run was seen to do, beside its end. */
export interface Sightings {
  /** States of PersistentVolumes and Pods, in order. */
  readonly states: readonly KubeObject[];
}

/** The end state of a whole server held against world and plan: I5, I6, I7, I8, I11, I12, I16, I17, I19, I21, I22, I23. */
export function judgePlayed(subject: Case, fates: ReadonlyMap<string, Fate>, end: SeenObjects, seen: Sightings): void {
  const ending: Ending = { fates, store: end, isServer: true };
  judgeEnd(subject, ending, true);
  judgeBlocked(subject, ending);
  judgeCollected(subject, ending);
  judgeStale(subject, ending, uidsThere(end));
  judgeDoomed(subject, ending);
  judgeStates(subject, ending, seen.states);
  const findings = new Set(subject.plan.findings.flatMap(({ key }) => (key === undefined ? [] : [key as string])));
  for (const step of subject.creates.values()) {
    const sent = end.objects.get(step.target.key)?.body;
    if (sent !== undefined && fates.get(step.id) === 'done')
      judgeMentions(subject, { step, sent, store: ending.store }, findings);
  }
}

function judgeCollected(subject: Case, { fates, store }: Ending): void {
  for (const step of [...subject.creates.values(), ...subject.adopts.values(), ...subject.merges.values()])
    if (fates.get(step.id) === 'done' && !store.objects.has(step.target.key))
      subject.cry('I6', step.target.key, `${step.id} is done, and ${step.target.key} is not there`);
}

function judgeStale(subject: Case, { fates, store }: Ending, living: ReadonlySet<string>): void {
  for (const { id, target } of subject.creates.values()) {
    const body = fates.get(id) === 'done' ? store.objects.get(target.key)?.body : undefined;
    if (body === undefined) continue;
    const uids = ownersOf(body).map((owner) => [ownerText(owner), textOf(at(owner, 'uid'))]);
    const claim = at(body, 'spec', 'claimRef', 'uid');
    if (target.resource === 'persistentvolumes' && claim !== undefined) uids.push(['claimRef', textOf(claim)]);
    for (const [where, uid = ''] of uids)
      if (!living.has(uid)) subject.cry('I5', target.key, `${target.key} names ${uid} as ${where}, which is not there`);
  }
}

function judgeDoomed(subject: Case, { store }: Ending): void {
  for (const object of subject.world.objects)
    if (
      at(object.body, 'metadata', 'deletionTimestamp') !== undefined &&
      store.objects.has(object.key) &&
      !subject.living.has(object.key) &&
      !isMinted(object)
    )
      subject.cry('I8', object.key, `${object.key} was being deleted and is there`);
}

function judgeStates(subject: Case, { fates, store }: Ending, states: readonly KubeObject[]): void {
  const written = (key: string): boolean => fates.get(subject.creates.get(key)?.id ?? '') === 'done';
  const over = new Map(
    subject.world.objects
      .filter((object) => endedJob(object) && written(object.key))
      .map(({ key }) => [store.uidOf(key) ?? '', key]),
  );
  // A volume that nobody had claimed is anybody's: the binder may be seen at its work.
  const claimed = new Set(
    subject.world.objects
      .filter(({ body }) => at(body, 'spec', 'claimRef') !== undefined)
      .map(({ key }) => key as string),
  );
  for (const state of states) {
    const key = `persistentvolumes/${state.metadata.name}`;
    if (state.kind === 'PersistentVolume' && claimed.has(key) && written(key)) {
      const loose = at(state, 'spec', 'claimRef') !== undefined && at(state, 'status', 'phase') !== 'Bound';
      if (loose && at(state, 'spec', 'persistentVolumeReclaimPolicy') !== 'Retain')
        subject.cry('I11', key, `${key} was not Retain while ${textOf(at(state, 'status', 'phase'))}`);
    }
    if (state.kind !== 'Pod') continue;
    for (const owner of ownersOf(state as never)) {
      const job = over.get(textOf(at(owner, 'uid')));
      if (job !== undefined) subject.cry('I12', job, `${job} had ended, and its Pod ${state.metadata.name} started`);
    }
  }
}
