import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Endpoint } from '../../test/control-plane/api.ts';
import type { ControlPlane } from '../../test/control-plane/fixture.ts';
import { type Holding, lives } from './read-back.ts';

export interface Contrast {
  readonly posted: number;
  readonly refused: number;
  /** Of the posted ones, those with an owner reference. */
  readonly owned: number;
  /** Gone or being deleted, by their resource. */
  readonly lost: Readonly<Record<string, number>>;
}

const CRD_TRIES = 50;

/**
 * What happens without relinking: the same objects in the same order, with their owners as captured, then the controller manager
 * with its garbage collector, then a look after a while.
 */
export async function postAsCaptured(
  endpoint: ControlPlane,
  holding: Holding,
  keys: readonly string[],
  seconds: number,
): Promise<Contrast> {
  const posted: { readonly key: string; readonly path: string; readonly uid: string; readonly owned: boolean }[] = [];
  let refused = 0;
  for (const key of keys) {
    const one = holding.get(key);
    if (one === undefined) continue;
    const { path, status: _, ...body } = one;
    const { name, namespace, ...rest } = one.metadata as Readonly<Record<string, unknown>>;
    const { labels, annotations, finalizers, ownerReferences } = rest;
    const metadata = { name, namespace, labels, annotations, finalizers, ownerReferences };
    const uid = await post(endpoint, path, { ...body, metadata });
    if (uid === undefined) refused++;
    else posted.push({ key, path: `${path}/${String(name)}`, uid, owned: ownerReferences !== undefined });
  }
  await endpoint.startControllerManager();
  await sleep(seconds * 1000);
  const lost: Record<string, number> = {};
  for (const { key, path, uid } of posted) {
    if (await lives(endpoint, path, uid)) continue;
    const resource = key.slice(0, key.indexOf('/'));
    lost[resource] = (lost[resource] ?? 0) + 1;
  }
  return { posted: posted.length, refused, owned: posted.filter(({ owned }) => owned).length, lost };
}

/** The new UID; undefined when the server refused it. A kind that was just defined takes a moment. */
async function post(endpoint: Endpoint, path: string, body: object): Promise<string | undefined> {
  for (let tried = 1; ; tried++) {
    const answer = await ask(endpoint, 'POST', path, body);
    if (answer.status === 201) return (JSON.parse(answer.body) as { metadata: { uid: string } }).metadata.uid;
    if ((answer.status !== 404 && answer.status !== 429) || tried === CRD_TRIES) return undefined;
    await sleep(100);
  }
}
