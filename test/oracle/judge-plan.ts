import type { OwnerLink, Reason } from '../../src/plan/plan.ts';
import type { Case } from './case.ts';
import { isComposite, partsOf } from './fates.ts';
import { at, textOf } from './places.ts';
import { kindOfReference } from './store.ts';
import { resourceOf } from './world.ts';

/** What the plan itself shows, before any step is carried out: I1, I8, I9, I14, I15, I21, I24, I25, and the statics of I2 and I7. */
export function judgePlan(subject: Case): void {
  judgeOrder(subject);
  judgeFates(subject);
  judgeSources(subject);
  judgeReasons(subject);
  judgeOwnerLinks(subject);
}

function judgeOrder(subject: Case): void {
  const { plan } = subject;
  const place = new Map<string, number>();
  for (const [index, step] of plan.steps.entries()) {
    if (place.has(step.id)) subject.cry('I14', step.id, `two steps have the id ${step.id}`);
    place.set(step.id, index);
  }
  for (const [index, step] of plan.steps.entries())
    for (const other of [...step.needs, ...step.after]) {
      const there = place.get(other);
      if (there === undefined) subject.cry('I14', step.id, `${step.id} waits for ${other}, which is no step`);
      else if (there >= index) subject.cry('I9', step.id, `${step.id} stands before ${other}, for which it waits`);
    }
}

function judgeFates(subject: Case): void {
  const { world, plan } = subject;
  const fates = new Map<string, string[]>();
  const note = (key: string, fate: string): void => void fates.set(key, [...(fates.get(key) ?? []), fate]);
  for (const step of plan.steps)
    if (step.kind === 'create' || step.kind === 'adopt' || step.kind === 'merge') note(step.target.key, step.kind);
  for (const omission of plan.omissions) note(omission.key, omission.kind);
  for (const key of fates.keys())
    if (!subject.byKey.has(key)) subject.cry('I25', key, `${key} is no object of the point`);
  for (const object of world.objects) {
    const found = fates.get(object.key) ?? [];
    const refused = plan.refusals.some(({ key }) => key === object.key);
    if (found.length !== 1 && !(refused && found.length === 0))
      subject.cry('I1', object.key, `${object.key} has ${found.length} fates: ${found.join(', ')}`);
    const [fate] = found;
    const expected = subject.expected[object.row];
    const written = fate === 'create' || subject.copies.some(({ source }) => source.row === object.row);
    if (written && at(object.body, 'metadata', 'deletionTimestamp') !== undefined)
      subject.cry('I8', object.key, `${object.key} was under deletion and is written`);
    else if (expected?.kind === 'not-written' && (fate === 'create' || fate === 'merge'))
      subject.cry('I15', object.key, `${object.key} is written: ${expected.why}`);
    if (expected?.kind === 'mint' && fate === 'create')
      subject.cry('I15', object.key, `${object.key} is written as new: ${expected.why}`);
    if (expected?.kind === 'must-write' && (fate === 'omitted' || fate === 'withheld') && !isSelective(subject))
      subject.cry('I21', object.key, `${object.key} is ${fate}: ${subject.omissions.get(object.key)?.reason.code}`);
    if (expected?.kind === 'may-wait' && fate === 'create' && isComposite(world, object))
      judgeBroken(subject, object.row);
  }
}

/** A composite that is written although a part of it cannot be there will make the part a second time (lab 6). */
function judgeBroken(subject: Case, row: number): void {
  const object = subject.world.objects[row];
  if (object === undefined) return;
  for (const part of partsOf(subject.world, object))
    if (
      part !== undefined &&
      subject.byKey.has(part) &&
      !subject.living.has(part) &&
      subject.stepFor(part) === undefined
    )
      subject.cry('I20', object.key, `${object.key} is written although its part ${part} does not come back`);
}

export const isSelective = ({ world }: Case): boolean =>
  world.policy.selection.namespaces !== undefined || world.policy.selection.selector !== undefined;

function judgeSources(subject: Case): void {
  for (const step of subject.plan.steps) {
    if (step.kind === 'create' || step.kind === 'copy' || step.kind === 'merge' || step.kind === 'amend') {
      const object = subject.world.objects[step.source.row];
      if (object === undefined || object.uid !== step.source.uid || object.digest !== step.source.digest)
        subject.cry('I25', step.id, `${step.id} has a source that the point does not have`);
      if (object !== undefined && object.key !== step.target.key)
        subject.cry('I25', step.id, `${step.id} writes ${object.key} as ${step.target.key}`);
    }
    if (step.kind === 'amend' && subject.stepsById.get(step.of)?.kind !== 'create')
      subject.cry('I25', step.id, `${step.id} amends ${step.of}, which writes nothing`);
    if (step.kind === 'amend' && !subject.comesAfter(step.id, step.of))
      subject.cry('I25', step.id, `${step.id} does not wait for the step that it amends`);
    if (step.kind === 'adopt' && subject.living.get(step.target.key)?.body.metadata.uid !== step.uid)
      subject.cry('I16', step.id, `${step.id} names a UID that no living object has`);
    if ('target' in step && step.kind !== 'adopt') judgeTarget(subject, step.id, step.target);
  }
  for (const omission of subject.plan.omissions)
    if (subject.world.objects[omission.row]?.key !== omission.key)
      subject.cry('I25', omission.key, `the omission of ${omission.key} names another row`);
}

