/**
 * Records what the pinned server says of itself into `src/sandbox/recorded`: discovery, OpenAPI, and the objects that a
 * fresh one holds, alone and beside its controller manager. Run again only when the pinned version changes.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, zstdCompressSync } from 'node:zlib';
import { SOURCES } from './cache.ts';
import { type KubeObject, resourceTypes } from './captured.ts';
import { discover } from './discovery.ts';
import { type ControlPlane, startControlPlane } from './fixture.ts';
import { pathOf } from './places.ts';

const FOLDER = join(import.meta.dirname, '../../src/sandbox/recorded');
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const OPENAPI_V2 = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
/** Objects come for a while after the server is ready; then they stand still. */
const STILL_MS = 4_000;

interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
}

function getBytes({ url, ca, token }: ControlPlane, path: string, accept = 'application/json'): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { accept, authorization: `Bearer ${token}`, 'user-agent': 'seaworthy-test' };
    const asked = request(new URL(path, url), { ca, headers }, (response) => {
      if (response.statusCode === 200) resolve(buffer(response));
      else reject(new Error(`GET ${path}: ${response.statusCode}`));
    });
    asked.once('error', reject).end();
  });
}

async function recordDiscovery(plane: ControlPlane): Promise<Entry[]> {
  const entries: Entry[] = [];
  const take = async (path: string): Promise<void> => {
    entries.push({ name: path, bytes: await getBytes(plane, path) });
  };
  for (const path of ['/', '/version', '/api', '/apis']) await take(path);
  const { groups } = JSON.parse((await getBytes(plane, '/apis')).toString()) as { groups: { name: string }[] };
  for (const { name } of groups) await take(`/apis/${name}`);
  for (const path of Object.keys(await discover(plane, 'all'))) await take(path);
  for (const path of ['/api', '/apis'])
    entries.push({ name: `aggregated ${path}`, bytes: await getBytes(plane, path, AGGREGATED) });
  return entries;
}

async function recordOpenApi(plane: ControlPlane): Promise<Entry[]> {
  const index = await getBytes(plane, '/openapi/v3');
  const { paths } = JSON.parse(index.toString()) as { paths: Record<string, { serverRelativeURL: string }> };
  const entries: Entry[] = [{ name: '/openapi/v3', bytes: index }];
  for (const [path, { serverRelativeURL }] of Object.entries(paths))
    entries.push({ name: `/openapi/v3/${path}`, bytes: await getBytes(plane, serverRelativeURL) });
  entries.push({ name: 'protobuf /openapi/v2', bytes: await getBytes(plane, '/openapi/v2', OPENAPI_V2) });
  return entries;
}

/** Versions in which a resource may be stored although they are not served. */
const UNSERVED = ['v1', 'v2', 'v1beta2', 'v1beta1'];

/** The version in which each resource is stored: the one whose hash discovery names. */
async function recordStorageVersions(plane: ControlPlane): Promise<Entry> {
  const lists = Object.values(await discover(plane, 'all')) as {
    groupVersion: string;
    resources: { name: string; kind: string; storageVersionHash?: string; group?: string; version?: string }[];
  }[];
  const stored: Record<string, string> = {};
  for (const { groupVersion, resources } of lists) {
    const group = groupVersion.includes('/') ? groupVersion.slice(0, groupVersion.indexOf('/')) : '';
    for (const { name, kind, storageVersionHash } of resources) {
      if (storageVersionHash === undefined) continue;
      const found = [groupVersion, 'v1', ...UNSERVED.map((version) => `${group}/${version}`)].find(
        (candidate) => hashOf(candidate, kind) === storageVersionHash,
      );
      if (found === undefined) console.log(`no version known for ${name}.${group} ${storageVersionHash}`);
      else stored[group === '' ? name : `${name}.${group}`] = found;
    }
  }
  return { name: 'storage versions', bytes: Buffer.from(JSON.stringify(stored)) };
}

function hashOf(groupVersion: string, kind: string): string {
  const qualified = groupVersion.includes('/') ? groupVersion : `/${groupVersion}`;
  return createHash('sha256').update(`${qualified}/${kind}`).digest().subarray(0, 8).toString('base64');
}

