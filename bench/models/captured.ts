import { existsSync, readFileSync } from 'node:fs';
import type { KubeObject } from '../../src/objects/json.ts';

/** Clusters that the lab captured, as `../shared/data` keeps them beside the project. */
export function capturedObjects(name: 'cnpg-cluster' | 'crossplane-cluster'): readonly KubeObject[] | undefined {
  const file = new URL(`../../../shared/data/${name}.objects.jsonl`, import.meta.url);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as KubeObject);
}
