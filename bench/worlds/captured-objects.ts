import type { KubeObject, OwnerReference } from '../../src/objects/json.ts';
import { uidFor } from './random.ts';

/** What an added object has beside its fields. `fields`: leaves that its one manager owns, so that they are to be written back. */
export interface Extras {
  readonly owners?: readonly KubeObject[];
  readonly fields?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** Objects as a capture has them, told one by one; each gets a UID of its own, the same every time. */
export class CapturedObjects {
  readonly #made: KubeObject[] = [];

  get all(): readonly KubeObject[] {
    return this.#made;
  }

  /** The UID that the next added object gets. */
  nextUid(): string {
    return uidFor(0xd0, this.#made.length);
  }

  add(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
    rest: Readonly<Record<string, unknown>>,
    more: Extras = {},
  ): KubeObject {
    const { owners = [], fields, ...kept } = more;
    const made: KubeObject = {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid: this.nextUid(),
        resourceVersion: String(this.#made.length + 100),
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...kept,
        ...(owners.length === 0 ? {} : { ownerReferences: owners.map(reference) }),
        ...(fields === undefined ? {} : { managedFields: [fieldsOf(apiVersion, fields, owners)] }),
      },
      ...rest,
    };
    this.#made.push(made);
    return made;
  }

  /** Gives an object that was added an owner that came later. */
  own(object: KubeObject, owner: KubeObject): void {
    const metadata = { ...object.metadata, ownerReferences: [reference(owner)] };
    this.#made[this.#made.indexOf(object)] = { ...object, metadata };
  }
}

function fieldsOf(apiVersion: string, fields: readonly string[], owners: readonly KubeObject[]) {
  const keys = Object.fromEntries(owners.map(({ metadata }) => [`k:{"uid":"${metadata.uid}"}`, {}]));
  const owned = owners.length === 0 ? {} : { 'f:metadata': { 'f:ownerReferences': { '.': {}, ...keys } } };
  const fieldsV1 = { ...Object.fromEntries(fields.map((field) => [field, {}])), ...owned };
  return {
    manager: 'kustomize-controller',
    operation: 'Apply',
    apiVersion,
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
}

function reference({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  const { name = '', uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
