import type { Problem } from '../../status/problem.ts';
import { dns1035Label, dnsSubdomain, portNumber } from '../metadata/names.ts';
import type { DefinitionSpec } from './definition.ts';

const PATH = 'spec.conversion';
const FORM = '; desired format: https://host[/path]';

/** What is wrong with `spec.conversion`; fields are named as inside the server. */
export function conversionProblems(conversion: DefinitionSpec['conversion']): Problem[] {
  const found: Problem[] = [];
  if (conversion === undefined || conversion === null) return found;
  const { strategy = '', webhook } = conversion;
  if (strategy === '') found.push({ kind: 'required', field: `${PATH}.strategy`, detail: '' });
  else if (strategy !== 'None' && strategy !== 'Webhook')
    found.push({ kind: 'not-supported', field: `${PATH}.strategy`, value: strategy, supported: ['None', 'Webhook'] });
  const client = webhook?.clientConfig;
  const at = `${PATH}.webhookClientConfig`;
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== 'Webhook') {
    const detail = 'should not be set when strategy is not set to Webhook';
    if (client !== undefined) found.push({ kind: 'forbidden', field: at, detail });
    if (versions.length > 0) found.push({ kind: 'forbidden', field: `${PATH}.conversionReviewVersions`, detail });
    return found;
  }
  if (client === undefined || client === null)
    found.push({ kind: 'required', field: at, detail: 'required when strategy is set to Webhook' });
  else if ((client.url === undefined) === (client.service === undefined))
    found.push({ kind: 'required', field: at, detail: 'exactly one of url or service is required' });
  else if (client.url !== undefined) urlProblems(client.url, `${at}.url`, found);
  else if (client.service !== undefined) serviceProblems(client.service, `${at}.service`, found);
  reviewVersionProblems(versions, found);
  return found;
}

function urlProblems(text: string, field: string, found: Problem[]): void {
  const wrong = (value: string, detail: string): void => void found.push({ kind: 'invalid', field, value, detail });
  const [, scheme = '', authority = '', query, fragment] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(text) ?? [];
  const user = authority.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (scheme.toLowerCase() !== 'https') wrong(scheme.toLowerCase(), `'https' is the only allowed URL scheme${FORM}`);
  if (host === '') wrong('', `host must be specified${FORM}`);
  if (user !== '') wrong(user, 'user information is not permitted in the URL');
  if (fragment) wrong(fragment, 'fragments are not permitted in the URL');
  if (query) wrong(query, 'query parameters are not permitted in the URL');
}

function serviceProblems(
  service: { readonly namespace?: string; readonly name?: string; readonly path?: string; readonly port?: number },
  path: string,
  found: Problem[],
): void {
  // The server hands name and namespace over in the wrong order, so a missing one is told of the other.
  if (!service.namespace) found.push({ kind: 'required', field: `${path}.name`, detail: '' });
  if (!service.name) found.push({ kind: 'required', field: `${path}.namespace`, detail: '' });
  const { port = 443, path: url } = service;
  const wrongPort = portNumber(port);
  if (wrongPort.length > 0)
    found.push({
      kind: 'invalid',
      field: `${path}.port`,
      value: port,
      detail: `port is not valid: ${wrongPort.join(', ')}`,
    });
  if (url === undefined || url === '' || url === '/') return;
  const wrong = (detail: string): void =>
    void found.push({ kind: 'invalid', field: `${path}.path`, value: url, detail });
  if (url === '//') {
    wrong('segment[0] may not be empty');
    return;
  }
  if (!url.startsWith('/')) wrong("must start with a '/'");
  url
    .slice(1)
    .replace(/\/$/, '')
    .split('/')
    .forEach((step, index) => {
      if (step === '') wrong(`segment[${index}] may not be empty`);
      else for (const failure of dnsSubdomain(step)) wrong(`segment[${index}]: ${failure}`);
    });
}

function reviewVersionProblems(versions: readonly string[], found: Problem[]): void {
  const field = `${PATH}.conversionReviewVersions`;
  if (versions.length === 0) {
    found.push({ kind: 'required', field, detail: '' });
    return;
  }
  const seen = new Set<string>();
  versions.forEach((version, index) => {
    if (seen.has(version)) {
      found.push({ kind: 'invalid', field: `${field}[${index}]`, value: version, detail: 'duplicate version' });
      return;
    }
    seen.add(version);
    for (const detail of dns1035Label(version))
      found.push({ kind: 'invalid', field: `${field}[${index}]`, value: version, detail });
  });
  if (!versions.includes('v1') && !versions.includes('v1beta1'))
    found.push({ kind: 'invalid', field, value: versions, detail: 'must include at least one of v1, v1beta1' });
}
