import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../src/objects/json.ts';
import { strategicMerge } from '../../../src/sandbox/fields/strategic-merge.ts';
import { builtInTypes } from '../../../src/sandbox/schema/built-in.ts';
import { decodeBuiltIn } from '../../../src/sandbox/schema/decode.ts';
import { Refusal } from '../../../src/sandbox/status/refusal.ts';
import { ask } from '../../control-plane/api.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';
import { type Body, pick, type Random, seeded } from './random-bodies.ts';

const availability = await controlPlaneAvailable();
const skip = availability.kind === 'unavailable' ? `${availability.why}; ${availability.hint}` : false;

const TEMPLATE = { group: '', version: 'v1', kind: 'PodTemplate' };
const BASE = '/api/v1/namespaces/default/podtemplates';
const SEEDS = 60;
const STEPS = 8;

let plane: ControlPlane;
before(async () => {
  if (skip === false) plane = await startControlPlane({ controllerManager: false });
});
after(async () => {
  await plane?.stop();
});

const named = (names: readonly string[]): Body[] => names.map((name) => ({ name }));
function chosen<T>(random: Random, from: readonly T[]): T[] {
  const items = from.filter(() => random() < 0.5);
  return random() < 0.4 ? items.reverse() : items;
}
const envVar = (random: Random, name: string): Body =>
  random() < 0.6
    ? { name, value: pick(random, ['1', '2']) }
    : { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } };

/** With every default filled in, so that the answer holds nothing else. */
function container(random: Random, name: string): Body {
  return {
    name,
    image: pick(random, ['a', 'b']),
    terminationMessagePath: '/x',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'Always',
    env: chosen(random, ['A', 'B', 'C', 'D'])
      .sort()
      .map((one) => envVar(random, one)),
    ports: [80, 81, 82].filter(() => random() < 0.5).map((containerPort) => ({ containerPort, protocol: 'TCP' })),
    args: chosen(random, ['x', 'y', 'z']),
  };
}
function wholeTemplate(random: Random, name: string): Body {
  const spec = {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 5,
    schedulerName: 's',
    securityContext: {},
    containers: ['c1', ...chosen(random, ['c2', 'c3'])].map((one) => container(random, one)),
    volumes: chosen(random, ['v1', 'v2', 'v3']).map((one) => ({ name: one, emptyDir: {} })),
    tolerations: [{ key: 'a', operator: 'Exists' }],
    nodeSelector: { a: 'b', c: 'd' },
  };
  const metadata = { name, finalizers: chosen(random, ['a/1', 'a/2', 'a/3', 'a/4']), labels: { a: 'b', c: 'd' } };
  return { apiVersion: 'v1', kind: 'PodTemplate', metadata, template: { metadata: {}, spec } };
}

