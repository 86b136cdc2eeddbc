import type { Cluster, CollectionAddress } from '../../src/cluster/port.ts';
import type { Json, KubeObject } from '../../src/objects/json.ts';
import { getAt } from '../../src/objects/pointer.ts';

/** Everything that the server told of one resource from the start on. */
export interface Watching {
  readonly seen: readonly { readonly kind: string; readonly object: KubeObject }[];
  /** The values at a pointer that an object of this name went through, neighbours that are equal told once. */
  history(name: string, path: string): (Json | undefined)[];
  stop(): Promise<void>;
}

export async function watching(cluster: Cluster, at: CollectionAddress): Promise<Watching> {
  const listed = await cluster.list(at, () => undefined, { shape: 'metadata' });
  if (listed.kind !== 'complete') throw new Error(`${at.resource} cannot be listed`);
  const seen: { kind: string; object: KubeObject }[] = [];
  const ending = new AbortController();
  const running = (async () => {
    for await (const event of cluster.watch(at, { fromRevision: listed.end.revision, signal: ending.signal }))
      if ('object' in event) seen.push({ kind: event.kind, object: event.object });
  })().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return {
    seen,
    history(name, path) {
      const values = seen
        .filter(({ kind, object }) => kind !== 'deleted' && object.metadata.name === name)
        .map(({ object }) => getAt(object as never, path));
      return values.filter(
        (value, index) => index === 0 || JSON.stringify(value) !== JSON.stringify(values[index - 1]),
      );
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}
