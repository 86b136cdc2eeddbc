import type { KubeObject } from '../../objects/json.ts';
import type { EventRecorder } from './events.ts';
import { type Hands, namespaceTerminates, resource, WriteRefused } from './hands.ts';

const PODS = resource('pods');

/** Pods that controllers make and delete for an owner, and what they tell about it. Throws `WriteRefused` as hands do. */
export class PodControl {
  readonly #hands: Hands;
  readonly #events: EventRecorder;

  constructor(hands: Hands, events: EventRecorder) {
    this.#hands = hands;
    this.#events = events;
  }

  async create(owner: KubeObject, body: KubeObject): Promise<KubeObject> {
    try {
      const made = await this.#hands.create(PODS, owner.metadata.namespace, body);
      await this.#events.normal(owner, 'SuccessfulCreate', `Created pod: ${made.metadata.name}`);
      return made;
    } catch (error) {
      if (error instanceof WriteRefused && !namespaceTerminates(error))
        await this.#events.warning(owner, 'FailedCreate', `Error creating: ${error.message}`);
      throw error;
    }
  }

  /** False when it was gone already. */
  async remove(owner: KubeObject, pod: KubeObject): Promise<boolean> {
    try {
      const removed = await this.#hands.remove(PODS, pod);
      if (removed) await this.#events.normal(owner, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
      return removed;
    } catch (error) {
      if (error instanceof WriteRefused)
        await this.#events.warning(owner, 'FailedDelete', `Error deleting: ${error.message}`);
      throw error;
    }
  }
}
