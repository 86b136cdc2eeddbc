import { collectionPath, withQuery } from '../cluster/http/address.ts';
import { isSuccess, type RawAnswer, rejectionOf } from '../cluster/http/answer.ts';
import { LIMITS } from '../cluster/http/limits.ts';
import { type ListHead, ListScanner } from '../cluster/http/list-scanner.ts';
import type { CollectionAddress, ListOptions, ListOutcome, RawItem } from '../cluster/port.ts';

const METADATA_SHAPE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const PAGE = 500;

/** A list page by page, as the HTTP adapter does it, without asking ahead. */
export async function listInProcess(
  ask: (path: string, accept: string) => Promise<RawAnswer>,
  at: CollectionAddress,
  onItem: (item: RawItem) => void | Promise<void>,
  options: ListOptions,
): Promise<ListOutcome> {
  const { labelSelector, fieldSelector, shape, revision, limit = PAGE } = options;
  const accept = shape === 'metadata' ? METADATA_SHAPE : 'application/json';
  let token = '';
  let items = 0;
  let bytes = 0;
  let first: { readonly head: ListHead; readonly items: number } | undefined;
  for (;;) {
    const exact =
      token === '' && revision !== undefined ? { resourceVersion: revision.exact, resourceVersionMatch: 'Exact' } : {};
    const next = token === '' ? {} : { continue: token };
    const path = withQuery(collectionPath(at), { limit, ...next, ...exact, labelSelector, fieldSelector });
    const raw = await ask(path, accept);
    if (!isSuccess(raw.status)) return raw.status === 410 ? { kind: 'expired' } : rejectionOf(raw);
    const scanner = new ListScanner({ item: LIMITS.item, what: `the list ${path}` });
    scanner.push(raw.body);
    let found = 0;
    for (let item = scanner.next(); item !== undefined; item = scanner.next()) {
      found++;
      bytes += item.bytes.length;
      const waiting = onItem(item);
      if (waiting !== undefined) await waiting;
    }
    items += found;
    const head = scanner.finish();
    first ??= { head, items: found };
    token = head.continueToken;
    if (token !== '' && options.firstPageOnly !== true) continue;
    const announced =
      first.head.continueToken === ''
        ? first.items
        : first.head.remaining === undefined
          ? undefined
          : first.items + first.head.remaining;
    return {
      kind: 'complete',
      end: {
        revision: first.head.revision,
        items,
        bytes,
        apiVersion: first.head.apiVersion,
        kind: first.head.kind,
        ...(announced === undefined ? {} : { announced }),
      },
    };
  }
}
