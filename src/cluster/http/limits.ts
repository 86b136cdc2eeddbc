/** Bounds of one adapter. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** Making a connection, TLS and proxy included. */
  readonly connect: number;
  /** From the request sent to the head of the answer. A kube-apiserver cuts its own requests at 60 s. */
  readonly headers: number;
  /** Between two pieces of a body. */
  readonly idle: number;
  /** A whole answer other than a list page or a watch. */
  readonly total: number;
  /** A page of a list, less the time in which the caller held it up. */
  readonly page: number;
  /** All waiting on 429 and 503 with Retry-After of one request. */
  readonly patience: number;
  /** How often a read is tried again after the connection was lost. */
  readonly retries: number;
  /** First pause before a read is tried again; doubles, with jitter. */
  readonly backoff: number;
  /** Connections, watches apart. */
  readonly lanes: number;
  readonly object: number;
  readonly discovery: number;
  /** One item of a list, one event of a watch. */
  readonly item: number;
  /** Items of one list in all. */
  readonly items: number;
}

export const LIMITS: Limits = {
  connect: 10_000,
  headers: 90_000,
  idle: 60_000,
  total: 120_000,
  page: 300_000,
  patience: 60_000,
  retries: 4,
  backoff: 100,
  lanes: 64,
  object: 16 << 20,
  discovery: 64 << 20,
  item: 64 << 20,
  items: 20_000_000,
};
