import type { Fault } from '../../outcome/fault.ts';
import { clusterFault } from '../codes.ts';
import { isSuccess, jsonOf, kubeObjectOf, type RawAnswer, rejectionOf } from './answer.ts';
import { Collector } from './collector.ts';
import { exchange, type WireRequest } from './exchange.ts';
import type { Lane } from './lane.ts';
import type { Limits } from './limits.ts';

/** The namespace whose UID is the fingerprint of a cluster (DESIGN 4, rule 12). */
export const FINGERPRINT_PATH = '/api/v1/namespaces/kube-system';

/** Says whether a lane leads to the cluster that is meant. */
export class Guard {
  readonly pinned: string | undefined;
  #wrong: Fault | undefined;
  #verifications = 0;

  constructor(pinned: string | undefined) {
    this.pinned = pinned;
  }

  get verifications(): number {
    return this.#verifications;
  }

  /** A guard for that fingerprint; one that met another cluster stays what it is. */
  pin(fingerprint: string): Guard {
    return this.#wrong === undefined && this.pinned !== fingerprint ? new Guard(fingerprint) : this;
  }

  mustVerify(lane: Lane): boolean {
    return this.pinned !== undefined && lane.verified !== this.pinned;
  }

  /** Once another cluster answered, nothing goes out any more but what tells which cluster it is. */
  refuseIfWrong(): void {
    if (this.#wrong !== undefined) throw this.#wrong;
  }

  /**
   * Reads the fingerprint over `lane` and marks it. Throws WRONG-CLUSTER, FINGERPRINT-REFUSED or LaneLoss.
   * Returns the answer when it only asks for patience.
   */
  async verify(
    lane: Lane,
    base: string,
    headers: WireRequest['headers'],
    limits: Limits,
    signal: AbortSignal | undefined,
  ): Promise<RawAnswer | undefined> {
    this.#verifications++;
    const sink = new Collector(limits.object, 'the fingerprint');
    const own = { ...headers };
    delete own['content-type'];
    const request: WireRequest = {
      method: 'GET',
      path: base + FINGERPRINT_PATH,
      headers: { ...own, accept: 'application/json' },
      headersMillis: limits.headers,
      idleMillis: limits.idle,
      totalMillis: limits.total,
      signal,
    };
    await exchange(lane, request, sink);
    const { answer } = sink;
    if (answer.status === 429 || (answer.status === 503 && answer.headers['retry-after'] !== undefined)) return answer;
    const found = fingerprintOf(answer);
    if (found === this.pinned) {
      lane.verified = found;
      return undefined;
    }
    this.#wrong = clusterFault(
      'WRONG-CLUSTER',
      `The cluster is ${found}, but ${this.pinned} is meant; nothing was written.`,
      {
        hint: 'Check the context and what the address of the server leads to; the fingerprint is the UID of the namespace kube-system.',
        details: { found, pinned: this.pinned },
      },
    );
    throw this.#wrong;
  }

  refused(answer: RawAnswer): Fault {
    return fingerprintRefused(answer);
  }
}

export const NOT_PINNED = new Guard(undefined);

/** UID of kube-system from the answer to a GET of it. */
export function fingerprintOf(answer: RawAnswer): string {
  if (!isSuccess(answer.status)) throw fingerprintRefused(answer);
  const { metadata } = kubeObjectOf(jsonOf(answer, 'the fingerprint'), 'the fingerprint');
  if (metadata.name !== 'kube-system' || metadata.uid === undefined || metadata.uid === '')
    throw clusterFault(
      'MALFORMED-ANSWER',
      'The answer to the fingerprint is not the namespace kube-system with a UID.',
    );
  return metadata.uid;
}

function fingerprintRefused(answer: RawAnswer): Fault {
  const { status, message } = rejectionOf(answer);
  return clusterFault('FINGERPRINT-REFUSED', `The namespace kube-system could not be read (${status}): ${message}`, {
    hint:
      status === 403
        ? 'Allow `get` on the namespace kube-system: its UID is how this cluster is told from others before every write.'
        : 'The UID of the namespace kube-system is how this cluster is told from others; it must be readable.',
    details: { status },
  });
}
