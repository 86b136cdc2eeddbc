import type { KubeObject } from '../../objects/json.ts';
import { badRequest, notFound, Refusal, refusal } from '../status/refusal.ts';
import type { Version } from '../storage/version.ts';
import { type Continuation, decodeContinue, encodeContinue } from './continue-token.ts';
import type { ServerParts } from './parts.ts';
import { type Selection, selectionOf } from './selection.ts';
import { keyOf, type ServedKind } from './served-kind.ts';

export interface ListQuery {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface ListPage {
  readonly versions: readonly Version[];
  readonly revision: number;
  readonly continue: string | undefined;
  readonly remaining: number | undefined;
}

export function getOne(parts: ServerParts, kind: ServedKind, namespace: string | undefined, name: string): Version {
  const found = parts.store.get(kind.storedAs, keyOf(kind, namespace, name));
  if (found === undefined) throw notFound({ group: kind.group, resource: kind.plural }, name);
  return found;
}

/** Too new a revision: the server waits for it first, see `serving`. */
export const tooLarge = (asked: number, now: number) =>
  refusal({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${now}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });

export function parseRevision(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER)
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${/^\d+$/.test(text) ? 'value out of range' : 'invalid syntax'}`,
    );
  return Number(text);
}

/** Everybody but lists words a bad revision without a status of its own. */
export function parseRevisionOfOne(text: string): number {
  try {
    return parseRevision(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw refusal({ code: 500, message: error.message.replace('invalid resource version: ', '') });
  }
}

const EXPIRED = 'The resourceVersion for the provided list is too old.';
const INCONSISTENT =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** One page of a list, or all of it. */
export function listPage(
  parts: ServerParts,
  kind: ServedKind,
  version: string,
  namespace: string | undefined,
  query: ListQuery,
): ListPage {
  const selection = selectionOf(kind, version, query.labelSelector, query.fieldSelector);
  const prefix = kind.namespaced && namespace !== undefined ? `${namespace}/` : '';
  const { store } = parts;
  const { from, revision } = place(parts, query, prefix);
  const limit = limitOf(query);
  if (prefix === '' || selection.name === undefined)
    return page(parts, kind, { selection, prefix, from, revision, limit });
  // One object of one namespace: no need to walk.
  const key = keyOf(kind, namespace, selection.name);
  const versions: Version[] = [];
  store.scan(kind.storedAs, { prefix: key, revision }, (found) => {
    if (found.key === key && selection.matches(found.object)) versions.push(found);
    return false;
  });
  return { versions, revision, continue: undefined, remaining: undefined };
}

function limitOf({ limit, resourceVersion, resourceVersionMatch }: ListQuery): number {
  // The cache of the real server gives everything when any revision will do.
  if (resourceVersion === '0' && resourceVersionMatch !== 'Exact') return 0;
  return limit ?? 0;
}

/** Where the page begins and as of which revision it is. */
function place(parts: ServerParts, query: ListQuery, prefix: string): { from: string; revision: number } {
  const { store } = parts;
  const { resourceVersion = '', resourceVersionMatch, limit = 0 } = query;
  if (query.continue !== undefined && query.continue !== '') {
    const continuation = decodeContinue(query.continue);
    if (resourceVersion !== '' && resourceVersion !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    const start = prefix + continuation.start.replace(/^\//, '');
    if (continuation.revision < 0) return { from: start, revision: store.revision };
    if (continuation.revision < store.compacted) throw expiredPage(continuation);
    if (continuation.revision > store.revision) throw tooLarge(continuation.revision, store.revision);
    return { from: start, revision: continuation.revision };
  }
  if (resourceVersion === '') return { from: prefix, revision: store.revision };
  const asked = parseRevision(resourceVersion);
  if (asked > store.revision) throw tooLarge(asked, store.revision);
  const exact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && limit > 0 && asked > 0);
  if (!exact) return { from: prefix, revision: store.revision };
  if (asked < store.compacted) throw refusal({ code: 410, reason: 'Expired', message: EXPIRED });
  return { from: prefix, revision: asked };
}

function expiredPage({ start }: Continuation) {
  return refusal({
    code: 410,
    reason: 'Expired',
    message: INCONSISTENT,
    metadata: { continue: encodeContinue({ revision: -1, start }) },
  });
}

function page(
  parts: ServerParts,
  kind: ServedKind,
  wanted: { selection: Selection; prefix: string; from: string; revision: number; limit: number },
): ListPage {
  const { selection, prefix, from, revision, limit } = wanted;
  const versions: Version[] = [];
  let remaining = 0;
  let more = false;
  parts.store.scan(kind.storedAs, { prefix, from, revision }, (version) => {
    if (limit > 0 && versions.length >= limit) {
      if (!selection.everything) {
        if (!selection.matches(version.object)) return true;
        more = true;
        return false;
      }
      more = true;
      remaining++;
      return true;
    }
    if (selection.everything || selection.matches(version.object)) versions.push(version);
    return true;
  });
  if (!more) return { versions, revision, continue: undefined, remaining: undefined };
  const last = (versions.at(-1) as Version).key.slice(prefix.length);
  return {
    versions,
    revision,
    continue: encodeContinue({ revision, start: `/${last}\0` }),
    remaining: selection.everything ? remaining : undefined,
  };
}

/** The objects of a page. */
export const objectsOf = (page: ListPage): readonly KubeObject[] => page.versions.map((version) => version.object);