async function allObjects(plane: ControlPlane): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const type of resourceTypes(await discover(plane, 'preferred'))) {
    if (!type.listable || !type.writable || type.kind === 'Event') continue;
    const list = JSON.parse((await getBytes(plane, pathOf(type))).toString()) as {
      apiVersion: string;
      items: KubeObject[];
    };
    for (const item of list.items) objects.push({ ...item, apiVersion: list.apiVersion, kind: type.kind });
  }
  return objects;
}

async function settledObjects(plane: ControlPlane, name: string): Promise<Entry> {
  const shape = (objects: readonly KubeObject[]): string =>
    JSON.stringify(objects.filter(({ kind }) => kind !== 'Lease'));
  for (let before = await allObjects(plane); ; ) {
    await sleep(STILL_MS);
    const now = await allObjects(plane);
    if (shape(now) === shape(before)) return { name, bytes: Buffer.from(JSON.stringify(now)) };
    before = now;
  }
}

/** The Go structs of the kinds in served versions, as record-shapes.go prints them. */
async function recordShapes(versions: ReadonlySet<string>): Promise<Entry> {
  const { stdout } = await promisify(execFile)('go', ['run', join(import.meta.dirname, 'record-shapes.go')], {
    cwd: SOURCES,
    env: { ...process.env, CGO_ENABLED: '0' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const all = JSON.parse(stdout) as {
    structs: Record<string, [string, string, string][]>;
    kinds: Record<string, string>;
  };
  const kinds = Object.fromEntries(
    Object.entries(all.kinds).filter(([kind]) => versions.has(kind.slice(0, kind.lastIndexOf('/')))),
  );
  const structs: typeof all.structs = {};
  const reach = (name: string): void => {
    const fields = all.structs[name];
    if (fields === undefined || structs[name] !== undefined) return;
    structs[name] = fields;
    for (const [, , shape] of fields) {
      const below = /struct (\S+)$/.exec(shape)?.[1];
      if (below !== undefined) reach(below);
    }
  };
  for (const name of Object.values(kinds)) reach(name);
  return { name: 'shapes', bytes: Buffer.from(JSON.stringify({ structs, kinds })) };
}

/** One zstd frame: a line of JSON with names, offsets and lengths, then the documents one after another. */
function packed(entries: readonly Entry[]): string {
  let offset = 0;
  const index = entries.map(({ name, bytes }) => {
    const at = offset;
    offset += bytes.length;
    return [name, at, bytes.length];
  });
  const raw = Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...entries.map(({ bytes }) => bytes)]);
  const params = { [constants.ZSTD_c_compressionLevel]: 22, [constants.ZSTD_c_windowLog]: 24 };
  return zstdCompressSync(raw, { params }).toString('base64');
}

async function write(file: string, name: string, what: string, entries: readonly Entry[]): Promise<void> {
  const text = packed(entries);
  await writeFile(
    join(FOLDER, file),
    `/** ${what} Made by test/control-plane/record-server.ts. */\nexport const ${name}: string =\n  '${text}';\n`,
  );
  console.log(`${file}: ${entries.length} documents, ${text.length} characters`);
}

async function alone(): Promise<{ documents: Entry[]; openApi: Entry[]; versions: ReadonlySet<string> }> {
  await using plane = await startControlPlane({ controllerManager: false });
  const objects = await settledObjects(plane, 'objects alone');
  const openApi = await recordOpenApi(plane);
  const versions = new Set(Object.keys(await discover(plane, 'all')).map((path) => path.replace(/^\/apis?\//, '')));
  return {
    documents: [...(await recordDiscovery(plane)), await recordStorageVersions(plane), objects],
    openApi,
    versions,
  };
}

async function besideManager(): Promise<Entry> {
  await using plane = await startControlPlane();
  return await settledObjects(plane, 'objects beside the controller manager');
}

const { documents, openApi, versions } = await alone();
await write('openapi-data.ts', 'OPENAPI_DATA', 'OpenAPI documents of the pinned server.', openApi);
await write('shapes-data.ts', 'SHAPES_DATA', 'Go structs of the pinned server.', [await recordShapes(versions)]);
await write('server-data.ts', 'SERVER_DATA', 'Discovery, version and first objects of the pinned server.', [
  ...documents,
  await besideManager(),
]);
