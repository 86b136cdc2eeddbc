import { clusterFault } from '../codes.ts';
import type { CollectionAddress, ListEnd, ListOptions, ListOutcome, RawItem, Rejection } from '../port.ts';
import { collectionPath, type Query, withQuery } from './address.ts';
import { malformed } from './answer.ts';
import { Page, type PageEnd } from './list-page.ts';
import type { Transport } from './transport.ts';

type OnItem = (item: RawItem) => void | Promise<void>;

const METADATA_SHAPE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
/** A server may answer a page without items and still go on; not for ever. */
const MOST_EMPTY_PAGES = 1000;

/**
 * Lists a collection page by page. With Go's encoding the token of the next page comes before the items of this one,
 * so the next page is asked for while this one is read: one ahead at most, held at its first bytes until its turn.
 */
export async function list(
  transport: Transport,
  at: CollectionAddress,
  onItem: OnItem,
  options: ListOptions = {},
): Promise<ListOutcome> {
  const walk = new ListWalk(transport, at, onItem, options);
  try {
    return await walk.run();
  } finally {
    walk.stop();
  }
}

class ListWalk {
  readonly #transport: Transport;
  readonly #onItem: OnItem;
  readonly #options: ListOptions;
  readonly #path: string;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #limit: number;
  #ahead: Page | undefined;
  #items = 0;
  #bytes = 0;

  constructor(transport: Transport, at: CollectionAddress, onItem: OnItem, options: ListOptions) {
    this.#transport = transport;
    this.#onItem = onItem;
    this.#options = options;
    this.#path = collectionPath(at);
    this.#limit = options.limit ?? 500;
    this.#signal =
      options.signal === undefined ? this.#stop.signal : AbortSignal.any([options.signal, this.#stop.signal]);
  }

  stop(): void {
    this.#stop.abort(clusterFault('ABORTED', 'The list ended.'));
  }

  async run(): Promise<ListOutcome> {
    const exact = this.#options.revision?.exact;
    let page = this.#page('', exact === undefined ? {} : exactly(exact));
    let first: PageEnd | undefined;
    let empty = 0;
    for (;;) {
      const outcome = await page.read();
      if (outcome.kind === 'rejected') return refused(outcome);
      first ??= outcome;
      const token = outcome.head.continueToken;
      if (token === '' || this.#options.firstPageOnly === true) return { kind: 'complete', end: this.#endOf(first) };
      if (token === page.token) throw malformed(this.#what, 'names the page after it by its own token: it has no end');
      empty = outcome.items === 0 ? empty + 1 : 0;
      if (empty > MOST_EMPTY_PAGES) throw malformed(this.#what, `has ${empty} pages without items in a row`);
      const ahead = this.#ahead;
      this.#ahead = undefined;
      page = ahead?.token === token ? ahead : this.#page(token, {});
      page.open();
    }
  }

  #page(token: string, revision: Query): Page {
    const page = new Page({
      transport: this.#transport,
      path: (again) =>
        withQuery(this.#path, {
          limit: this.#limit,
          ...(token === '' ? (again === undefined ? revision : exactly(again)) : { continue: token }),
          labelSelector: this.#options.labelSelector,
          fieldSelector: this.#options.fieldSelector,
        }),
      token,
      what: this.#what,
      accept: this.#options.shape === 'metadata' ? METADATA_SHAPE : 'application/json',
      signal: this.#signal,
      onItem: (item) => this.#take(item),
      onToken: (next) => {
        // Exactly one page ahead: the page ahead is shut, so it does not learn its own successor.
        if (next === '' || next === token || this.#ahead !== undefined || this.#options.firstPageOnly === true) return;
        this.#ahead = this.#page(next, {});
        this.#ahead.begin();
      },
    });
    if (token === '') page.open();
    return page;
  }

  #take(item: RawItem): void | Promise<void> {
    if (++this.#items > this.#transport.limits.items) throw malformed(this.#what, 'has items without end');
    this.#bytes += item.bytes.length;
    return this.#onItem(item);
  }

  #endOf(first: PageEnd): ListEnd {
    const { revision, apiVersion, kind, continueToken, remaining } = first.head;
    const end = { revision, items: this.#items, bytes: this.#bytes, apiVersion, kind };
    if (continueToken === '') return { ...end, announced: first.items };
    return remaining === undefined ? end : { ...end, announced: first.items + remaining };
  }

  get #what(): string {
    return `the list ${this.#path}`;
  }
}

function exactly(revision: string): Query {
  return { resourceVersion: revision, resourceVersionMatch: 'Exact' };
}

function refused(rejection: Rejection): ListOutcome {
  return rejection.status === 410 ? { kind: 'expired' } : rejection;
}
