import type { Json, KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { isStorageForm, servedAll } from '../api/conversion.ts';
import type { ListPage } from '../api/read.ts';
import { apiVersionOf, type ServedKind } from '../api/served-kind.ts';
import type { Version } from '../storage/version.ts';
import type { Shape } from './media.ts';
import { partialMetadata, type TableParts, tableOf } from './table.ts';

const OPEN = Buffer.from('{');
const NEXT = Buffer.from(',{');
const COMMA = Buffer.from(',');
const END = Buffer.from(']}\n');

export function listMetadata(page: ListPage, custom = false): MutableJsonObject {
  return {
    ...(custom && page.continue === undefined ? { continue: '' } : {}),
    resourceVersion: String(page.revision),
    ...(page.continue === undefined ? {} : { continue: page.continue }),
    ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
}

/** A page of a list as bytes; what was encoded before is not encoded again. */
export async function listBody(
  kind: ServedKind,
  version: string,
  page: ListPage,
  shape: Shape,
  table: TableParts,
): Promise<Buffer> {
  const metadata = listMetadata(page, kind.custom !== undefined && shape.as === 'object');
  if (shape.as === 'Table') {
    const objects = await servedAll(
      kind,
      page.versions.map(({ object }) => object),
      version,
    );
    return Buffer.from(`${JSON.stringify(tableOf(table, objects, metadata))}\n`, 'utf8');
  }
  if (shape.as !== 'object')
    return joined('PartialObjectMetadataList', 'meta.k8s.io/v1', metadata, page.versions.map(metadataBytes), false);
  const apiVersion = apiVersionOf(kind.group, version);
  const bytes = await formsOf(kind, version, page.versions);
  return joined(kind.listKind, apiVersion, metadata, bytes, kind.custom === undefined);
}

export const metadataBytes = (version: Version): Buffer =>
  version.form('metadata', () => partialMetadata(version.object));

/** The objects in the version of the request, encoded. */
async function formsOf(kind: ServedKind, version: string, versions: readonly Version[]): Promise<readonly Buffer[]> {
  const { custom } = kind;
  // Objects of a definition may lie in the store in older versions than the one that is written now.
  if (custom === undefined && isStorageForm(kind, version)) return versions.map(({ bytes }) => bytes);
  const objects = await servedAll(
    kind,
    versions.map(({ object }) => object),
    version,
  );
  return versions.map((one, index) => {
    const object = objects[index] as KubeObject;
    return object === one.object ? one.bytes : Buffer.from(JSON.stringify(object), 'utf8');
  });
}

/** Items of built-in kinds stand in a list without kind and apiVersion. */
function joined(listKind: string, apiVersion: string, metadata: Json, items: readonly Buffer[], bare: boolean): Buffer {
  const head = `{"kind":${JSON.stringify(listKind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${JSON.stringify(metadata)},"items":[`;
  const parts: Buffer[] = [Buffer.from(head, 'utf8')];
  for (const [index, item] of items.entries()) {
    if (!bare) {
      if (index > 0) parts.push(COMMA);
      parts.push(item);
      continue;
    }
    parts.push(index > 0 ? NEXT : OPEN, item.subarray(headLength(item)));
  }
  // What it makes of no objects at all is no list.
  if (items.length === 0 && listKind === 'PartialObjectMetadataList')
    return Buffer.from(`${head.slice(0, -1)}null}\n`, 'utf8');
  parts.push(END);
  return Buffer.concat(parts);
}

const METADATA = Buffer.from('"metadata":');

/** How many bytes `{"kind":...,"apiVersion":...,` takes: what is stored begins so. */
function headLength(item: Buffer): number {
  const at = item.indexOf(METADATA);
  return at < 0 ? 1 : at;
}
