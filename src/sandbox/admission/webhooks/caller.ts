/** One call of a webhook. */
export interface WebhookCall {
  /** As it stands in messages, with its timeout. */
  readonly url: string;
  /** The Service behind it, found in the store, and its address inside the cluster. */
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly port: number;
    readonly address: string;
  };
  /** PEM. */
  readonly ca?: string;
  readonly timeoutMs: number;
  /** The AdmissionReview. */
  readonly body: object;
}
export interface WebhookAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly body: string;
}
/** Asks a webhook; throws `Unreachable` when there is no answer. */
export type WebhookCaller = (call: WebhookCall) => Promise<WebhookAnswer>;

/** Nobody answered; the message is what Go says of it: `dial tcp 127.0.0.1:1: connect: connection refused`. */
export class Unreachable extends Error {}
