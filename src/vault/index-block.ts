import type { ResourceName } from '../objects/key.ts';
import { isDigest } from './digest.ts';
import { LACKS, type Lacks } from './item-type.ts';

/**
 * One line of the index: one frame and the objects in it, in columns. A frame holds objects of one resource.
 * Object `i` stands in the uncompressed frame after the `lengths` before it.
 */
export interface IndexBlock {
  readonly resource: ResourceName;
  readonly lacks: Lacks;
  readonly pack: number;
  /** Bytes of the pack before the frame, and of the frame. */
  readonly from: number;
  readonly size: number;
  /** Bytes of the uncompressed frame. */
  readonly raw: number;
  /** Of the compressed frame. */
  readonly sha256: string;
  /** Namespaces with how many objects in a row; null for cluster scope. */
  readonly spaces: readonly (readonly [string | null, number])[];
  readonly names: readonly string[];
  readonly uids: readonly string[];
  readonly lengths: readonly number[];
  /** 64 hex digits an object. */
  readonly digests: string;
}

/** The first line of the index: how the items of each resource are typed. */
export interface IndexHead {
  readonly types: Readonly<Record<string, { readonly apiVersion: string; readonly kind: string }>>;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const allOf = <T>(value: unknown, is: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.every(is);

/** The block of a parsed line; undefined when it is none. */
export function asIndexBlock(value: unknown): IndexBlock | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const block = value as { readonly [Field in keyof IndexBlock]?: unknown };
  const { names, uids, lengths, spaces, digests } = block;
  if (!isText(block.resource) || !LACKS.includes(block.lacks as Lacks) || !isDigest(block.sha256)) return undefined;
  if (![block.pack, block.from, block.size, block.raw].every(isCount)) return undefined;
  if (!allOf(names, isText) || !allOf(uids, isText) || !allOf(lengths, isCount)) return undefined;
  if (!isText(digests) || !Array.isArray(spaces)) return undefined;
  const inSpaces = spaces.reduce(
    (sum: number, run: unknown) => sum + (Array.isArray(run) ? Number(run[1]) : Number.NaN),
    0,
  );
  const objects = names.length;
  const inFrame = lengths.reduce((sum, length) => sum + length, 0);
  if (uids.length !== objects || lengths.length !== objects || digests.length !== objects * 64) return undefined;
  return inSpaces === objects && inFrame === block.raw ? (value as IndexBlock) : undefined;
}
