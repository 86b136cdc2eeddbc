import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type JsonObject, type KubeObject } from '../../objects/json.ts';
import { clusterFault } from '../codes.ts';
import type { Answer, Rejection } from '../port.ts';

/** An answer as it came: its status, its headers and its whole body. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The answer to a read or a write of one object. `what` names the request in faults. */
export function answerOf(raw: RawAnswer, what: string): Answer {
  if (!isSuccess(raw.status)) return rejectionOf(raw);
  return {
    kind: 'accepted',
    status: raw.status,
    object: kubeObjectOf(jsonOf(raw, what), what),
    warnings: warningsOf(raw.headers),
  };
}

export function jsonOf(raw: { readonly body: Buffer }, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(raw.body.toString('utf8'));
  } catch (cause) {
    throw malformed(what, 'is no JSON', cause);
  }
  if (!isJsonObject(value)) throw malformed(what, 'is no JSON object');
  return value;
}

export function kubeObjectOf(value: unknown, what: string): KubeObject {
  if (!isJsonObject(value)) throw malformed(what, 'holds something that is no object');
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw malformed(what, 'holds an object without apiVersion or kind');
  if (!isJsonObject(metadata)) throw malformed(what, `holds a ${clip(kind)} without metadata`);
  for (const field of ['name', 'namespace', 'uid', 'resourceVersion'])
    if (metadata[field] !== undefined && typeof metadata[field] !== 'string')
      throw malformed(what, `holds a ${clip(kind)} whose metadata.${field} is no text`);
  return value as unknown as KubeObject;
}

/** How the server said no. A body that is no Status still gives a rejection with its first words. */
export function rejectionOf(raw: RawAnswer): Rejection {
  let status: unknown;
  try {
    status = JSON.parse(raw.body.toString('utf8'));
  } catch {
    status = undefined;
  }
  const afterHeader = retryAfterSeconds(raw.headers);
  if (!isJsonObject(status) || status.kind !== 'Status') {
    const message = clip(raw.body.toString('utf8', 0, 2000).trim() || `HTTP status ${raw.status}`, 500);
    return rejection(raw.status, '', message, [], afterHeader);
  }
  return statusRejection(status, raw.status, afterHeader);
}

/** A Kubernetes Status, as an answer or inside an ERROR event of a watch. */
export function statusRejection(status: JsonObject, httpStatus: number, afterHeader?: number): Rejection {
  const details = isJsonObject(status.details) ? status.details : {};
  const causes = Array.isArray(details.causes) ? details.causes : [];
  const after = afterHeader ?? (typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : undefined);
  return rejection(
    httpStatus,
    textOf(status.reason),
    textOf(status.message),
    causes
      .filter(isJsonObject)
      .slice(0, 1000)
      .map((cause) => ({
        field: textOf(cause.field),
        reason: textOf(cause.reason),
        message: textOf(cause.message),
      })),
    after,
  );
}

function rejection(
  status: number,
  reason: string,
  message: string,
  causes: Rejection['causes'],
  after: number | undefined,
): Rejection {
  return {
    kind: 'rejected',
    status,
    reason,
    message,
    causes,
    ...(after === undefined || after <= 0 ? {} : { retryAfter: after }),
  };
}

/** Seconds of a Retry-After header (a number or an HTTP date); undefined when there is none that can be read. */
export function retryAfterSeconds(headers: IncomingHttpHeaders, now: number = Date.now()): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function warningsOf(headers: IncomingHttpHeaders): string[] {
  const raw = headers.warning as string | string[] | undefined;
  if (raw === undefined) return [];
  const text = Array.isArray(raw) ? raw.join(', ') : raw;
  return [...text.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'));
}

export function malformed(what: string, complaint: string, cause?: unknown) {
  return clusterFault('MALFORMED-ANSWER', `The answer to ${what} ${complaint}.`, {
    hint: 'Check that the address is that of a Kubernetes API server and that nothing between here and there changes what it says.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What may be shown of a text that came from outside. */
export function clip(text: string, most = 120): string {
  return text.length <= most ? text : `${text.slice(0, most)}...`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? clip(value, 8192) : '';
}
