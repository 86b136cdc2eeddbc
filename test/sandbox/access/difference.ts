import type { Reply } from '../admission/stage.ts';

const MADE =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|kube-api-access-[a-z0-9]{5}|eyJ[\w.-]+/g;

/** An answer without what is different each time (uids, times, revisions, tokens) and without managed fields, which are tested elsewhere. */
export function comparable({ status, warnings, body }: Reply): string {
  const steady = JSON.stringify(sorted({ status, warnings, body })).replace(MADE, '*');
  return steady.replace(/"resourceVersion":"\d+"/g, '"resourceVersion":"*"');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([key]) => key !== 'managedFields')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    members.map(([key, member]) => [key, key.endsWith('ules') ? unordered(member) : sorted(member)]),
  );
}

/** Rules come in the order of a Go map: in none. */
function unordered(rules: unknown): unknown {
  const list = sorted(rules);
  return Array.isArray(list) ? list.map((rule) => JSON.stringify(rule)).sort() : list;
}
