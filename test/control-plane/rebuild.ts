import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Endpoint } from './api.ts';
import { type Discovery, type KubeObject, parseObjects, resourceTypes } from './captured.ts';
import { type Comparison, compare, type Expected } from './compare.ts';
import { discover } from './discovery.ts';
import type { ControlPlane } from './fixture.ts';
import { isDefinition, placer, servedBy } from './places.ts';

export interface Rebuilt {
  readonly put: number;
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
  /** Lists everything through the API and holds it against the file. */
  compare(): Promise<Comparison>;
}

const PARALLEL = 16;
const SERVED_LIMIT_MS = 30_000;

/**
 * Makes a control plane hold a captured cluster exactly as it was: uids, managed fields, generations, statuses and
 * deletion timestamps, which no write through the API can keep. The objects go straight into etcd, over whatever
 * the fresh server has made under the same names. Controllers would act on them at once and must not be running.
 */
export async function rebuild(plane: ControlPlane, objectsJsonl: string, discoveryJson: string): Promise<Rebuilt> {
  if (plane.controllerManagerRuns) throw new Error('a cluster is rebuilt only while no controller manager runs');
  const objects = parseObjects(objectsJsonl);
  const captured: Discovery = JSON.parse(discoveryJson);
  const place = placer(objects, captured, await discover(plane, 'all'));
  const expected: Expected[] = [];
  const leftOut: { name: string; why: string }[] = [];
  for (const object of objects) {
    const placement = place(object);
    if (placement.kind === 'placed') expected.push({ object, place: placement });
    else leftOut.push({ name: placement.name, why: placement.why });
  }
  const first = expected.filter(({ object }) => isDefinition(object));
  const second = expected.filter(({ object }) => object.kind === 'Namespace' && object.apiVersion === 'v1');
  const early = new Set([...first, ...second]);
  await putAll(plane, first);
  await putAll(plane, second);
  await definitionsAreServed(plane, objects);
  // The server has registered the definitions' API services by now, and the captured ones replace them.
  // The server itself removes an old IPAddress whose Service it does not know (yet), so these come last.
  const late = new Set(expected.filter(({ object }) => object.kind === 'IPAddress'));
  await putAll(
    plane,
    expected.filter((item) => !early.has(item) && !late.has(item)),
  );
  await putAll(plane, [...late]);
  return { put: expected.length, leftOut, compare: () => compare(plane, expected) };
}

async function putAll(plane: ControlPlane, items: readonly Expected[]): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { resourceVersion: _, ...metadata } = next.object.metadata;
      await plane.putRaw(next.place.key, { ...next.object, metadata });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function definitionsAreServed(endpoint: Endpoint, objects: readonly KubeObject[]): Promise<void> {
  // One that was being deleted, or had never been accepted, is not served here either.
  const awaited = objects.filter(isDefinition).filter(isEstablished).flatMap(servedBy);
  const deadline = performance.now() + SERVED_LIMIT_MS;
  for (const { path, plural } of awaited) {
    while (!(await isServed(endpoint, path, plural))) {
      if (performance.now() > deadline) throw new Error(`${path}/${plural} is not served although its CRD is there`);
      await sleep(50);
    }
  }
}

async function isServed(endpoint: Endpoint, path: string, plural: string): Promise<boolean> {
  const answer = await ask(endpoint, 'GET', path);
  if (answer.status !== 200) return false;
  if (!resourceTypes({ [path]: JSON.parse(answer.body) }).some((type) => type.plural === plural)) return false;
  // For a moment after it is announced, a list answers 429, "storage is (re)initializing".
  return (await ask(endpoint, 'GET', `${path}/${plural}?limit=1`)).status === 200;
}

function isEstablished({ status, metadata }: KubeObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const conditions: unknown =
    typeof status === 'object' && status !== null && 'conditions' in status && status.conditions;
  return (
    Array.isArray(conditions) &&
    conditions.some((condition) => condition?.type === 'Established' && condition?.status === 'True')
  );
}
