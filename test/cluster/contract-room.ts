import assert from 'node:assert/strict';
import type { Accepted, Answer, Cluster, CollectionAddress, ObjectAddress, Rejection } from '../../src/cluster/port.ts';
import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import type { Uid } from '../../src/objects/key.ts';

export interface ClusterHarness {
  /** As somebody who may do everything, on a cluster that this suite has for itself and whose controllers rest. */
  readonly cluster: Cluster;
  /** A second adapter to the same cluster, as the same user. */
  readonly open: () => Promise<Cluster>;
  /** As a user without any right; undefined when the cluster knows no users. */
  readonly stranger?: Cluster;
  /** Forgets every revision but the newest; undefined when the cluster cannot be made to. */
  readonly compact?: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

export const NAMESPACES: CollectionAddress = { group: '', version: 'v1', resource: 'namespaces' };
export const maps = (namespace: string): CollectionAddress => ({
  group: '',
  version: 'v1',
  resource: 'configmaps',
  namespace,
});
export const map = (namespace: string, name: string): ObjectAddress => ({ ...maps(namespace), name });
export const configMap = (name: string, data: JsonObject = { a: '1' }): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

export function accepted(answer: Answer): Accepted {
  assert.equal(answer.kind, 'accepted', answer.kind === 'rejected' ? `${answer.status} ${answer.message}` : '');
  return answer as Accepted;
}
export function rejected(answer: Answer, status: number, reason: string): Rejection {
  assert.equal(answer.kind, 'rejected', 'the server should have said no');
  const no = answer as Rejection;
  assert.deepEqual([no.status, no.reason], [status, reason], no.message);
  return no;
}
export const uidOf = (object: KubeObject): Uid => (object.metadata.uid ?? '') as Uid;
export const OTHER = '00000000-0000-4000-8000-000000000000' as Uid;

/** The cluster that a suite runs on; every test takes a namespace of its own. */
export class ContractRoom {
  #harness: ClusterHarness | undefined;
  #spaces = 0;

  enter(harness: ClusterHarness): void {
    this.#harness = harness;
  }

  get harness(): ClusterHarness {
    assert.ok(this.#harness !== undefined, 'the cluster was not made');
    return this.#harness;
  }

  get cluster(): Cluster {
    return this.harness.cluster;
  }

  async space(): Promise<string> {
    const name = `contract-${++this.#spaces}`;
    accepted(await this.cluster.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    return name;
  }

  async make(namespace: string, name: string, data?: JsonObject): Promise<KubeObject> {
    return accepted(await this.cluster.create(maps(namespace), configMap(name, data))).object;
  }
}

export async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('it never came about');
}
