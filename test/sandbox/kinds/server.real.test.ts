import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MutableJsonObject } from '../../../src/objects/json.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { type Answer, ask, type Endpoint } from '../../control-plane/api.ts';
import { controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';
import { differences } from './compare.ts';
import type { Change } from './corpus/change.ts';
import { CHANGES } from './corpus/changes.ts';
import { CREATES } from './corpus/creates.ts';
import { REFUSED_CREATES } from './corpus/refused-creates.ts';
import { collectionPath, served } from './kinds-played.ts';

const available = await controlPlaneAvailable();
const skip = available.kind === 'unavailable' ? available.why : false;
const NAMESPACE = 'default';

const bodyOf = ({ body }: Answer): unknown => JSON.parse(body);
function told(name: string, real: Answer, ours: Answer): string[] {
  const found = differences(bodyOf(real), bodyOf(ours));
  const status = real.status === ours.status ? [] : [`status ${real.status} | ${ours.status}`];
  return [...status, ...found].map((line) => `${name}: ${line}`);
}
async function changed(end: Endpoint, change: Change, name: string): Promise<Answer> {
  const sent = structuredClone(change.from);
  sent.metadata = { ...(sent.metadata as MutableJsonObject), name };
  const path = collectionPath(served(String(sent.apiVersion), String(sent.kind)), NAMESPACE);
  const first = await ask(end, 'POST', path, sent);
  if (first.status !== 201) return first;
  const next = bodyOf(first) as MutableJsonObject;
  change.edit(next);
  const answer = await ask(end, 'PUT', `${path}/${name}${change.status === true ? '/status' : ''}`, next);
  return answer;
}

test('the sandbox and the real server answer writes of every kind alike', { skip, timeout: 60_000 }, async (story) => {
  await using plane = await startControlPlane({ controllerManager: false });
  const sandbox = await startSandbox({ controllers: [] });
  const door = await sandbox.listen();
  story.after(async () => {
    await door.close();
    await sandbox.close();
  });
  const both: readonly Endpoint[] = [plane, door];
  const account = { metadata: { name: 'default' } };
  for (const end of both) await ask(end, 'POST', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, account);
  const differing = new Map<string, readonly string[]>();
  const bodies = Object.entries({ ...CREATES, ...REFUSED_CREATES });
  for (const [name, sent] of bodies) {
    const path = collectionPath(served(String(sent.apiVersion), String(sent.kind)), NAMESPACE);
    const [real, ours] = [await ask(plane, 'POST', path, sent), await ask(door, 'POST', path, sent)];
    const found = told(name, real, ours);
    if (found.length > 0) differing.set(name, found);
  }
  for (const [at, change] of CHANGES.entries()) {
    // Quotas would refuse the Pods of the stories that follow.
    if (change.from.kind === 'ResourceQuota') continue;
    const [real, ours] = [await changed(plane, change, `c${at}`), await changed(door, change, `c${at}`)];
    const found = told(change.story, real, ours);
    if (found.length > 0) differing.set(change.story, found);
  }
  const all = bodies.length + CHANGES.length;
  console.log(`agreement: ${all - differing.size} of ${all}\n${[...differing.values()].flat().join('\n')}`);
  assert.deepEqual([...differing.keys()], []);
});
