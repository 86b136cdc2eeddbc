import { parseRevision, tooLarge } from '../api/read.ts';
import { type Refusal, refusal } from '../status/refusal.ts';
import type { ObjectStore, VersionChange } from '../storage/object-store.ts';
import type { Sink } from './exchange.ts';
import { bookmark, errorLine, eventOf, line, type WatchView } from './watch-events.ts';

export interface WatchRequest {
  readonly view: WatchView;
  readonly resourceVersion: string | undefined;
  readonly sendInitialEvents: boolean | undefined;
  readonly bookmarks: boolean;
  /** Milliseconds of real time until the stream ends. */
  readonly timeoutMillis: number;
}

/** A client that does not read this much is let go. */
const MOST_WAITING = 64 * 1024 * 1024;
/** What happens leaves at the latest so much later. */
const LONGEST_PAUSE = 50;
const BOOKMARK_MILLIS = 60_000;
/** The last one comes so long before the end. */
const LAST_BOOKMARK_MILLIS = 2_000;

interface Group {
  readonly view: WatchView;
  readonly members: Set<Sink>;
  pending: (Buffer | Promise<Buffer>)[];
  scheduled: boolean;
  /** How long the last flush took. */
  lastMillis: number;
  /** Lines leave in order even when some of them wait for a webhook. */
  tail: Promise<void>;
  readonly stop: () => void;
}

/** Watches of one store: those that see the same share the work, and what happens in one turn leaves in one write. */
export class Watches {
  readonly #store: ObjectStore;
  readonly #groups = new Map<string, Group>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  get size(): number {
    let count = 0;
    for (const group of this.#groups.values()) count += group.members.size;
    return count;
  }

  /** Begins to write events; gives what stops it. What cannot be begun is an ERROR event, or thrown before the stream. */
  start(request: WatchRequest, sink: Sink): () => void {
    const { view } = request;
    const failure = this.#begin(request, sink);
    if (failure !== undefined) {
      sink.write(errorLine(failure));
      sink.end();
      return () => undefined;
    }
    const group = this.#join(view, sink);
    const timers: NodeJS.Timeout[] = [];
    const stop = (): void => {
      for (const timer of timers) clearTimeout(timer);
      group.members.delete(sink);
      if (group.members.size > 0) return;
      group.stop();
      this.#groups.delete(nameOf(view));
    };
    if (request.timeoutMillis > 0)
      timers.push(
        setTimeout(() => {
          stop();
          sink.end();
        }, request.timeoutMillis).unref(),
      );
    const mark = (): void => {
      this.#flush(group);
      if (sink.open) sink.write(bookmark(view, this.#store.revision, false));
    };
    if (request.bookmarks && request.timeoutMillis > LAST_BOOKMARK_MILLIS)
      timers.push(setTimeout(mark, request.timeoutMillis - LAST_BOOKMARK_MILLIS).unref());
    if (request.bookmarks) timers.push(setInterval(mark, BOOKMARK_MILLIS).unref());
    return stop;
  }

  /** Everything before the events that are yet to come. */
  #begin(request: WatchRequest, sink: Sink): Refusal | undefined {
    const { view, resourceVersion, sendInitialEvents } = request;
    const store = this.#store;
    const asked = resourceVersion === undefined ? 0 : parseRevision(resourceVersion);
    // Without a revision, or with 0, a watch begins with what there is; unless it was asked not to.
    const initial = sendInitialEvents ?? asked === 0;
    if (asked > store.revision) return tooLarge(asked, store.revision);
    const lines: (Buffer | Promise<Buffer>)[] = [];
    if (initial) {
      store.scan(view.kind.storedAs, prefixOf(view), (version) => {
        if (view.selection.everything || view.selection.matches(version.object))
          lines.push(line(view, 'ADDED', version));
        return true;
      });
      if (sendInitialEvents === true && request.bookmarks) lines.push(bookmark(view, store.revision, true));
    } else if (asked > 0) {
      if (asked < store.compacted)
        return refusal({
          code: 410,
          reason: 'Expired',
          message: `too old resource version: ${asked} (${store.compacted})`,
        });
      for (const change of store.changesAfter(view.kind.storedAs, asked)) {
        const event = eventOf(view, change);
        if (event !== undefined) lines.push(event);
      }
    }
    if (lines.length > 0) send(lines, [sink]);
    return undefined;
  }

  #join(view: WatchView, sink: Sink): Group {
    const name = nameOf(view);
    let group = this.#groups.get(name);
    if (group === undefined) {
      const made: Group = {
        view,
        members: new Set(),
        pending: [],
        scheduled: false,
        lastMillis: 0,
        tail: Promise.resolve(),
        stop: this.#store.subscribe((change) => this.#note(made, change), view.kind.storedAs),
      };
      group = made;
      this.#groups.set(name, group);
    }
    // What is pending happened before this watcher came.
    this.#flush(group);
    group.members.add(sink);
    return group;
  }

  #note(group: Group, change: VersionChange): void {
    const event = eventOf(group.view, change);
    if (event === undefined) return;
    group.pending.push(event);
    if (group.scheduled) return;
    group.scheduled = true;
    // With a thousand watchers a flush takes long: as much time as the last one took belongs to those who make changes.
    if (group.lastMillis < 1) setImmediate(() => this.#flush(group));
    else setTimeout(() => this.#flush(group), Math.min(LONGEST_PAUSE, group.lastMillis));
  }

  #flush(group: Group): void {
    group.scheduled = false;
    const { pending } = group;
    if (pending.length === 0) return;
    group.pending = [];
    const began = performance.now();
    send(pending, group.members);
    group.lastMillis = performance.now() - began;
  }
}

/** One write of all lines to everyone; lines that wait for a webhook hold back those behind them. */
function send(lines: readonly (Buffer | Promise<Buffer>)[], sinks: Iterable<Sink>): void {
  const ready = lines.every((one) => Buffer.isBuffer(one));
  if (ready) {
    const bytes = lines.length === 1 ? (lines[0] as Buffer) : Buffer.concat(lines as readonly Buffer[]);
    for (const sink of sinks) if (sink.open) sink.write(bytes);
    return;
  }
  const members = [...sinks];
  void Promise.all(lines).then((all) => {
    const bytes = Buffer.concat(all);
    for (const sink of members) if (sink.open) sink.write(bytes);
  });
}

const numbers = new WeakMap<object, number>();
let tables = 0;
function numberOf(table: object): number {
  const known = numbers.get(table) ?? ++tables;
  numbers.set(table, known);
  return known;
}

function nameOf({ kind, version, namespace, selection, shape, table }: WatchView): string {
  // A Table's columns are told once in a watch, so that no two of them share their bytes.
  const own = shape.as === 'Table' ? numberOf(table) : '';
  return [kind.resource, version, namespace ?? '', shape.as, table.include, selection.text, own].join('\n');
}

function prefixOf({ kind, namespace }: WatchView): { prefix?: string } {
  return kind.namespaced && namespace !== undefined ? { prefix: `${namespace}/` } : {};
}

export { MOST_WAITING };
