import { canonicalText } from '../../src/objects/canonical.ts';
import type { KubeObject } from '../../src/objects/json.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { type BulkShape, bulkNamespaces, bulkObject } from '../worlds/bulk.ts';

export interface JudgedCapture {
  readonly missing: number;
  readonly differing: number;
  readonly examples: readonly string[];
}

/** Reads the point back and holds every object against the one that was put into etcd. */
export async function judgeCaptured(place: string, shape: BulkShape): Promise<JudgedCapture> {
  const vault = openVault(place);
  const reader = await vault.open('latest');
  const seen = new Set<number>();
  const examples: string[] = [];
  let differing = 0;
  for await (const { entry, bytes } of reader.stream()) {
    if (entry.resource !== 'configmaps' || !bulkNamespaces.includes(entry.namespace ?? '')) continue;
    const number = Number(/^settings-(\d{6})$/.exec(entry.name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) continue;
    seen.add(number);
    if (textOf(JSON.parse(Buffer.from(bytes).toString('utf8')) as KubeObject) === textOf(bulkObject(shape, number)))
      continue;
    differing++;
    if (examples.length < 3) examples.push(`${entry.namespace}/${entry.name} is not as it was put`);
  }
  await reader.close();
  await vault.close();
  return { missing: shape.count - seen.size, differing, examples };
}

/** Everything but the revision, which the store gives. */
function textOf({ metadata, ...rest }: KubeObject): string {
  const { resourceVersion: _, ...kept } = metadata;
  return canonicalText({ ...rest, metadata: kept } as never);
}
