import { badRequest } from '../status/refusal.ts';
import { goJsonError } from './go-json-error.ts';

/** Where the next page begins, and at which revision; -1: at whatever is newest (an inconsistent continuation). */
export interface Continuation {
  readonly revision: number;
  /** Relative to the resource (and namespace, when the list is of one). */
  readonly start: string;
}

const VERSION = 'meta.k8s.io/v1';

/** The shape that the real server uses: clients should not look inside, but some do. */
export function encodeContinue({ revision, start }: Continuation): string {
  // Go writes a NUL in a string as \u0000, and so does JSON.stringify.
  return Buffer.from(JSON.stringify({ v: VERSION, rv: revision, start }), 'utf8').toString('base64url');
}

export function decodeContinue(token: string): Continuation {
  let value: { v?: unknown; rv?: unknown; start?: unknown };
  if (!/^[A-Za-z0-9_-]*$/.test(token)) throw refused(`illegal base64 data at input byte ${token.search(/[^\w-]/)}`);
  try {
    value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    throw refused(goJsonError(Buffer.from(token, 'base64url')));
  }
  if (value.v !== VERSION)
    throw badRequest(
      `invalid continue token: continue key is not valid: server does not recognize this encoded version ${String(value.v ?? '')}`,
    );
  if (typeof value.rv !== 'number' || value.rv === 0)
    throw badRequest(
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    );
  if (typeof value.start !== 'string' || value.start === '')
    throw badRequest(
      'invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)',
    );
  return { revision: value.rv, start: value.start };
}

const refused = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
