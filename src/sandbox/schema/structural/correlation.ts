import { deepEqual } from './deep-equal.ts';
import type { SchemaNode } from './node.ts';

const asMap = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/**
 * A value beside the one it was before an update, as far as the two can be told to be the same place: fields by name,
 * items of lists of type map by their keys. What cannot be told apart has no correlation (undefined).
 */
export class Correlation {
  readonly value: unknown;
  readonly before: unknown;
  readonly node: SchemaNode;
  private equal: boolean | undefined;
  private byKeys: ReadonlyMap<string, unknown> | undefined;

  constructor(value: unknown, before: unknown, node: SchemaNode) {
    this.value = value;
    this.before = before;
    this.node = node;
  }

  field(name: string): Correlation | undefined {
    const now = asMap(this.value);
    const then = asMap(this.before);
    if (now === undefined || then === undefined || !Object.hasOwn(now, name) || !Object.hasOwn(then, name))
      return undefined;
    const below = this.node.properties.get(name) ?? this.node.additional;
    return typeof below === 'object' ? new Correlation(now[name], then[name], below) : undefined;
  }

  item(index: number): Correlation | undefined {
    const { items, listType } = this.node;
    if (listType !== 'map' || items === undefined || !Array.isArray(this.value) || !Array.isArray(this.before))
      return undefined;
    const item: unknown = this.value[index];
    const before = this.itemBefore(item);
    return before === undefined || before === null ? undefined : new Correlation(item, before, items);
  }

  /** The old item with the same keys, for lists of type map. */
  itemBefore(item: unknown): unknown {
    if (this.node.listType !== 'map' || !Array.isArray(this.before)) return undefined;
    this.byKeys ??= new Map(
      [...this.before].reverse().flatMap((old: unknown) => {
        const key = keyOf(this.node, old);
        return key === undefined ? [] : [[key, old] as const];
      }),
    );
    const key = keyOf(this.node, item);
    return key === undefined ? undefined : this.byKeys.get(key);
  }

  /** Nothing changed here. */
  unchanged(): boolean {
    this.equal ??= this.compare();
    return this.equal;
  }

  private compare(): boolean {
    const { value, before, node } = this;
    if (Array.isArray(value) && Array.isArray(before) && node.listType === 'map') {
      return (
        value.length === before.length && value.every((item, index) => this.item(index)?.unchanged() ?? item === null)
      );
    }
    return deepEqual(value ?? null, before ?? null);
  }
}

function keyOf(node: SchemaNode, item: unknown): string | undefined {
  const map = asMap(item);
  return map === undefined ? undefined : JSON.stringify(node.listKeys.map((name) => map[name]));
}
