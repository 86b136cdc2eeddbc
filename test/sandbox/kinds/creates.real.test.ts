import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { KubeObject, MutableJsonObject } from '../../../src/objects/json.ts';
import { ask } from '../../control-plane/api.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';
import { differences } from './compare.ts';
import type { Change } from './corpus/change.ts';
import { CHANGES } from './corpus/changes.ts';
import { CREATES } from './corpus/creates.ts';
import { REFUSED_CREATES } from './corpus/refused-creates.ts';
import { collectionPath, served } from './kinds-played.ts';
import { create, Shelf, update } from './ours.ts';

/** Plugins that change or refuse objects besides the kinds' own rules. */
const WITHOUT =
  'ServiceAccount,DefaultTolerationSeconds,Priority,LimitRanger,TaintNodesByCondition,DefaultStorageClass,StorageObjectInUseProtection,RuntimeClass,DefaultIngressClass,PodSecurity,ResourceQuota,CertificateSubjectRestriction,PersistentVolumeClaimResize,NamespaceLifecycle';
const available = await controlPlaneAvailable();
const skip = available.kind === 'unavailable' ? available.why : false;
let plane: ControlPlane;
before(async () => {
  if (skip === false) {
    plane = await startControlPlane({
      controllerManager: false,
      extraApiServerArgs: [`--disable-admission-plugins=${WITHOUT}`],
    });
  }
});
after(async () => {
  if (skip === false) await plane.stop();
});

const bodyOf = (answer: { body: string }): unknown => JSON.parse(answer.body);

async function played(sent: MutableJsonObject, shelf: Shelf, namespace: string): Promise<readonly string[]> {
  const at = served(String(sent.apiVersion), String(sent.kind));
  const meta = sent.metadata as MutableJsonObject;
  if (at.namespaced) meta.namespace = namespace;
  const real = await ask(plane, 'POST', collectionPath(at, namespace), sent);
  const ours = create(shelf, at.resource, at.namespaced, sent);
  const found = differences(bodyOf(real), ours.body);
  return real.status === ours.status ? found : [`status ${real.status} | ${ours.status}`, ...found];
}
function judge(all: number, differing: ReadonlyMap<string, readonly string[]>): void {
  const told = [...differing].map(([name, found]) => `${name}\n    ${found.join('\n    ')}`).join('\n');
  console.log(`agreement: ${all - differing.size} of ${all}${told === '' ? '' : `\n${told}`}`);
}

test('what a kind is given at creation, and what is refused', { skip }, async () => {
  const shelf = new Shelf();
  const differing = new Map<string, readonly string[]>();
  const all = { ...CREATES, ...REFUSED_CREATES };
  for (const [name, sent] of Object.entries(all)) {
    const found = await played(structuredClone(sent), shelf, 'default');
    if (found.length > 0) differing.set(name, found);
  }
  judge(Object.keys(all).length, differing);
  assert.deepEqual(Object.fromEntries(differing), {});
});

test('what an update keeps, counts and refuses', { skip }, async () => {
  const shelf = new Shelf();
  const differing = new Map<string, readonly string[]>();
  for (const [at, change] of CHANGES.entries()) {
    const found = await changed(change, `c${at}`, shelf);
    if (found.length > 0) differing.set(`${at} ${change.story}`, found);
  }
  judge(CHANGES.length, differing);
  assert.deepEqual([...differing.keys()], []);
});
async function changed(change: Change, name: string, shelf: Shelf): Promise<readonly string[]> {
  const sent = structuredClone(change.from);
  const at = served(String(sent.apiVersion), String(sent.kind));
  sent.metadata = { ...(sent.metadata as MutableJsonObject), name, ...(at.namespaced ? { namespace: 'default' } : {}) };
  const path = collectionPath(at, 'default');
  const first = await ask(plane, 'POST', path, sent);
  if (first.status !== 201) return [`create: ${first.body}`];
  const stored = bodyOf(first) as KubeObject;
  shelf.put(at.resource, stored);
  const next = structuredClone(stored) as unknown as MutableJsonObject;
  change.edit(next);
  const suffix = change.status === true ? '/status' : '';
  const real = await ask(plane, 'PUT', `${path}/${name}${suffix}`, next);
  const ours = update(shelf, at.resource, stored, next, change.status);
  const found = differences(bodyOf(real), ours.body);
  return real.status === ours.status ? found : [`status ${real.status} | ${ours.status}`, ...found];
}

for (const set of ['cnpg-cluster', 'crossplane-cluster']) {
  const file = `../shared/data/${set}.objects.jsonl`;
  const absent = existsSync(file) ? false : `${file} is not here`;
  test(`captured objects come back alike: ${set}`, { skip: skip || absent }, async () => {
    const shelf = new Shelf();
    const differing = new Map<string, readonly string[]>();
    let all = 0;
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const object = JSON.parse(line) as MutableJsonObject;
      const body = ((object.object ?? object) as MutableJsonObject) ?? {};
      if (!isPlayed(body)) continue;
      const meta = body.metadata as MutableJsonObject;
      for (const key of [
        'uid',
        'resourceVersion',
        'creationTimestamp',
        'managedFields',
        'ownerReferences',
        'generation',
      ])
        delete meta[key];
      meta.name = `${set.slice(0, 4)}-${all}${String(meta.name)
        .replaceAll(/[^a-z0-9]/g, '')
        .slice(0, 20)}`;
      const spec = body.spec as MutableJsonObject | undefined;
      if (body.kind === 'Service' && spec !== undefined)
        for (const key of ['clusterIP', 'clusterIPs'])
          if (spec[key] !== 'None' && String(spec[key]) !== 'None') delete spec[key];
      all += 1;
      const found = await played(body, shelf, 'default');
      if (found.length > 0) differing.set(`${body.kind} ${meta.name}`, found);
    }
    judge(all, differing);
    assert.deepEqual([...differing.keys()], []);
  });
}
/** Built-in kinds whose rules are ours to know. */
function isPlayed(body: MutableJsonObject): boolean {
  const [apiVersion, kind] = [String(body.apiVersion), String(body.kind)];
  if (
    [
      'Event',
      'CustomResourceDefinition',
      'APIService',
      'FlowSchema',
      'PriorityLevelConfiguration',
      'IPAddress',
      'ServiceCIDR',
    ].includes(kind)
  )
    return false;
  return !apiVersion.includes('/') || /^(apps|batch|policy|autoscaling)\/|\.k8s\.io\/v1$/.test(apiVersion);
}
