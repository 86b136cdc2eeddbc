import { setTimeout as sleep } from 'node:timers/promises';
import {
  endedStatus,
  nodeBody,
  nodeStatus,
  runningStatus,
  runsToCompletion,
} from '../../src/sandbox/controllers/node-words.ts';
import { isFinished } from '../../src/sandbox/controllers/pod-facts.ts';
import type { Pod } from '../../src/sandbox/controllers/shapes.ts';
import { type Answer, ask, type Endpoint } from '../../test/control-plane/api.ts';

export interface NodeStandIn {
  stop(): Promise<void>;
}

const NODE = 'node-1';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const LOOK_MS = 100;
/** As the sandbox's kubelet: from the binding to ready, from ready to the end, from a delete to gone. */
const LATER_MS = 1_000;
const BEAT_MS = 5_000;

/**
 * What a real control plane without nodes lacks, played with requests: the node that the sandbox has, a scheduler that puts
 * every Pod whose claims are bound on it, and a kubelet that says the same of Pods as the sandbox's does. What is compared is thus
 * everything else: the server's and the controllers' part.
 */
export async function startNode(server: Endpoint): Promise<NodeStandIn> {
  const node = new Node(server);
  await node.appear();
  let stopped = false;
  const work = async (): Promise<void> => {
    while (!stopped) {
      await node.look();
      await sleep(LOOK_MS);
    }
  };
  const working = work();
  return {
    async stop() {
      stopped = true;
      await working;
    },
  };
}

class Node {
  readonly #server: Endpoint;
  /** When something was first seen to be due, by UID and what it is. */
  readonly #since = new Map<string, number>();
  readonly #addresses = new Map<string, string>();
  #beat = 0;

  constructor(server: Endpoint) {
    this.#server = server;
  }

  async appear(): Promise<void> {
    await this.#send('POST', '/api/v1/nodes', nodeBody(NODE));
    await this.#send('PATCH', `/api/v1/nodes/${NODE}/status`, { status: nodeStatus(Date.now()) });
    await this.#send('POST', LEASES, { ...LEASE, spec: leaseSpec() });
    this.#beat = Date.now();
    // Until the lifecycle controller has seen it ready, no DaemonSet puts a Pod on it.
    for (let tried = 0; tried < 100; tried++) {
      const { spec } = JSON.parse((await this.#send('GET', `/api/v1/nodes/${NODE}`)).body) as { spec: { taints?: [] } };
      if (spec.taints === undefined) return;
      await sleep(LOOK_MS);
    }
    throw new Error('the node was never taken for ready');
  }

  async look(): Promise<void> {
    if (Date.now() - this.#beat > BEAT_MS) {
      this.#beat = Date.now();
      await this.#send('PATCH', `${LEASES}/${NODE}`, { spec: leaseSpec() });
    }
    const { status, body } = await this.#send('GET', '/api/v1/pods');
    if (status !== 200) return;
    for (const pod of (JSON.parse(body) as { items: Pod[] }).items) await this.#attend(pod);
  }

  async #attend(pod: Pod): Promise<void> {
    const { namespace, name, uid = '', deletionTimestamp } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    const now = Date.now();
    if (deletionTimestamp !== undefined) {
      if (this.#due(`${uid} stop`)) await this.#send('DELETE', `${path}?gracePeriodSeconds=0`);
    } else if (pod.spec.nodeName === undefined) {
      if (await this.#claimsBound(pod)) await this.#send('POST', `${path}/binding`, bindingOf(pod));
    } else if (!isFinished(pod)) {
      const running = pod.status?.phase === 'Running';
      if (running && !runsToCompletion(pod)) return;
      if (!this.#due(`${uid} ${running}`)) return;
      const status = running ? endedStatus(pod, 'Succeeded', now) : runningStatus(pod, this.#addressOf(uid), now);
      await this.#send('PUT', `${path}/status`, { ...pod, status });
    }
  }

  #due(what: string): boolean {
    const since = this.#since.get(what) ?? Date.now();
    this.#since.set(what, since);
    return Date.now() - since >= LATER_MS;
  }

  #addressOf(uid: string): string {
    const address = this.#addresses.get(uid) ?? `10.244.0.${this.#addresses.size + 2}`;
    this.#addresses.set(uid, address);
    return address;
  }

  async #claimsBound({ spec, metadata }: Pod): Promise<boolean> {
    for (const { persistentVolumeClaim } of spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const claims = `/api/v1/namespaces/${metadata.namespace}/persistentvolumeclaims`;
      const { status, body } = await this.#send('GET', `${claims}/${persistentVolumeClaim.claimName}`);
      if (status !== 200 || (JSON.parse(body) as { status?: { phase?: string } }).status?.phase !== 'Bound')
        return false;
    }
    return true;
  }

  #send(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(this.#server, method, path, body, method === 'PATCH' ? 'application/merge-patch+json' : undefined);
  }
}

const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: NODE } };
const leaseSpec = (): object => ({
  holderIdentity: NODE,
  leaseDurationSeconds: 40,
  renewTime: `${new Date().toISOString().slice(0, -1)}000Z`,
});
const bindingOf = ({ metadata: { name } }: Pod): object => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name },
  target: { apiVersion: 'v1', kind: 'Node', name: NODE },
});
