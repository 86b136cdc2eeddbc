import type { Case } from './case.ts';
import { isMinted } from './fates.ts';
import { mayOwn } from './judge-plan.ts';
import { at, textOf } from './places.ts';

/** I17 and I18: what is adopted agrees, what does not agree refuses the plan, and nothing else refuses it or is withheld. */
export function judgeRefusals(subject: Case): void {
  const { world, plan } = subject;
  const causes = new Set<string>();
  for (const object of world.objects) {
    const living = subject.living.get(object.key);
    const expected = subject.expected[object.row];
    const written = expected?.kind === 'must-write' || expected?.kind === 'may-wait';
    if (world.target.dropping.has(object.key) && written) causes.add(object.key);
    if (living === undefined || living.terminating) {
      if (subject.adopts.has(object.key))
        subject.cry(
          living === undefined ? 'I18' : 'I17',
          object.key,
          `${object.key} is adopted and does not live there`,
        );
      continue;
    }
    const agrees = living.agrees && ownersAgree(subject, object.key);
    const adopted = subject.adopts.has(object.key);
    // The captured object itself, alive: whatever it says now, it is no other of its name.
    if (living.body.metadata.uid === object.uid) continue;
    // Of a definition the target's own form is used, and said so.
    const said = plan.findings.some(({ key }) => key === object.key);
    if (adopted && said && object.resource === 'customresourcedefinitions.apiextensions.k8s.io') continue;
    const refused = plan.refusals.some(({ key }) => key === object.key);
    if (adopted && !agrees && !refused)
      subject.cry(
        'I18',
        object.key,
        `${object.key} is adopted although its ${living.agrees ? 'owners' : 'content'} differ`,
      );
    if (subject.merges.has(object.key) || isMinted(object)) continue;
    if (expected?.kind !== 'must-write' && expected?.kind !== 'may-wait') continue;
    const above = subject.ownersOf(object).map((owner) => subject.byUid.get(textOf(at(owner, 'uid')))?.key);
    if (!agrees || plan.refusals.some(({ key }) => key !== undefined && above.includes(key))) causes.add(object.key);
    if (!agrees && plan.refusals.length === 0 && !subject.omissions.has(object.key))
      subject.cry(
        'I18',
        object.key,
        `${object.key} stands in the target with another content or owner, and nothing refuses`,
      );
  }
  for (const refusal of plan.refusals)
    if (refusal.key !== undefined && !causes.has(refusal.key))
      subject.cry('I18', refusal.key, `${refusal.key} refuses the plan without a cause: ${refusal.reason.code}`);
  for (const key of world.target.dropping)
    if (plan.refusals.length === 0 && subject.creates.has(key))
      subject.cry('I22', key, `${key} is written though the target's schema would drop a field of it`);
}

/** An owner that gets no step because the target has it: one that the target mints, or the captured object itself. */
export function livesOn(subject: Case, key: string): boolean {
  const living = subject.living.get(key);
  const object = subject.byKey.get(key);
  if (living === undefined || living.terminating || object === undefined) return false;
  return isMinted(object) || living.body.metadata.uid === object.uid;
}

/** The owners of a living object are the living ones of those that the point says. */
function ownersAgree(subject: Case, key: string): boolean {
  const object = subject.byKey.get(key);
  const living = subject.living.get(key);
  if (object === undefined || living === undefined) return true;
  const there = new Set((living.body.metadata.ownerReferences ?? []).map(({ uid }) => uid));
  for (const owner of subject.ownersOf(object)) {
    const found = subject.byUid.get(textOf(at(owner, 'uid')));
    const step = found === undefined ? undefined : subject.stepFor(found.key);
    const lives = found !== undefined && livesOn(subject, found.key);
    if (found === undefined || (step === undefined && !lives) || !mayOwn(subject, object.namespace, owner)) continue;
    const uid = subject.living.get(found.key)?.body.metadata.uid;
    if (uid === undefined) return false;
    if (!there.delete(uid)) return false;
  }
  const gone = new Set(subject.ownersOf(object).map((owner) => textOf(at(owner, 'uid'))));
  return [...there].every((uid) => gone.has(uid));
}
