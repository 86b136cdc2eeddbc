import assert from 'node:assert/strict';
import { get } from 'node:https';
import { test } from 'node:test';
import type { KubeObject, MutableJsonObject } from '../../../src/objects/json.ts';
import type { ResourceName } from '../../../src/objects/key.ts';
import { tableColumns } from '../../../src/sandbox/kinds/tables/table-columns.ts';
import { ask } from '../../control-plane/api.ts';
import { type ControlPlane, controlPlaneAvailable, startControlPlane } from '../../control-plane/fixture.ts';
import { CREATES } from './corpus/creates.ts';
import { jsonDifference } from './json-difference.ts';
import { collectionPath, type Served, served } from './kinds-played.ts';

interface Table {
  readonly columnDefinitions: unknown;
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: KubeObject }[];
}
const available = await controlPlaneAvailable();
const skip = available.kind === 'unavailable' ? available.why : false;
const AGE = /^\d+s$/;

function table(plane: ControlPlane, path: string): Promise<Table> {
  const headers = {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    authorization: `Bearer ${plane.token}`,
  };
  return new Promise((resolve, reject) => {
    get(new URL(`${path}?includeObject=Object`, plane.url), { ca: plane.ca, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve(JSON.parse(body)));
    }).once('error', reject);
  });
}
/** Seconds pass between two answers. */
const settled = (cells: readonly unknown[]): unknown[] =>
  cells.map((cell) => (typeof cell === 'string' && AGE.test(cell) ? 'SECONDS' : cell));

test('Tables of built-in kinds show what the real ones show', { skip }, async () => {
  await using plane = await startControlPlane({ extraApiServerArgs: ['--disable-admission-plugins=ServiceAccount'] });
  const kinds = new Map<ResourceName, Served>();
  for (const sent of Object.values(CREATES)) {
    const body = structuredClone(sent);
    const at = served(String(body.apiVersion), String(body.kind));
    kinds.set(at.resource, at);
    if (at.namespaced) (body.metadata as MutableJsonObject).namespace = 'default';
    await ask(plane, 'POST', collectionPath(at, 'default'), body);
  }
  const found: string[] = [];
  let rows = 0;
  for (const at of kinds.values()) {
    const real = await table(plane, `${at.root}/${at.plural}`);
    const ours = tableColumns(at.resource);
    if (ours === undefined) {
      if ((real.columnDefinitions as unknown[]).length > 2) found.push(`${at.resource}: no columns`);
      continue;
    }
    found.push(...jsonDifference(real.columnDefinitions, ours.definitions, `${at.resource} columns`));
    for (const row of real.rows) {
      rows += 1;
      const cells = ours.cells(row.object, Date.now());
      found.push(...jsonDifference(settled(row.cells), settled(cells), `${at.resource} ${row.object.metadata.name}`));
    }
  }
  console.log(`${rows} rows of ${kinds.size} kinds, ${found.length} differences\n${found.join('\n')}`);
  assert.deepEqual(found, []);
});
