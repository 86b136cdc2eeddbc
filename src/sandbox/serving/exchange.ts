import { Buffer } from 'node:buffer';
import type { Cause, FailureStatus, Refusal } from '../status/refusal.ts';

/** One request, with or without a socket. Header names are lower case. */
export interface SandboxRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: Uint8Array | undefined;
}

/** Where a watch writes to. */
export interface Sink {
  /** False once nobody reads any more. */
  readonly open: boolean;
  write(chunk: Buffer): void;
  end(): void;
}

export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}
/** A watch: `start` begins it and gives what stops it. */
export interface StreamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly start: (sink: Sink) => () => void;
}
export type SandboxAnswer = WholeAnswer | StreamAnswer;

export const JSON_TYPE = 'application/json';

export function jsonAnswer(status: number, value: unknown, headers: WholeAnswer['headers'] = {}): WholeAnswer {
  const body = value instanceof Buffer ? value : Buffer.from(`${JSON.stringify(value)}\n`, 'utf8');
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body };
}

export function textAnswer(status: number, text: string, type = 'text/plain; charset=utf-8'): WholeAnswer {
  return { status, headers: { 'content-type': type }, body: Buffer.from(text, 'utf8') };
}

export function refusalAnswer(error: Refusal): WholeAnswer {
  const status = withoutEmptyReasons(error.status);
  const after = status.details?.retryAfterSeconds;
  return jsonAnswer(status.code, status, after === undefined ? {} : { 'retry-after': String(after) });
}

/** A cause without a reason says none. */
function withoutEmptyReasons(status: FailureStatus): FailureStatus {
  const causes = status.details?.causes;
  if (causes === undefined || causes.every(({ reason }) => reason !== '')) return status;
  const kept = causes.map(({ reason, ...rest }) => (reason === '' ? rest : { reason, ...rest })) as readonly Cause[];
  return { ...status, details: { ...status.details, causes: kept } };
}

export const headerOf = (request: SandboxRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
};
