import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, MutableJsonObject } from '../../../src/objects/json.ts';
import type { ResourceName } from '../../../src/objects/key.ts';
import { applyConfiguration } from '../../../src/sandbox/fields/apply-configuration.ts';
import { recordUpdate } from '../../../src/sandbox/fields/record-update.ts';
import { resetFields } from '../../../src/sandbox/fields/reset-fields.ts';
import { builtInTypes } from '../../../src/sandbox/schema/built-in.ts';
import { decodeBuiltIn } from '../../../src/sandbox/schema/decode.ts';
import { type FailureStatus, Refusal } from '../../../src/sandbox/status/refusal.ts';
import { ask } from '../../control-plane/api.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';
import { type Body, mutated, pick, RANDOM_KINDS, type Random, type RandomKind, seeded } from './random-bodies.ts';

/** What the rules of the kind fill in again when its owner takes it away; defaults are not what is compared here. */
const DEFAULTED = /^\/spec\/ports\/\d+\/targetPort$/;

const availability = await controlPlaneAvailable();
const skip = availability.kind === 'unavailable' ? `${availability.why}; ${availability.hint}` : false;

const SEQUENCES = 120;
const STEPS = 10;
const MANAGERS = ['m1', 'm2', 'm3', 'm4', 'm5', 'kubectl'];

let plane: ControlPlane;
before(async () => {
  // Without a controller manager nobody else writes.
  if (skip === false) plane = await startControlPlane({ controllerManager: false });
});
after(async () => {
  await plane?.stop();
});

/** An object on its way through writes of many managers. */
interface Course {
  readonly kind: RandomKind;
  readonly name: string;
  readonly random: Random;
  readonly apiVersion: string;
  readonly base: string;
  live: Body | undefined;
}
interface Seen {
  readonly way: string;
  readonly agrees: boolean;
  readonly note: string;
}

const metadataOf = (object: Body): Body => object.metadata as Body;
const entriesOf = (object: Body): unknown => metadataOf(object).managedFields;

function shapeOf({ kind, apiVersion }: Course, subresource: string) {
  const type = builtInTypes().typeOf(kind.gvk);
  assert.ok(type !== undefined);
  return { type, apiVersion, subresource, reset: resetFields(kind.resource as ResourceName, subresource, kind.status) };
}

/** The prediction at either end of the request, because seconds may pass. */
function agrees(times: readonly number[], real: unknown, predict: (now: number) => unknown): boolean {
  return times.some((now) => isDeepStrictEqual(predict(now), real));
}

async function put(course: Course, subresource: '' | 'status'): Promise<Seen | undefined> {
  const { kind, name, random, base } = course;
  const live = course.live as Body;
  const manager = pick(random, MANAGERS);
  const body = mutated(random, live, kind.part(random));
  delete metadataOf(body).resourceVersion;
  changeEntries(random, metadataOf(body));
  if (subresource === 'status' && kind.gvk.kind === 'Deployment') body.status = statusOf(random);
  const path = `${base}/${name}${subresource === '' ? '' : '/status'}?fieldManager=${manager}`;
  const began = Date.now();
  const answer = await ask(plane, 'PUT', path, body);
  if (answer.status !== 200) return undefined;
  const real: Body = JSON.parse(answer.body);
  const predict = (now: number): unknown => {
    const next = structuredClone(body) as MutableJsonObject;
    decodeBuiltIn(next, kind.gvk);
    // The defaults are others' to fill in: they are taken from the answer.
    if (subresource === '' && kind.gvk.kind !== 'ClusterRole')
      Object.assign(next, { ...structuredClone(real), metadata: next.metadata, status: next.status });
    recordUpdate({ ...shapeOf(course, subresource), live: live as JsonObject, next, manager, now });
    return entriesOf(next as Body);
  };
  course.live = real;
  const same = agrees([began, Date.now()], entriesOf(real), predict);
  return {
    way: `PUT ${subresource}`,
    agrees: same,
    note: JSON.stringify([body, live, entriesOf(real), predict(began)]),
  };
}

function changeEntries(random: Random, metadata: Body): void {
  const chance = random();
  if (chance < 0.1) delete metadata.managedFields;
  else if (chance < 0.15) metadata.managedFields = [];
  else if (chance < 0.2) metadata.managedFields = [{}];
  else if (chance < 0.25) metadata.managedFields = (metadata.managedFields as unknown[] | undefined)?.slice(1);
}

const statusOf = (random: Random): Body => ({
  replicas: pick(random, [1, 2]),
  conditions: [
    {
      type: pick(random, ['A', 'B']),
      status: 'True',
      lastUpdateTime: '2020-01-01T00:00:00Z',
      lastTransitionTime: '2020-01-01T00:00:00Z',
    },
  ],
});

