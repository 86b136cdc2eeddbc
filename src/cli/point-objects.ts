import type { KubeObject } from '../objects/json.ts';
import type { PointReader } from '../vault/vault.ts';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/** Every object of a point as it was captured, definitions first: a server must know a kind before it holds objects of it. */
export async function pointObjects(reader: Pick<PointReader, 'stream'>): Promise<KubeObject[]> {
  const definitions: KubeObject[] = [];
  const others: KubeObject[] = [];
  for await (const { entry, bytes } of reader.stream()) {
    const object = JSON.parse(Buffer.from(bytes).toString('utf8')) as KubeObject;
    (entry.resource === DEFINITIONS ? definitions : others).push(object);
  }
  return [...definitions, ...others];
}
