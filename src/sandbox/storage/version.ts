import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import type { Stored } from './store.ts';

/** One version of one object with what was encoded of it; linked to the version before it until that is compacted away. */
export class Version implements Stored {
  readonly resource: ResourceName;
  readonly key: string;
  readonly object: KubeObject;
  readonly revision: number;
  /** This version says that the object is gone; `object` is its last state. */
  readonly deleted: boolean;
  previous: Version | undefined;
  #own: Buffer | undefined;
  #others: Map<string, Buffer> | undefined;

  constructor(
    resource: ResourceName,
    key: string,
    object: KubeObject,
    revision: number,
    deleted: boolean,
    previous: Version | undefined,
  ) {
    this.resource = resource;
    this.key = key;
    this.object = object;
    this.revision = revision;
    this.deleted = deleted;
    this.previous = previous;
  }

  /** The object as JSON, as it is stored; encoded once. */
  get bytes(): Buffer {
    this.#own ??= Buffer.from(JSON.stringify(this.object), 'utf8');
    return this.#own;
  }

  /** Another form of the object (another served version, metadata alone); made once by `make`. */
  form(name: string, make: () => unknown): Buffer {
    this.#others ??= new Map();
    let bytes = this.#others.get(name);
    if (bytes === undefined) {
      const made = make();
      bytes = made instanceof Buffer ? made : Buffer.from(JSON.stringify(made), 'utf8');
      this.#others.set(name, bytes);
    }
    return bytes;
  }
}
