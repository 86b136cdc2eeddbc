import { dnsSubdomain, portNumber } from '../../schema/metadata/names.ts';
import { invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, child, count, has, text } from '../values.ts';

const FORM = '; desired format: https://host[/path]';

/** What is wrong with the address of a webhook. */
function urlProblems(text: string, field: string): Problem[] {
  const parsed =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
  const [, scheme = '', user, host = '', , query = '', fragment = ''] = parsed ?? [];
  const found: Problem[] = [];
  if (scheme !== 'https') found.push(invalidValue(field, scheme, `'https' is the only allowed URL scheme${FORM}`));
  if (host === '') found.push(invalidValue(field, host, `host must be specified${FORM}`));
  if (user !== undefined) found.push(invalidValue(field, user, 'user information is not permitted in the URL'));
  if (fragment !== '') found.push(invalidValue(field, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') found.push(invalidValue(field, query, 'query parameters are not permitted in the URL'));
  return found;
}

function pathProblems(path: string, field: string): Problem[] {
  if (path === '' || path === '/') return [];
  if (path === '//') return [invalidValue(field, path, 'segment[0] may not be empty')];
  const found: Problem[] = path.startsWith('/') ? [] : [invalidValue(field, path, "must start with a '/'")];
  path
    .slice(1)
    .replace(/\/$/, '')
    .split('/')
    .forEach((step, at) => {
      if (step === '') found.push(invalidValue(field, path, `segment[${at}] may not be empty`));
      else for (const said of dnsSubdomain(step)) found.push(invalidValue(field, path, `segment[${at}]: ${said}`));
    });
  return found;
}

function serviceProblems(service: Body, field: string): Problem[] {
  const found: Problem[] = ['name', 'namespace']
    .filter((key) => text(service, key) === '')
    .map((key) => required(`${field}.${key}`));
  const port = count(service, 'port');
  const said = portNumber(port);
  if (said.length > 0) found.push(invalidValue(`${field}.port`, port, `port is not valid: ${said.join(', ')}`));
  return [...found, ...pathProblems(text(service, 'path'), `${field}.path`)];
}

/** Where a webhook is: by address or as a Service, one of the two. */
export function clientProblems(client: Body | undefined, field: string): Problem[] {
  const service = child(client, 'service');
  if (has(client, 'url') === (service !== undefined))
    return [required(field, 'exactly one of url or service is required')];
  return service === undefined
    ? urlProblems(text(client, 'url'), `${field}.url`)
    : serviceProblems(service, `${field}.service`);
}
