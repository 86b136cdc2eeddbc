import { invalidValue, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, text, texts } from '../values.ts';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];

/** What is wrong with a rule of a webhook or a policy: which requests are meant. */
export function ruleProblems(rule: Body, field: string): Problem[] {
  const found: Problem[] = [];
  const operations = texts(rule, 'operations');
  if (operations.length === 0) found.push(required(`${field}.operations`));
  found.push(...wildcardProblems(operations, `${field}.operations`, 'operations'));
  operations.forEach((operation, at) => {
    if (!OPERATIONS.includes(operation)) found.push(notSupported(`${field}.operations[${at}]`, operation, OPERATIONS));
  });
  const [groups, versions] = [texts(rule, 'apiGroups'), texts(rule, 'apiVersions')];
  if (groups.length === 0) found.push(required(`${field}.apiGroups`));
  found.push(...wildcardProblems(groups, `${field}.apiGroups`, 'API groups'));
  if (versions.length === 0) found.push(required(`${field}.apiVersions`));
  found.push(...wildcardProblems(versions, `${field}.apiVersions`, 'API versions'));
  versions.forEach((version, at) => {
    if (version === '') found.push(required(`${field}.apiVersions[${at}]`));
  });
  found.push(...resourceProblems(texts(rule, 'resources'), `${field}.resources`));
  const scope = text(rule, 'scope');
  if (scope !== '' && !SCOPES.includes(scope)) found.push(notSupported(`${field}.scope`, scope, SCOPES));
  return found;
}

const wildcardProblems = (words: readonly string[], field: string, what: string): Problem[] =>
  words.length > 1 && words.includes('*')
    ? [invalidValue(field, words, `if '*' is present, must not specify other ${what}`)]
    : [];

function resourceProblems(resources: readonly string[], field: string): Problem[] {
  const found: Problem[] = resources.length === 0 ? [required(field)] : [];
  // Resources with all below them, and subresources of every resource, that came before.
  const [allBelow, everywhere] = [new Set<string>(), new Set<string>()];
  let plain = false;
  resources.forEach((resource, at) => {
    const place = `${field}[${at}]`;
    const slash = resource.indexOf('/');
    if (resource === '') found.push(required(place));
    else if (slash < 0) plain = resource !== '*';
    else {
      const [of, below] = [resource.slice(0, slash), resource.slice(slash + 1)];
      const said = (known: string): string => `if '${known}' is present, must not specify ${resource}`;
      if (allBelow.has(of)) found.push(invalidValue(place, resource, said(`${of}/*`)));
      if (everywhere.has(below)) found.push(invalidValue(place, resource, said(`*/${below}`)));
      if (below === '*') allBelow.add(of);
      if (of === '*') everywhere.add(below);
    }
  });
  if (resources.length > 1 && resources.includes('*/*'))
    found.push(invalidValue(field, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && plain) {
    const said = "if '*' is present, must not specify other resources without subresources";
    found.push(invalidValue(field, resources, said));
  }
  return found;
}
