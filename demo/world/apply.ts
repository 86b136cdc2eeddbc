import type { Cluster, CollectionAddress, Discovery } from '../../src/cluster/port.ts';
import { groupOf, versionOf } from '../../src/objects/key.ts';
import type { Manifest } from './manifests.ts';

/** Creates manifests through the API as `manager` would, in their order. */
export class Applier {
  readonly #cluster: Cluster;
  #served: Discovery | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async apply(manifests: readonly Manifest[], manager: string): Promise<void> {
    for (const body of manifests) {
      const at = await this.#place(body);
      const answer = await this.#cluster.create(at, body, { fieldManager: manager });
      if (answer.kind === 'rejected')
        throw new Error(`${body.kind} ${body.metadata.name}: ${answer.status} ${answer.message}`);
    }
  }

  /** What the server serves is asked again for a kind that it did not know. */
  async #place({ apiVersion, kind, metadata }: Manifest): Promise<CollectionAddress> {
    for (const asked of [this.#served, undefined]) {
      this.#served = asked ?? (await this.#cluster.discovery());
      const [group, version] = [groupOf(apiVersion), versionOf(apiVersion)];
      const found = this.#served.resources.find(
        (one) => one.group === group && one.version === version && one.kind === kind,
      );
      if (found === undefined) continue;
      const { namespace } = metadata;
      return { group, version, resource: found.resource, ...(namespace === undefined ? {} : { namespace }) };
    }
    throw new Error(`${apiVersion} ${kind} is not served`);
  }
}
