import { isJsonObject, type Json } from '../objects/json.ts';

/** What capture needs of one CustomResourceDefinition. */
export interface CrdFacts {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly served: readonly string[];
  readonly storage: string;
  readonly webhook: boolean;
  /** Condition `Established`: the server says that it serves it. */
  readonly established: boolean;
}
/** What capture needs of one APIService: whether another server answers for the group-version. */
export interface ApiServiceFacts {
  readonly group: string;
  readonly version: string;
  readonly local: boolean;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const field = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined;
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const parsed = (bytes: Uint8Array): Json =>
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Json;

export function crdFacts(bytes: Uint8Array): CrdFacts {
  const crd = parsed(bytes);
  const spec = field(crd, 'spec');
  const names = field(spec, 'names');
  const versions = listOf(field(spec, 'versions'));
  const conditions = listOf(field(field(crd, 'status'), 'conditions'));
  return {
    group: text(field(spec, 'group')),
    resource: text(field(names, 'plural')),
    kind: text(field(names, 'kind')),
    namespaced: field(spec, 'scope') === 'Namespaced',
    served: versions
      .filter((version) => field(version, 'served') === true)
      .map((version) => text(field(version, 'name'))),
    storage: text(
      field(
        versions.find((version) => field(version, 'storage') === true),
        'name',
      ),
    ),
    webhook: field(field(spec, 'conversion'), 'strategy') === 'Webhook',
    established: conditions.some(
      (condition) => field(condition, 'type') === 'Established' && field(condition, 'status') === 'True',
    ),
  };
}

export function apiServiceFacts(bytes: Uint8Array): ApiServiceFacts {
  const spec = field(parsed(bytes), 'spec');
  const service = field(spec, 'service');
  return {
    group: text(field(spec, 'group')),
    version: text(field(spec, 'version')),
    local: service === undefined || service === null,
  };
}
