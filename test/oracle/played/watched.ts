import type { Cluster, CollectionAddress } from '../../../src/cluster/port.ts';
import type { KubeObject } from '../../../src/objects/json.ts';

/** Every state of some resources that the server told of, until it is stopped. */
export interface Watched {
  readonly seen: readonly KubeObject[];
  stop(): Promise<void>;
}

export async function watched(cluster: Cluster, places: readonly CollectionAddress[]): Promise<Watched> {
  const seen: KubeObject[] = [];
  const ending = new AbortController();
  const running: Promise<void>[] = [];
  await Promise.all(
    places.map(async (place) => {
      const listed = await cluster.list(place, () => undefined, { shape: 'metadata' });
      if (listed.kind !== 'complete') throw new Error(`${place.resource} cannot be listed`);
      const telling = async (): Promise<void> => {
        for await (const event of cluster.watch(place, { fromRevision: listed.end.revision, signal: ending.signal }))
          if (event.kind === 'added' || event.kind === 'modified') seen.push(event.object);
      };
      const told = telling().catch((error: unknown) => {
        if (!ending.signal.aborted) throw error;
      });
      running.push(told);
    }),
  );
  return {
    seen,
    async stop() {
      ending.abort();
      await Promise.all(running);
    },
  };
}
