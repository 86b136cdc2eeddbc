import { isJsonObject, type Json, type KubeObject } from '../objects/json.ts';
import { pointerOfLeaf } from '../objects/leaf-pointers.ts';
import { leavesOf } from '../objects/managed-fields.ts';
import { escapeSegment, getAt } from '../objects/pointer.ts';
import type { MintedRule } from './language.ts';
import { expression } from './where.ts';

const NEVER = [
  '/metadata/managedFields',
  '/metadata/uid',
  '/metadata/resourceVersion',
  '/metadata/ownerReferences',
  '/status',
];

/**
 * The places of a minted object that someone other than its minter wrote: pointers into the captured body, containers that
 * exist only because of what is in them left out. An object without managed fields has none: nothing tells who wrote what.
 */
export function editedLeaves(object: KubeObject, rule: MintedRule): readonly string[] {
  const found = new Set<string>(
    rule.empty === true && object.metadata.managedFields === undefined ? everyPlace(object) : [],
  );
  for (const entry of object.metadata.managedFields ?? []) {
    if (entry.fieldsV1 === undefined || entry.subresource !== undefined) continue;
    if (rule.by.some((pattern) => expression(pattern).test(entry.manager ?? ''))) continue;
    for (const leaf of leavesOf(entry.fieldsV1)) {
      const pointer = pointerOfLeaf(object, leaf);
      if (pointer !== undefined && pointer !== '') found.add(pointer);
    }
  }
  const forbidden = [...NEVER, ...(rule.except ?? [])];
  return [...found]
    .filter((path) => !forbidden.some((place) => path === place || path.startsWith(`${place}/`)))
    .filter((path) => !hasDeeper(found, path) && !isEmpty(getAt(object, path)))
    .sort();
}

/** Where something stands, lists whole: `/imagePullSecrets`, `/metadata/labels/a`. */
function everyPlace(object: KubeObject): string[] {
  const below = (value: unknown, path: string): string[] =>
    isJsonObject(value as Json)
      ? Object.entries(value as object).flatMap(([name, inner]) => below(inner, `${path}/${escapeSegment(name)}`))
      : [path];
  const { labels, annotations } = object.metadata;
  const { apiVersion: _, kind: __, metadata: ___, ...fields } = object;
  return [...below(fields, ''), ...below({ metadata: { labels: labels ?? {}, annotations: annotations ?? {} } }, '')];
}

function hasDeeper(paths: ReadonlySet<string>, path: string): boolean {
  for (const other of paths) if (other.startsWith(`${path}/`)) return true;
  return false;
}
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
