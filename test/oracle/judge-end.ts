import type { Case } from './case.ts';
import type { Ending } from './ending.ts';
import { endedJob, isComposite, isManaged } from './fates.ts';
import { mayOwn } from './judge-plan.ts';
import { livesOn } from './judge-refusals.ts';
import { at, differences, listOf, segmentsOf, sortedText, textOf } from './places.ts';
import { type Fate, ownersIn, ownerText, replicasOf } from './play.ts';
import { resourceOf } from './world.ts';

/** What the end of one run shows: I7, I16, I19 and I22. `quiet`: no step was made to fail. */
export function judgeEnd(subject: Case, run: Ending, quiet: boolean): void {
  judgeLivingOnes(subject, run);
  if (!quiet) return;
  const renewed = new Map<string, string>();
  for (const object of subject.world.objects) {
    const uid = run.store.uidOf(object.key);
    if (uid !== undefined) renewed.set(object.uid, uid);
  }
  for (const step of subject.creates.values())
    if (isFinal(subject, run, step.id)) {
      judgeOwners(subject, run, step.target.key);
      judgeContent(subject, run, step.target.key, renewed);
    }
  judgeConnections(subject, run, renewed);
}

function judgeLivingOnes(subject: Case, run: Ending): void {
  for (const living of subject.world.target.living) {
    const held = subject.plan.steps.some(
      (step) => step.kind === 'hold' && step.webhooks.some(({ target }) => target.key === living.key),
    );
    const uid = run.store.uidOf(living.key);
    if (!held && uid !== living.body.metadata.uid)
      subject.cry(
        'I16',
        living.key,
        `${living.key} lived in the target and ${uid === undefined ? 'is gone' : 'has another UID'}`,
      );
    if (held) continue; // taken away with consent, and made anew
    const stored = run.store.objects.get(living.key);
    const owners = living.body.metadata.ownerReferences ?? [];
    if (stored !== undefined && sortedText(ownersIn(stored.body)) !== sortedText(owners))
      subject.cry(
        living.terminating ? 'I17' : 'I16',
        living.key,
        `the owners of the living ${living.key} were changed`,
      );
  }
}

/** The owners of the result are exactly the captured ones that are there, with the UIDs that they have there. */
function judgeOwners(subject: Case, run: Ending, key: string): void {
  const object = subject.byKey.get(key);
  const stored = run.store.objects.get(key);
  if (object === undefined || stored === undefined) return;
  const expected: string[] = [];
  for (const owner of subject.ownersOf(object)) {
    const found = subject.byUid.get(textOf(at(owner, 'uid')));
    const step = found === undefined ? undefined : subject.stepFor(found.key);
    if (found === undefined || !mayOwn(subject, object.namespace, owner)) continue;
    const lives = step === undefined && livesOn(subject, found.key);
    if (!lives && !isDone(run.fates.get(step?.id ?? ''))) continue;
    expected.push(ownerLine(owner, run.store.uidOf(found.key) ?? ''));
  }
  const actual = ownersIn(stored.body).map((owner) => ownerLine(owner, textOf(at(owner, 'uid'))));
  if (expected.join() !== actual.join())
    subject.cry('I7', key, `the owners of ${key} are [${actual.join('; ')}], not [${expected.join('; ')}]`);
}

/** Written, and amended by all that amends it; a volume whose claim does not come back waits forever, and stays Retain. */
function isFinal(subject: Case, run: Ending, id: string): boolean {
  const amends = subject.amends.filter((step) => step.of === id && step.wait?.kind !== 'bound');
  return isDone(run.fates.get(id)) && amends.every((step) => isDone(run.fates.get(step.id)));
}

const isDone = (fate: Fate | undefined): boolean => fate === 'done';
const ownerLine = (owner: unknown, uid: string): string =>
  `${ownerText(owner)} ${uid} ${at(owner, 'controller') === true} ${at(owner, 'blockOwnerDeletion') === true}`;

const LEFT_TO_THE_SERVER =
  /^\/(apiVersion$|status($|\/)|metadata\/(uid|resourceVersion|creationTimestamp|deletionTimestamp|deletionGracePeriodSeconds|managedFields|ownerReferences|selfLink|generation)($|\/)|ended before the loss)/;

/** Fields that rightly do not come back, by resource. */
const GIVEN_UP: Readonly<Record<string, RegExp>> = {
  namespaces: /^\/spec(\/finalizers.*)?$/,
  persistentvolumes: /^\/spec\/claimRef\/(uid|resourceVersion)$/,
  persistentvolumeclaims:
    /^\/metadata\/annotations($|\/(pv\.kubernetes\.io~1(bind-completed|bound-by-controller)|volume\.kubernetes\.io~1selected-node)$)/,
  'jobs.batch':
    /^\/(spec\/selector|metadata\/labels|spec\/template\/metadata|spec\/template\/metadata\/labels)($|\/(.*controller-uid)$)/,
  pods: /^\/spec\/(nodeName|ephemeralContainers)/,
  serviceaccounts: /^\/secrets($|\/)/,
  'clusters.postgresql.cnpg.io': /^\/metadata\/annotations($|\/cnpg\.io~1fencedInstances$)/,
};