function judgeTarget(
  subject: Case,
  id: string,
  target: { key: string; resource: string; group: string; namespace?: string; name: string },
): void {
  const resource = resourceOf(target);
  const key =
    target.namespace === undefined ? `${resource}/${target.name}` : `${resource}/${target.namespace}/${target.name}`;
  if (key !== target.key) subject.cry('I25', id, `${id} has a target whose parts say ${key}`);
}

function judgeReasons(subject: Case): void {
  const judge = (object: string, reason: Reason): void => {
    if (!/^[A-Z][A-Z0-9-]+$/.test(reason.code) || reason.sentence.trim().length < 8)
      subject.cry('I24', object, `a reason for ${object} says nothing: ${JSON.stringify(reason)}`);
  };
  for (const omission of subject.plan.omissions) judge(omission.key, omission.reason);
  for (const refusal of subject.plan.refusals) judge(refusal.key ?? 'the plan', refusal.reason);
  for (const finding of subject.plan.findings) judge(finding.key ?? 'the plan', finding.reason);
  for (const step of subject.plan.steps) {
    for (const reason of step.reasons) judge(step.id, reason);
    if (step.kind === 'create' || step.kind === 'copy')
      for (const link of step.writing.owners) if (link.kind === 'drop') judge(step.id, link.reason);
  }
}

/** Every captured owner has its link; what is added later has its amendment, and only circles are closed that way. */
function judgeOwnerLinks(subject: Case): void {
  for (const step of [...subject.creates.values(), ...subject.copies]) {
    const object = subject.world.objects[step.source.row];
    if (object === undefined) continue;
    const captured = subject.ownersOf(object);
    const places = step.writing.owners.map(({ index }) => index);
    if (new Set(places).size !== places.length || captured.some((_, index) => !places.includes(index)))
      subject.cry('I7', object.key, `${step.id} does not say what becomes of each of the ${captured.length} owners`);
    for (const link of step.writing.owners) {
      if (at(captured[link.index], 'uid') !== link.was)
        subject.cry('I25', step.id, `${step.id} names an owner that is not captured`);
      if (link.kind === 'living') judgeLiving(subject, step.id, link);
      if (link.kind === 'relink' && link.when === 'amend') judgeLater(subject, step.id, link);
    }
  }
}

function judgeLiving(subject: Case, id: string, link: OwnerLink & { kind: 'living' }): void {
  if (subject.living.get(link.owner)?.body.metadata.uid !== link.uid)
    subject.cry('I16', id, `${id} takes ${link.uid} for the UID of the living ${link.owner}`);
}

const FOUND_BY_OWNER = new Set(['replicasets.apps', 'controllerrevisions.apps']);

function judgeLater(subject: Case, id: string, link: OwnerLink & { kind: 'relink' }): void {
  const owner = subject.stepFor(link.owner);
  // What a controller looks for when it first acts has to be there before it, and it takes it over.
  const child = subject.stepsById.get(id);
  const found = child?.kind === 'create' && FOUND_BY_OWNER.has(`${child.target.resource}.${child.target.group}`);
  if (found) {
    if (owner !== undefined && subject.comesAfter(id, owner.id) && !subject.comesAfter(owner.id, id))
      subject.cry('I20', id, `${id} comes after ${owner.id}, which looks for it`);
  } else if (owner === undefined || !(owner.id === id || subject.comesAfter(owner.id, id)))
    subject.cry('I2', id, `${id} is written before its owner ${link.owner}, though they form no circle`);
  const returned = subject.amends.some(
    (step) => step.of === id && step.owners.some(({ index }) => index === link.index),
  );
  if (!returned && subject.stepsById.get(id)?.kind === 'create')
    subject.cry('I7', id, `${id} leaves out its owner ${link.owner}, and nothing adds it`);
}

/** Whether a captured owner may own the object at all: kinds known, and in reach of its scope. */
export function mayOwn(subject: Case, childNamespace: string | undefined, owner: unknown): boolean {
  const found = subject.byUid.get(textOf(at(owner, 'uid')));
  const kind = kindOfReference(subject.world.kinds, textOf(at(owner, 'apiVersion')), textOf(at(owner, 'kind')));
  if (found === undefined || kind === undefined || resourceOf(kind) !== found.resource) return false;
  return found.name === at(owner, 'name') && (found.namespace === undefined || found.namespace === childNamespace);
}
