import type { Json, KubeObject } from '../../objects/json.ts';
import type { ServedKind } from '../api/served-kind.ts';
import { type TableColumns, tableColumns } from '../kinds/tables/table-columns.ts';

const NAME_TEXT =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const AGE_TEXT =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

/** Name and creation time: what the server shows of kinds that have no columns of their own. */
export const PLAIN_COLUMNS: TableColumns = {
  definitions: [
    { name: 'Name', type: 'string', format: 'name', description: NAME_TEXT, priority: 0 },
    { name: 'Created At', type: 'date', format: '', description: AGE_TEXT, priority: 0 },
  ],
  cells: ({ metadata }) => [metadata.name ?? '', metadata.creationTimestamp ?? null],
};

/** Of the kind's definition, of the built-in kind, or the two that everything has. */
export function columnsOf(kind: ServedKind, version: string): TableColumns {
  return kind.custom?.columns(version) ?? tableColumns(kind.resource) ?? PLAIN_COLUMNS;
}

export interface TableParts {
  readonly kind: ServedKind;
  readonly version: string;
  /** `includeObject` of the request: default `Metadata`. */
  readonly include: string;
  readonly now: number;
}

/** `rows` of a Table, one an object. */
export function tableRow(parts: TableParts, columns: TableColumns, object: KubeObject): Json {
  const row: Record<string, Json> = { cells: columns.cells(object, parts.now) };
  if (parts.include === 'Object') row.object = object as unknown as Json;
  else row.object = parts.include === 'None' ? null : (partialMetadata(object) as unknown as Json);
  return row;
}

/** Kinds whose Tables the server makes without a printer of their own: no rows are null there. */
const DEFAULT_ROWS: ReadonlySet<string> = new Set(['customresourcedefinitions.apiextensions.k8s.io']);

export function tableOf(
  parts: TableParts,
  objects: readonly KubeObject[],
  metadata: Json,
  withDefinitions = true,
): Json {
  const columns = columnsOf(parts.kind, parts.version);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withDefinitions ? (columns.definitions as unknown as Json) : null,
    rows:
      objects.length === 0 && DEFAULT_ROWS.has(parts.kind.resource)
        ? null
        : inOrder(columns, objects).map((object) => tableRow(parts, columns, object)),
  };
}

const inOrder = (columns: TableColumns, objects: readonly KubeObject[]): readonly KubeObject[] =>
  columns.order === undefined ? objects : objects.toSorted(columns.order);

/** In memory a DaemonSet keeps this as a field, and forms of answers are made from what is in memory. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

export function partialMetadata(object: KubeObject): KubeObject {
  const { metadata } = object;
  const about = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
  if (object.kind !== 'DaemonSet' || object.apiVersion !== 'apps/v1') return { ...about, metadata };
  const { [TEMPLATE_GENERATION]: _field, ...annotations } = metadata.annotations ?? {};
  const { annotations: _all, ...rest } = metadata;
  return { ...about, metadata: Object.keys(annotations).length === 0 ? rest : { ...rest, annotations } };
}
