import { copyJson } from './defaults.ts';
import type { SchemaNode } from './node.ts';
import { prune } from './prune.ts';

/** Takes unknown fields out of the defaults themselves, in place in the node. */
export function cleanDefaults(node: SchemaNode): void {
  if (!node.hasDefaults) return;
  if (typeof node.default === 'object') {
    const copy = copyJson(node.default);
    prune(copy, node);
    node.default = copy;
  }
  if (node.items !== undefined) cleanDefaults(node.items);
  if (typeof node.additional === 'object') cleanDefaults(node.additional);
  for (const property of node.properties.values()) cleanDefaults(property);
}