async function apply(course: Course, subresource: '' | 'status'): Promise<Seen | undefined> {
  const { kind, name, random, apiVersion, base, live } = course;
  const manager = pick(random, MANAGERS);
  const force = random() < 0.6;
  const wanted = live === undefined && random() < 0.8 ? kind.whole(random) : kind.part(random);
  const body: Body = { apiVersion, kind: kind.gvk.kind, ...wanted };
  body.metadata = { ...(body.metadata as Body), name, ...(kind.namespaced ? { namespace: 'default' } : {}) };
  if (subresource === 'status' && kind.gvk.kind === 'Deployment') body.status = statusOf(random);
  const path = `${base}/${name}${subresource === '' ? '' : '/status'}?fieldManager=${manager}&force=${force}`;
  const began = Date.now();
  const answer = await ask(plane, 'PATCH', path, body, 'application/apply-patch+yaml');
  const real: Body = JSON.parse(answer.body);
  if (answer.status >= 400 && answer.status !== 409) return undefined;
  const predict = (now: number): Body => {
    const applied = structuredClone(body) as JsonObject;
    const write = { live: live as JsonObject | undefined, applied, manager, force, now, kind: kind.gvk.kind, name };
    return applyConfiguration({ ...shapeOf(course, subresource), ...write, namespace: 'default' }) as Body;
  };
  if (answer.status === 409) return { way: 'conflict', ...sameConflicts(real as unknown as FailureStatus, predict) };
  course.live = real;
  const outcome = (now: number): unknown => {
    const got = predict(now);
    decodeBuiltIn(got as MutableJsonObject, kind.gvk);
    // What /status does not take, and defaults, are decided elsewhere.
    return {
      entries: entriesOf(got),
      missing: subresource === '' ? leftOver(got, real).filter((path) => !DEFAULTED.test(path)) : [],
    };
  };
  const same = agrees([began, Date.now()], { entries: entriesOf(real), missing: [] }, outcome);
  return { way: `apply ${subresource}`, agrees: same, note: JSON.stringify([body, live, real, outcome(began)]) };
}

function sameConflicts(real: FailureStatus, predict: (now: number) => Body): Omit<Seen, 'way'> {
  // The server names the managers in any order among the causes.
  const shown = ({ message, reason, details }: FailureStatus): unknown => ({
    message,
    reason,
    causes: details?.causes?.map((cause) => JSON.stringify(cause)).sort(),
  });
  try {
    predict(0);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    const [left, right] = [shown(real), shown(error.status)];
    return { agrees: isDeepStrictEqual(left, right), note: JSON.stringify([left, right]) };
  }
  return { agrees: false, note: `accepted, although ${real.message}` };
}

/** Paths of what is here and is not the same there; what is only there are defaults. */
function leftOver(here: unknown, there: unknown, path = ''): string[] {
  if (/\/metadata\/(resourceVersion|generation|managedFields|uid|creationTimestamp)$/.test(path)) return [];
  if (typeof here !== 'object' || here === null || typeof there !== 'object' || there === null)
    return here === there || (Array.isArray(here) && here.length === 0 && there === null) ? [] : [path];
  const [left, right] = [here as Body, there as Body];
  if (Array.isArray(here) && here.length !== (there as unknown[]).length) return [path];
  return Object.keys(left).flatMap((key) => leftOver(left[key], right[key], `${path}/${key}`));
}

async function create(course: Course): Promise<Seen | undefined> {
  const { kind, name, random, apiVersion, base } = course;
  const manager = pick(random, MANAGERS);
  const body: Body = { apiVersion, kind: kind.gvk.kind, ...kind.whole(random) };
  body.metadata = { ...(body.metadata as Body), name };
  const began = Date.now();
  const answer = await ask(plane, 'POST', `${base}?fieldManager=${manager}`, body);
  if (answer.status !== 201) return undefined;
  const real: Body = JSON.parse(answer.body);
  const predict = (now: number): unknown => {
    const next = structuredClone(kind.gvk.kind === 'ClusterRole' ? body : { ...real, metadata: body.metadata });
    decodeBuiltIn(next as MutableJsonObject, kind.gvk);
    // Allocated after the fields were recorded.
    if (kind.gvk.kind === 'Service')
      for (const name of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete (next.spec as Body)[name];
    recordUpdate({ ...shapeOf(course, ''), live: undefined, next: next as MutableJsonObject, manager, now });
    return entriesOf(next);
  };
  course.live = real;
  const same = agrees([began, Date.now()], entriesOf(real), predict);
  return { way: 'POST', agrees: same, note: JSON.stringify([body, entriesOf(real), predict(began)]) };
}

for (const kind of RANDOM_KINDS)
  test(`${kind.gvk.kind}: whoever writes, the server and the sandbox say the same of who owns what`, {
    skip,
  }, async () => {
    const { group, version } = kind.gvk;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const root = group === '' ? `/api/${version}` : `/apis/${apiVersion}`;
    const base = `${root}${kind.namespaced ? '/namespaces/default' : ''}/${kind.plural}`;
    const seen: Seen[] = [];
    for (let seed = 0; seed < SEQUENCES / RANDOM_KINDS.length; seed += 1) {
      const course: Course = { kind, name: `t${seed}`, random: seeded(seed), apiVersion, base, live: undefined };
      for (let step = 0; step < STEPS; step += 1) {
        const made = await oneWrite(course);
        if (made !== undefined) seen.push(made);
      }
    }
    assert.ok(seen.length > 100, `only ${seen.length} writes were accepted or in conflict`);
    const differing = seen.filter((one) => !one.agrees);
    assert.deepEqual(differing.slice(0, 3), [], `${differing.length} of ${seen.length} writes differ`);
  });

function oneWrite(course: Course): Promise<Seen | undefined> {
  if (course.live === undefined) return course.random() < 0.5 ? create(course) : apply(course, '');
  const ways = [put, apply, apply];
  const way = pick(course.random, ways);
  return way(course, course.kind.status && course.random() < 0.3 ? 'status' : '');
}
