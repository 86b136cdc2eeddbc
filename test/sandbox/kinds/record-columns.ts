import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { getJson } from '../../control-plane/api.ts';
import { startControlPlane } from '../../control-plane/fixture.ts';

/**
 * Writes src/sandbox/kinds/tables/columns-data.ts: the column definitions of every built-in resource, as the pinned
 * server gives them. Run by hand when the pinned version changes: `node test/sandbox/kinds/record-columns.ts`.
 */
interface Listed {
  readonly name: string;
  readonly verbs: readonly string[];
}
await using plane = await startControlPlane({ controllerManager: false });
const table = (path: string): Promise<{ columnDefinitions: Record<string, unknown>[] }> =>
  new Promise((resolve, reject) => {
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io', authorization: `Bearer ${plane.token}` };
    get(new URL(`${path}?limit=1`, plane.url), { ca: plane.ca, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve(JSON.parse(body)));
    }).once('error', reject);
  });
const groups = (await getJson(plane, '/apis')) as { groups: { preferredVersion: { groupVersion: string } }[] };
const roots = ['/api/v1', ...groups.groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
const lines: string[] = [];
for (const root of roots) {
  const { resources } = (await getJson(plane, root)) as { resources: Listed[] };
  const group = root.startsWith('/apis/') ? (root.split('/')[2] ?? '') : '';
  for (const { name } of resources.filter((it) => !it.name.includes('/') && it.verbs.includes('list'))) {
    const { columnDefinitions } = await table(`${root}/${name}`);
    lines.push(JSON.stringify(`${group === '' ? name : `${name}.${group}`} ${JSON.stringify(columnDefinitions)}`));
  }
}
writeFileSync(
  'src/sandbox/kinds/tables/columns-data.ts',
  `/** Column definitions of the pinned server's Tables, by resource. Made by test/sandbox/kinds/record-columns.ts. */
export const COLUMN_LINES: readonly string[] = [\n${lines.join(',\n')},\n];\n`,
);
console.log(`${lines.length} resources`);
