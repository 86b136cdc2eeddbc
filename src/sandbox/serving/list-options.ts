import { invalid, type Problem } from '../status/problem.ts';
import { badRequest } from '../status/refusal.ts';

/** The query of a list, a watch or a deletecollection. */
export interface ListParameters {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
  readonly watch: boolean;
  readonly sendInitialEvents?: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds?: number;
}

/** Reads the parameters and refuses what the server refuses (400, 422). */
export function listParameters(query: URLSearchParams, watchPath: boolean): ListParameters {
  const text = (name: string): string | undefined => {
    const value = query.get(name);
    return value === null || value === '' ? undefined : value;
  };
  const watch = watchPath || flag(query, 'watch') === true;
  const parameters: ListParameters = {
    ...only('labelSelector', text('labelSelector')),
    ...only('fieldSelector', text('fieldSelector')),
    ...only('limit', integer(query, 'limit')),
    ...only('continue', text('continue')),
    ...only('resourceVersion', text('resourceVersion')),
    ...only('resourceVersionMatch', text('resourceVersionMatch')),
    ...only('sendInitialEvents', flag(query, 'sendInitialEvents')),
    ...only('timeoutSeconds', integer(query, 'timeoutSeconds')),
    watch,
    allowWatchBookmarks: flag(query, 'allowWatchBookmarks') === true,
  };
  const problems = watch ? watchProblems(parameters) : listProblems(parameters);
  if (problems.length > 0) throw invalid('meta.k8s.io', 'ListOptions', '', problems);
  return parameters;
}

const MATCH = 'resourceVersionMatch';
const forbidden = (field: string, detail: string): Problem => ({ kind: 'forbidden', field, detail });

function listProblems(parameters: ListParameters): Problem[] {
  const { resourceVersion, resourceVersionMatch: match } = parameters;
  const found: Problem[] = [];
  if (match !== undefined) {
    if (resourceVersion === undefined)
      found.push(forbidden(MATCH, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (parameters.continue !== undefined)
      found.push(forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan')
      found.push({ kind: 'not-supported', field: MATCH, value: match, supported: ['Exact', 'NotOlderThan', ''] });
    if (match === 'Exact' && resourceVersion === '0')
      found.push(forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (parameters.sendInitialEvents !== undefined)
    found.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return found;
}

function watchProblems(parameters: ListParameters): Problem[] {
  const { resourceVersionMatch: match, sendInitialEvents } = parameters;
  const found: Problem[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    found.push(forbidden(MATCH, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  // A watch from anywhere asks for the first events by itself, which needs a match.
  const fromAnywhere = parameters.resourceVersion === undefined || parameters.resourceVersion === '0';
  if (match === undefined) {
    if (fromAnywhere && sendInitialEvents === undefined && parameters.continue !== undefined)
      found.push(forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
    return found;
  }
  if (sendInitialEvents === undefined)
    found.push(forbidden(MATCH, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  if (match !== 'NotOlderThan')
    found.push({ kind: 'not-supported', field: MATCH, value: match, supported: ['NotOlderThan'] });
  if (parameters.continue !== undefined)
    found.push(forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
  return found;
}

function only<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value };
}

/** As Go's conversion of query parameters reads a boolean: everything but false and 0 is true. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  return value !== 'false' && value !== '0' && value !== 'False' && value !== 'FALSE' && value !== 'F' && value !== 'f';
}

export function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  return Number(value);
}
