import type {
  Answer,
  Cluster,
  CollectionAddress,
  DeletePreconditions,
  ObjectAddress,
  Patch,
  WriteOptions,
} from '../cluster/port.ts';
import type { Json } from '../objects/json.ts';
import type { Uid } from '../objects/key.ts';
import type { Target } from '../plan/plan.ts';
import type { Pace } from './pace.ts';

/** The requests of a run: counted, timed for the pace, cut off when an interrupted run has waited long enough. */
export class Wire {
  readonly #cluster: Cluster;
  readonly #pace: Pace;
  readonly #options: WriteOptions;
  readonly #reading: { readonly signal: AbortSignal };
  #under = 0;
  /** Writes that were answered, refusals included. */
  writes = 0;
  /** Monotonic milliseconds of the first write sent and of the last answer; NaN before. */
  firstWrite = Number.NaN;
  lastAnswer = Number.NaN;

  constructor(cluster: Cluster, pace: Pace, cutOff: AbortSignal) {
    this.#cluster = cluster;
    this.#pace = pace;
    this.#options = { fieldManager: 'seaworthy', fieldValidation: 'Strict', signal: cutOff };
    this.#reading = { signal: cutOff };
  }

  get(at: ObjectAddress): Promise<Answer> {
    return this.#cluster.get(at, this.#reading);
  }
  create(at: CollectionAddress, body: Json): Promise<Answer> {
    return this.#write(() => this.#cluster.create(at, body, this.#options));
  }
  patch(at: ObjectAddress, patch: Patch, uid: Uid, subresource?: 'status'): Promise<Answer> {
    const options = subresource === undefined ? this.#options : { ...this.#options, subresource };
    return this.#write(() => this.#cluster.patch(at, patch, { uid }, options));
  }
  delete(at: ObjectAddress, preconditions: DeletePreconditions): Promise<Answer> {
    return this.#write(() => this.#cluster.delete(at, preconditions, { signal: this.#reading.signal }));
  }

  async #write(send: () => Promise<Answer>): Promise<Answer> {
    if (Number.isNaN(this.firstWrite)) this.firstWrite = performance.now();
    this.#under++;
    try {
      const answer = await send();
      this.writes++;
      this.lastAnswer = performance.now();
      if (answer.kind === 'rejected' && (answer.status === 429 || answer.status === 503)) this.#pace.throttled();
      else this.#pace.answered(this.#under >= this.#pace.limit * 0.9);
      return answer;
    } catch (error) {
      this.#pace.throttled();
      throw error;
    } finally {
      this.#under--;
    }
  }
}

/** Where a target is read and patched. */
export function addressOf(target: Target, name = target.name): ObjectAddress {
  const { group, version, resource, namespace } = target;
  return namespace === undefined ? { group, version, resource, name } : { group, version, resource, namespace, name };
}
