import { type RecordedMessages, recordedMessages } from '../../recorded/messages.ts';

/** What a field holds. `list` and `map` hold many; the others are told apart by their form in JSON. */
export type WireType =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'list' | 'map'; readonly of: WireType }
  | { readonly kind: 'string' | 'int' | 'bool' | 'double' | 'bytes' }
  | { readonly kind: 'time' | 'micro' | 'duration' | 'quantity' | 'either' | 'raw' | 'items' }
  | { readonly kind: 'schemaOrBool' | 'schemaOrSchemas' | 'schemaOrNames' };

export interface MessageField {
  /** In JSON; empty: what it holds stands among the fields of the message around it. */
  readonly name: string;
  readonly type: WireType;
}
/** Fields by their number. */
export type Message = ReadonlyMap<number, MessageField>;

type PlainKind = Exclude<WireType['kind'], 'message' | 'list' | 'map'>;

class Book {
  readonly #recorded: RecordedMessages = recordedMessages();
  readonly #made = new Map<number, Map<number, MessageField>>();

  get schemas(): Message {
    return this.#message(this.#recorded.schemas);
  }

  ofKind(apiVersion: string, kind: string): Message | undefined {
    const name = kind === 'DeleteOptions' ? 'v1/DeleteOptions' : `${apiVersion}/${kind}`;
    const at = this.#recorded.kinds[name];
    return at === undefined ? undefined : this.#message(at);
  }

  #message(at: number): Message {
    const known = this.#made.get(at);
    if (known !== undefined) return known;
    const fields = new Map<number, MessageField>();
    // Before its fields: messages may hold themselves.
    this.#made.set(at, fields);
    for (const [number, name, type] of this.#recorded.messages[at] ?? [])
      fields.set(number, { name, type: this.#type(type) });
    return fields;
  }

  #type(text: string): WireType {
    if (text.startsWith('[]')) return { kind: 'list', of: this.#type(text.slice(2)) };
    if (text.startsWith('{}')) return { kind: 'map', of: this.#type(text.slice(2)) };
    if (/^\d+$/.test(text)) return { kind: 'message', message: this.#message(Number(text)) };
    return { kind: text as PlainKind };
  }
}

let book: Book | undefined;

/** The message of a built-in kind, in any version that the pinned server knows. */
export function messageOf(apiVersion: string, kind: string): Message | undefined {
  book ??= new Book();
  return book.ofKind(apiVersion, kind);
}

/** The schemas inside a definition of custom resources. */
export function schemaMessage(): Message {
  book ??= new Book();
  return book.schemas;
}
