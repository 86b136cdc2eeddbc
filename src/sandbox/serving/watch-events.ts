import type { KubeObject } from '../../objects/json.ts';
import { isStorageForm, served } from '../api/conversion.ts';
import type { Selection } from '../api/selection.ts';
import { apiVersionOf, type ServedKind } from '../api/served-kind.ts';
import { Refusal } from '../status/refusal.ts';
import type { VersionChange } from '../storage/object-store.ts';
import type { Version } from '../storage/version.ts';
import { metadataBytes } from './list-body.ts';
import type { Shape } from './media.ts';
import { type TableParts, tableOf } from './table.ts';

/** What one kind of watcher sees: watchers with the same view share every byte. */
export interface WatchView {
  readonly kind: ServedKind;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly selection: Selection;
  readonly shape: Shape;
  readonly table: TableParts;
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

const PREFIX: Readonly<Record<EventType, Buffer>> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
  BOOKMARK: Buffer.from('{"type":"BOOKMARK","object":'),
  ERROR: Buffer.from('{"type":"ERROR","object":'),
};
const SUFFIX = Buffer.from('}\n');

const lineOf = (type: EventType, object: Buffer): Buffer => Buffer.concat([PREFIX[type], object, SUFFIX]);
const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

export const errorLine = (refusal: Refusal): Buffer => lineOf('ERROR', encode(refusal.status));

/** What a view sees of a change: an object that comes to be selected is added, one that ceases to be is deleted. */
export function eventOf(view: WatchView, change: VersionChange): Buffer | undefined | Promise<Buffer> {
  const { now } = change;
  if (view.namespace !== undefined && now.object.metadata.namespace !== view.namespace) return undefined;
  const { selection } = view;
  const before = change.kind === 'added' ? undefined : change.before.object;
  const was = before !== undefined && (selection.everything || selection.matches(before));
  const is = change.kind !== 'deleted' && (selection.everything || selection.matches(now.object));
  if (is) return line(view, was ? 'MODIFIED' : 'ADDED', now);
  if (!was || before === undefined) return undefined;
  if (change.kind === 'deleted') return line(view, 'DELETED', now);
  // The last state that was selected, with the revision at which it ceased to be.
  const metadata = { ...before.metadata, resourceVersion: String(now.revision) };
  return objectLine(view, 'DELETED', { ...before, metadata });
}

/** The event of one stored version, encoded once for all who see it the same way. */
export function line(view: WatchView, type: EventType, version: Version): Buffer | Promise<Buffer> {
  const { kind, shape } = view;
  if (shape.as === 'Table') return objectLine(view, type, version.object);
  if (shape.as !== 'object') return version.form(`${type} metadata`, () => lineOf(type, metadataBytes(version)));
  if (kind.custom === undefined && isStorageForm(kind, view.version))
    return version.form(type, () => lineOf(type, version.bytes));
  return objectLine(view, type, version.object);
}

function objectLine(view: WatchView, type: EventType, object: KubeObject): Buffer | Promise<Buffer> {
  let shown: KubeObject | Promise<KubeObject>;
  try {
    shown = served(view.kind, object, view.version);
  } catch (error) {
    if (error instanceof Refusal) return errorLine(error);
    throw error;
  }
  if (!(shown instanceof Promise)) return lineOf(type, encode(formed(view, shown)));
  return shown.then(
    (converted) => lineOf(type, encode(formed(view, converted))),
    (error: unknown) => {
      if (error instanceof Refusal) return errorLine(error);
      throw error;
    },
  );
}

function formed(view: WatchView, object: KubeObject): unknown {
  if (view.shape.as === 'Table') {
    const { resourceVersion = '' } = object.metadata;
    return tableOf(view.table, [object], { resourceVersion }, isFirst(view.table));
  }
  return view.shape.as === 'object'
    ? object
    : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

const begun = new WeakSet<TableParts>();
/** The columns are told with the first event of a watch and not again. */
function isFirst(table: TableParts): boolean {
  if (begun.has(table)) return false;
  begun.add(table);
  return true;
}

/** Says how far the watch has come; the one that ends the initial events says that too. */
export function bookmark(view: WatchView, revision: number, initialEventsEnd: boolean): Buffer {
  const metadata = {
    resourceVersion: String(revision),
    ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  };
  const object = {
    kind: view.kind.kind,
    apiVersion: apiVersionOf(view.kind.group, view.version),
    metadata,
  } as unknown as KubeObject;
  if (view.shape.as === 'Table')
    return lineOf('BOOKMARK', encode(tableOf(view.table, [object], metadata, isFirst(view.table))));
  return lineOf('BOOKMARK', encode(formed(view, object)));
}
