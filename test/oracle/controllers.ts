import { at, type Body, isBody, listOf, textOf } from './places.ts';
import { isTerminating, type Store, type Stored } from './store.ts';
import { keyFor } from './world.ts';

/** The controllers that destroy or act when a recovery is wrong (lab 8), one pass. Returns whether anything moved. */
export function control(store: Store): boolean {
  let moved = false;
  for (const stored of [...store.objects.values()]) {
    if (isTerminating(stored) || !store.objects.has(stored.key)) continue;
    if (stored.kind.resource === 'persistentvolumes') moved = bind(store, stored) || moved;
    else if (stored.kind.resource === 'secrets') moved = revoke(store, stored) || moved;
    else if (stored.kind.resource === 'jobs' && stored.kind.group === 'batch') moved = run(store, stored) || moved;
  }
  return moved;
}

/** The binder: a claimRef without uid waits for its claim; one with a uid of no claim is Released, and with Delete destroyed. */
function bind(store: Store, volume: Stored): boolean {
  const reference = at(volume.body, 'spec', 'claimRef');
  if (!isBody(reference) || at(volume.body, 'status', 'phase') === 'Failed') return false;
  const claim = keyFor('persistentvolumeclaims', textOf(reference.namespace), textOf(reference.name));
  const uid = store.uidOf(claim);
  if (!isBody(volume.body.status)) volume.body.status = {};
  const status = volume.body.status as Body;
  if (reference.uid === undefined) {
    if (uid === undefined) return false;
    reference.uid = uid;
    status.phase = 'Bound';
    const bound = store.objects.get(claim)?.body;
    if (bound !== undefined) bound.status = { ...(bound.status as Body | undefined), phase: 'Bound' };
    return true;
  }
  if (reference.uid === uid) {
    if (status.phase === 'Bound') return false;
    status.phase = 'Bound';
    return true;
  }
  if (at(volume.body, 'spec', 'persistentVolumeReclaimPolicy') === 'Delete') {
    store.objects.delete(volume.key);
    store.happen(
      'volume-lost',
      volume.key,
      `${volume.key} was deleted: its claimRef has a uid of no claim, and it says Delete`,
    );
    return true;
  }
  if (status.phase === 'Released') return false;
  status.phase = 'Released';
  if (volume.written)
    store.happen('volume-released', volume.key, `${volume.key} is Released: its claimRef has a uid of no claim`);
  return true;
}

/** The token controller: a service-account token with a stale service-account uid goes. */
function revoke(store: Store, secret: Stored): boolean {
  if (secret.body.type !== 'kubernetes.io/service-account-token') return false;
  const notes = at(secret.body, 'metadata', 'annotations');
  const account = textOf(at(notes, 'kubernetes.io/service-account.name'));
  const uid = store.uidOf(keyFor('serviceaccounts', secret.namespace, account));
  const said = at(notes, 'kubernetes.io/service-account.uid');
  if (uid !== undefined && (said === undefined || said === uid)) return false;
  store.objects.delete(secret.key);
  store.happen(
    'token-deleted',
    secret.key,
    `${secret.key} was deleted: its service account is gone or has another UID`,
  );
  return true;
}

export const isFinished = (body: unknown): boolean =>
  listOf(at(body, 'status', 'conditions')).some(
    (condition) => ['Complete', 'Failed'].includes(textOf(at(condition, 'type'))) && at(condition, 'status') === 'True',
  );

/** What a Job carries in the store to say that it must never start a Pod: it had ended when it was captured. */
export const ENDED = 'ended before the loss';

/** The Job controller: starts what is neither suspended nor finished. Reported for Jobs that had ended. */
function run(store: Store, job: Stored): boolean {
  if (job.body[ENDED] !== true || at(job.body, 'spec', 'suspend') === true || isFinished(job.body)) return false;
  job.body[ENDED] = false;
  store.happen('job-ran', job.key, `${job.key} had ended before the loss and ran again`);
  return false;
}
