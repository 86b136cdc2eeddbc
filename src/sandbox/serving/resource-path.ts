/** What a URL of the API names: RequestInfo of the real server. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  /** Plural; '' for the group-version itself. */
  readonly resource: string;
  readonly name: string;
  readonly subresource: string | undefined;
  /** What stands after the subresource (a proxy's path). */
  readonly rest: readonly string[];
  /** `/api/v1/watch/...`, the old way to watch. */
  readonly watch: boolean;
}

/** Parts of `/api/v1/...` and `/apis/GROUP/VERSION/...`; undefined for every other path. */
export function resourcePath(path: string): ResourcePath | undefined {
  const parts = path.split('/').slice(1).map(decoded);
  if (parts.at(-1) === '') parts.pop();
  const legacy = parts[0] === 'api';
  if (!legacy && parts[0] !== 'apis') return undefined;
  const [group = '', version] = legacy ? ['', parts[1]] : [parts[1], parts[2]];
  if (version === undefined) return undefined;
  let words = parts.slice(legacy ? 2 : 3);
  const watch = words[0] === 'watch';
  if (watch) words = words.slice(1);
  let namespace: string | undefined;
  if (words[0] === 'namespaces' && words.length > 2 && !OWN.has(words[2] as string)) {
    namespace = words[1];
    words = words.slice(2);
  }
  const [resource = '', name = '', subresource, ...rest] = words;
  // No Namespace lies in another one.
  if (namespace !== undefined && resource === 'namespaces')
    return { group, version, namespace, resource: 'namespaces/namespaces', name, subresource, rest, watch };
  if (namespace === undefined && resource === 'namespaces' && group === '' && name !== '')
    return { group, version, namespace: name, resource, name, subresource, rest, watch };
  return { group, version, namespace, resource, name, subresource, rest, watch };
}

/** Subresources of Namespaces themselves. */
const OWN: ReadonlySet<string> = new Set(['status', 'finalize']);

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
