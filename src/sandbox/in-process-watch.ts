import { clusterFault } from '../cluster/codes.ts';
import { collectionPath, withQuery } from '../cluster/http/address.ts';
import { kubeObjectOf, rejectionOf, statusRejection } from '../cluster/http/answer.ts';
import type { CollectionAddress, WatchEvent, WatchOptions } from '../cluster/port.ts';
import { isJsonObject, type JsonObject } from '../objects/json.ts';
import type { SandboxAnswer } from './serving/exchange.ts';

const DEFAULT_SECONDS = 300;

/** Events of a collection until the time is up or the caller has had enough. */
export async function* watchInProcess(
  ask: (path: string) => Promise<SandboxAnswer>,
  at: CollectionAddress,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal, fromRevision, sendInitialEvents, labelSelector, fieldSelector } = options;
  const path = withQuery(collectionPath(at), {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: fromRevision,
    ...(sendInitialEvents === undefined ? {} : { sendInitialEvents, resourceVersionMatch: 'NotOlderThan' }),
    labelSelector,
    fieldSelector,
    timeoutSeconds: options.timeoutSeconds ?? DEFAULT_SECONDS,
  });
  throwIfAborted(signal);
  const answer = await ask(path);
  if (!('start' in answer)) {
    const raw = { status: answer.status, headers: answer.headers as never, body: answer.body };
    yield answer.status === 410 ? { kind: 'expired' } : { kind: 'failed', rejection: rejectionOf(raw) };
    return;
  }
  const lines: Buffer[] = [];
  let open = true;
  let wake: (() => void) | undefined;
  const stop = answer.start({
    get open() {
      return open;
    },
    write(chunk) {
      lines.push(chunk);
      wake?.();
    },
    end() {
      open = false;
      wake?.();
    },
  });
  const onAbort = (): void => wake?.();
  signal?.addEventListener('abort', onAbort);
  // The stream's own timers hold no process; a caller who waits for an event does.
  const alive = setInterval(() => undefined, 1_000);
  try {
    for (;;) {
      throwIfAborted(signal);
      const chunk = lines.shift();
      if (chunk !== undefined) {
        for (const text of chunk.toString('utf8').split('\n')) {
          if (text === '') continue;
          const event = eventOf(JSON.parse(text) as JsonObject);
          yield event;
          if (event.kind === 'expired' || event.kind === 'failed') return;
        }
        continue;
      }
      if (!open) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = undefined;
    }
  } finally {
    clearInterval(alive);
    signal?.removeEventListener('abort', onAbort);
    open = false;
    stop();
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw clusterFault('ABORTED', 'The request was aborted.', { cause: signal.reason });
}

function eventOf(value: JsonObject): WatchEvent {
  if (value.type === 'ERROR') {
    const status = isJsonObject(value.object) ? value.object : {};
    const code = typeof status.code === 'number' ? status.code : 500;
    return code === 410 ? { kind: 'expired' } : { kind: 'failed', rejection: statusRejection(status, code) };
  }
  const object = kubeObjectOf(value.object, 'the watch');
  if (value.type === 'BOOKMARK')
    return {
      kind: 'bookmark',
      revision: object.metadata.resourceVersion ?? '',
      initialEventsEnd: object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true',
    };
  return { kind: value.type === 'ADDED' ? 'added' : value.type === 'DELETED' ? 'deleted' : 'modified', object };
}
