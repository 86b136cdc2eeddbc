import type { JsonObject } from '../../objects/json.ts';

/** One line of `details.causes` of a Status. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/** The Status body of a failure: what kubectl, client-go and controllers branch on. */
export interface FailureStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: JsonObject;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly Cause[];
    readonly retryAfterSeconds?: number;
  };
  /** HTTP status code. */
  readonly code: number;
}

/**
 * The server said no. Thrown through the corridors (every one of them may refuse) and caught once, where the answer is
 * made; anything else that is thrown is a defect of the sandbox.
 */
export class Refusal extends Error {
  readonly status: FailureStatus;

  constructor(status: FailureStatus) {
    super(status.message);
    this.name = 'Refusal';
    this.status = status;
  }
}

export interface FailureParts {
  readonly code: number;
  readonly reason?: string;
  readonly message: string;
  readonly details?: FailureStatus['details'];
  readonly metadata?: JsonObject;
}

export function refusal(parts: FailureParts): Refusal {
  const { code, reason, message, details, metadata = {} } = parts;
  return new Refusal({
    kind: 'Status',
    apiVersion: 'v1',
    metadata,
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

/** Group and plural of the resource that a refusal is about. */
export interface Subject {
  readonly group: string;
  readonly resource: string;
}
/** `configmaps`, `clusters.postgresql.cnpg.io`: how messages name a resource. */
export const named = ({ group, resource }: Subject): string => (group === '' ? resource : `${resource}.${group}`);

const detailsOf = ({ group, resource }: Subject, name: string): NonNullable<FailureStatus['details']> => ({
  ...(name === '' ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: resource,
});

export const notFound = (subject: Subject, name: string): Refusal =>
  refusal({
    code: 404,
    reason: 'NotFound',
    message: `${named(subject)} ${JSON.stringify(name)} not found`,
    details: detailsOf(subject, name),
  });

/** A path that no resource is served at. */
export const pathNotFound = (): Refusal =>
  refusal({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });

export const alreadyExists = (subject: Subject, name: string, beingDeleted = false): Refusal =>
  refusal({
    code: 409,
    reason: 'AlreadyExists',
    message: `${beingDeleted ? 'object is being deleted: ' : ''}${named(subject)} ${JSON.stringify(name)} already exists`,
    details: detailsOf(subject, name),
  });

export const conflict = (subject: Subject, name: string, why: string): Refusal =>
  refusal({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${named(subject)} ${JSON.stringify(name)}: ${why}`,
    details: detailsOf(subject, name),
  });

export const forbidden = (subject: Subject, name: string, why: string, causes?: readonly Cause[]): Refusal =>
  refusal({
    code: 403,
    reason: 'Forbidden',
    message: `${named(subject)}${name === '' ? '' : ` ${JSON.stringify(name)}`} is forbidden: ${why}`,
    details: { ...detailsOf(subject, name), ...(causes === undefined ? {} : { causes }) },
  });

export const badRequest = (message: string): Refusal => refusal({ code: 400, reason: 'BadRequest', message });

export const internalError = (message: string): Refusal =>
  refusal({
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    // The real one has no reason here.
    details: { causes: [{ message } as Cause] },
  });

/** A body of a type that is not taken here. */
export const unsupported = (types: readonly string[]): Refusal =>
  refusal({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  });
