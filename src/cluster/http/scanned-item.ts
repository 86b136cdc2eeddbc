import type { RawItem } from '../port.ts';
import { clip, malformed } from './answer.ts';

export type ScannedItem = RawItem;

/** The four fields that are found on the way, in the order of their numbers. */
export const WANTED = ['name', 'namespace', 'uid', 'resourceVersion'] as const;
const MOST_FIELD = 64 << 10;

/** Makes items of bytes and of where their fields stand; namespaces that repeat share one text. */
export class ItemMaker {
  readonly #what: string;
  #namespace: string | undefined;

  constructor(what: string) {
    this.#what = what;
  }

  /** `from[k]` and `to[k]` enclose the text of field k inside `bytes`; `to[k] < 0` when it was not a text, `from[k] < 0` when absent. */
  make(bytes: Buffer, from: Int32Array, to: Int32Array): ScannedItem {
    const name = this.#field(bytes, from, to, 0);
    if (name === undefined || name === '') throw malformed(this.#what, 'has an item without metadata.name');
    const namespace = this.#field(bytes, from, to, 1);
    if (namespace !== this.#namespace) this.#namespace = namespace;
    return {
      bytes,
      name,
      namespace: this.#namespace,
      uid: this.#field(bytes, from, to, 2) ?? '',
      resourceVersion: this.#field(bytes, from, to, 3) ?? '',
    };
  }

  #field(bytes: Buffer, from: Int32Array, to: Int32Array, index: number): string | undefined {
    const start = from[index] ?? -1;
    if (start < 0) return undefined;
    const end = to[index] ?? -1;
    if (end < 0) throw malformed(this.#what, `has an item whose metadata.${WANTED[index]} is no text`);
    if (end - start > MOST_FIELD)
      throw malformed(this.#what, `has an item whose metadata.${WANTED[index]} is ${end - start} bytes long`);
    const text = bytes.toString('utf8', start, end);
    return text.includes('\\') ? this.#unescaped(text) : text;
  }

  #unescaped(text: string): string {
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch (cause) {
      throw malformed(this.#what, `has an item with the text ${clip(text)}, which is no JSON`, cause);
    }
  }
}