function judgeContent(subject: Case, run: Ending, key: string, renewed: ReadonlyMap<string, string>): void {
  const object = subject.byKey.get(key);
  const stored = run.store.objects.get(key);
  if (object === undefined || stored === undefined) return;
  const given = GIVEN_UP[object.resource];
  // What is said to stay at Retain may: it is the safe side.
  const stays = subject.plan.findings.some((finding) => finding.key === key && /RETAIN/.test(finding.reason.code));
  const bound =
    !stays &&
    !isBlocked(subject, run, key) &&
    at(stored.body, 'status', 'phase') === 'Bound' &&
    at(stored.body, 'spec', 'claimRef', 'uid') !== undefined;
  for (const path of differences(renew(object.body, renewed), renew(stored.body, renewed))) {
    if (LEFT_TO_THE_SERVER.test(path) || given?.test(path) === true) continue;
    if (run.isServer === true && saysNothing(at(object.body, ...segmentsOf(path)))) continue;
    if (object.resource === 'persistentvolumes' && path === '/spec/persistentVolumeReclaimPolicy' && !bound) continue;
    if (path === '/spec/replicas' && replicasOf(stored.body) === replicasOf(object.body)) continue;
    if (path === '/spec/replicas' && isHeld(subject, run, key)) continue;
    // The ReplicaSet of a held operator: its Deployment gives it its number back.
    if (path === '/spec/replicas' && object.resource === 'replicasets.apps' && subject.ownersOf(object).length > 0)
      continue;
    subject.cry('I22', key, `${key} is not as captured at ${path}`);
  }
  if (endedJob(object) && listOf(at(stored.body, 'status', 'conditions')).length === 0)
    subject.cry('I12', key, `${key} had ended and came back without saying so`);
  if (stored.kind.resource === 'persistentvolumes' && bound && !sameAt(object.body, stored.body))
    subject.cry('I11', key, `${key} is bound and its policy did not return`);
}

/** A server leaves out empty lists and maps, and fills in what is missing. */
const saysNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' && Object.values(value).every((member) => saysNothing(member)));

/** Its operator was not released in this run: it waits for something that is terminating. */
const isHeld = (subject: Case, run: Ending, key: string): boolean =>
  subject.plan.steps.some(
    (step) =>
      step.kind === 'release' &&
      !isDone(run.fates.get(step.id)) &&
      step.workloads.some(({ target }) => target.key === key),
  );

/** Its claim could not be written, so what returns its policy was not tried. */
const isBlocked = (subject: Case, run: Ending, key: string): boolean =>
  subject.amends.some((step) => step.target.key === key && run.fates.get(step.id) === 'blocked');

const sameAt = (left: unknown, right: unknown): boolean =>
  at(left, 'spec', 'persistentVolumeReclaimPolicy') === at(right, 'spec', 'persistentVolumeReclaimPolicy');

/** The same value with every captured UID replaced by the new one: rewriting or keeping makes no difference here. */
function renew(value: unknown, renewed: ReadonlyMap<string, string>): unknown {
  const text = JSON.stringify(value);
  if (!/[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}/i.test(text)) return value;
  let changed = text;
  for (const [was, is] of renewed)
    if (was !== is) changed = changed.replaceAll(was, is).replaceAll(was.replaceAll('-', ''), is.replaceAll('-', ''));
  return JSON.parse(changed) as unknown;
}

/** I19: connection Secrets named after the UID of a composite or managed resource stand under the new UID as well (lab 6). */
function judgeConnections(subject: Case, run: Ending, renewed: ReadonlyMap<string, string>): void {
  const { world } = subject;
  const named = world.objects.filter((object) => isComposite(world, object) || isManaged(world, object));
  for (const secret of world.objects) {
    if (secret.resource !== 'secrets' || secret.body.type !== 'connection.crossplane.io/v1alpha1') continue;
    const create = subject.stepFor(secret.key);
    const owner = named.find(({ uid }) => secret.name.includes(uid));
    if (owner === undefined || create === undefined || run.fates.get(create.id) !== 'done') continue;
    const uid = renewed.get(owner.uid);
    if (uid === undefined || uid === owner.uid || subject.stepFor(owner.key) === undefined) continue;
    // A copy whose owner or Namespace is terminating in the target waits with it, and so does the release of its system.
    const own = subject.ownersOf(secret).map((one) => subject.byUid.get(textOf(at(one, 'uid')))?.key);
    const around = [...own, `namespaces/${secret.namespace}`];
    if (around.some((key) => key !== undefined && subject.living.get(key as never)?.terminating === true)) continue;
    const name = secret.name.replace(owner.uid, uid);
    const copy = run.store.objects.get(`${resourceOf({ group: '', resource: 'secrets' })}/${secret.namespace}/${name}`);
    if (sortedText(copy?.body.data ?? null) !== sortedText(secret.body.data ?? null))
      subject.cry('I19', secret.key, `${secret.key} does not stand under ${name}, the new UID of ${owner.key}`);
  }
}
