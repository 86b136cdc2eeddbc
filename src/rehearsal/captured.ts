import type { KubeObject } from '../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName } from '../objects/key.ts';
import { parseBody } from '../recover/run-context.ts';
import type { PointReader } from '../vault/vault.ts';
import type { SecretLookup } from './stage.ts';

const SECRETS = 'secrets' as ResourceName;

/** Captured objects by their key, of the few resources that a rehearsal looks into. */
export class Captured {
  readonly #reader: PointReader;
  readonly #rows = new Map<KeyText, number>();

  constructor(reader: PointReader, wanted: ReadonlySet<ResourceName>) {
    this.#reader = reader;
    for (const { row, resource, namespace, name } of reader.entries)
      if (resource === SECRETS || wanted.has(resource)) this.#rows.set(keyTextOf(resource, namespace, name), row);
  }

  async get(key: KeyText): Promise<KubeObject | undefined> {
    const row = this.#rows.get(key);
    return row === undefined ? undefined : parseBody(await this.#reader.read(row), row);
  }

  readonly secretOf: SecretLookup = (namespace, name) => this.get(keyTextOf(SECRETS, namespace, name));
}
