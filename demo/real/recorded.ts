import { readFile } from 'node:fs/promises';
import type { ControlPlane } from '../../test/control-plane/fixture.ts';
import { rebuild } from '../../test/control-plane/rebuild.ts';

/** Puts a recorded cluster (`X.objects.jsonl` with `X.discovery.json` beside it) into a control plane exactly as it was. */
export async function rebuildFrom(plane: ControlPlane, objects: string): Promise<string> {
  const discovery = objects.replace(/\.objects\.jsonl$/, '.discovery.json');
  const { put, leftOut } = await rebuild(plane, await readFile(objects, 'utf8'), await readFile(discovery, 'utf8'));
  return `${String(Array.isArray(put) ? put.length : put)} objects of ${objects} stand in its etcd exactly as they were recorded (${leftOut.length} left out)`;
}