/** At most one mistake, because which of several the server finds first is chance. */
function patchOf(random: Random): Body {
  const metadata: Body = {};
  const spec: Body = {};
  const sometimes = (probability: number, then: () => void): void => {
    if (random() < probability) then();
  };
  sometimes(0.6, () => {
    metadata.labels = pick(random, [{ a: null, x: 'y' }, { $patch: 'replace', z: '1' }, { $patch: 'delete' }, null]);
  });
  const finalizers = pick(random, ['finalizers', '$deleteFromPrimitiveList/finalizers']);
  sometimes(0.5, () => {
    metadata[finalizers] = chosen(random, ['a/1', 'a/2', 'a/5']);
  });
  sometimes(0.7, () => {
    spec.containers = chosen(random, ['c1', 'c2', 'c3', 'c4']).map((name) => containerPatch(random, name));
  });
  sometimes(0.2, () => {
    spec['$setElementOrder/containers'] = named(
      pick(random, [
        ['c4', 'c3', 'c2', 'c1'],
        ['c2', 'c1'],
      ]),
    );
  });
  sometimes(0.5, () => {
    spec.volumes = chosen(random, ['v1', 'v2', 'v4']).map((name) => volumePatch(random, name));
  });
  sometimes(0.3, () => {
    spec.tolerations = [{ key: 'z', operator: 'Exists' }];
  });
  sometimes(0.3, () => {
    spec.nodeSelector = pick(random, [
      { a: null, e: 'f' },
      { $patch: 'replace', q: 'r' },
      { $retainKeys: ['a'], a: 'z' },
    ]);
  });
  return { metadata, template: { spec } };
}
function containerPatch(random: Random, name: string): Body {
  if (random() < 0.15 && name !== 'c1') return { name, $patch: 'delete' };
  const patch = random() < 0.5 || name === 'c4' ? container(random, name) : { name };
  if (random() < 0.3) {
    patch.env = [{ name: 'A', $patch: 'delete' }, envVar(random, 'E')];
    patch['$setElementOrder/env'] = named(['B', 'A', 'E']);
  }
  if (random() < 0.3)
    patch.ports = [
      { containerPort: 81, $patch: 'delete' },
      { containerPort: 83, name: 'n', protocol: 'UDP' },
    ];
  if (random() < 0.2) patch.args = null;
  return patch;
}
function volumePatch(random: Random, name: string): Body {
  if (random() < 0.2) return { name, $patch: 'delete' };
  if (random() < 0.5) return { name, emptyDir: {} };
  return { name, $retainKeys: ['name', pick(random, ['hostPath', 'configMap'])], hostPath: { path: '/p', type: '' } };
}

/** What is set by other rules than the patch's is left out. */
function comparable(object: Body): unknown {
  const { managedFields: _, resourceVersion: __, generation: ___, ...metadata } = object.metadata as Body;
  const text = JSON.stringify({ ...object, metadata });
  // A directive inside of a new item stays, and is dropped as an unknown field; what is left of a port gets its protocol.
  return JSON.parse(text.replaceAll('"protocol":"TCP",', '').replaceAll(',"protocol":"TCP"', ''));
}

test('patches with all directives do what they do on the real server', { skip }, async () => {
  const type = builtInTypes().typeOf(TEMPLATE);
  assert.ok(type !== undefined);
  let accepted = 0;
  let refused = 0;
  const differing: string[] = [];
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const random = seeded(seed);
    const created = await ask(plane, 'POST', BASE, wholeTemplate(random, `s${seed}`));
    assert.equal(created.status, 201, created.body);
    let live: Body = JSON.parse(created.body);
    for (let step = 0; step < STEPS; step += 1) {
      const patch = patchOf(random);
      const answer = await ask(plane, 'PATCH', `${BASE}/s${seed}`, patch, 'application/strategic-merge-patch+json');
      const real: Body = JSON.parse(answer.body);
      const ours = outcomeOf(() => {
        const next = strategicMerge(live as JsonObject, patch as JsonObject, type);
        decodeBuiltIn(next, TEMPLATE);
        return next as Body;
      });
      // 422: the patch could be carried out, the outcome is not valid.
      if (answer.status === 422 && ours.kind === 'patched') continue;
      const same =
        answer.status === 200
          ? ours.kind === 'patched' && isDeepStrictEqual(comparable(ours.object), comparable(real))
          : ours.kind === 'refused' && ours.message === real.message;
      if (!same) differing.push(JSON.stringify([patch, live, real, ours]));
      if (answer.status === 200) {
        accepted += 1;
        live = real;
      } else refused += 1;
    }
  }
  assert.ok(accepted > 100, `${accepted} accepted, ${refused} refused`);
  assert.deepEqual(differing.slice(0, 2), [], `${differing.length} of ${accepted + refused} differ`);
});

type Outcome =
  | { readonly kind: 'patched'; readonly object: Body }
  | { readonly kind: 'refused'; readonly message: string };
function outcomeOf(patch: () => Body): Outcome {
  try {
    return { kind: 'patched', object: patch() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.status.message };
    throw error;
  }
}
