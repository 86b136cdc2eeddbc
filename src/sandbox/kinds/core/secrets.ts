import type { KubeObject, MutableJson } from '../../../objects/json.ts';
import { configKey } from '../../schema/metadata/names.ts';
import { each, IMMUTABLE, invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { rulesOf } from '../plain-rules.ts';
import { type Body, child, entries, fillEmpty, made, text } from '../values.ts';
import { byteCount, DATA_LIMIT, validateImmutable } from './payload.ts';

/** `stringData` wins over `data` and is never stored. */
function foldStringData(secret: Body): void {
  const strings = entries(secret, 'stringData');
  delete secret.stringData;
  if (strings.length === 0) return;
  const data = made(secret, 'data');
  for (const [key, value] of strings) data[key] = Buffer.from(String(value)).toString('base64') as MutableJson;
}

function validate(secret: KubeObject): Problem[] {
  const found: Problem[] = [];
  let size = 0;
  for (const [key, value] of entries(secret, 'data')) {
    found.push(...each(`data[${key}]`, key, configKey(key)));
    size += byteCount(value);
  }
  if (size > DATA_LIMIT)
    found.push({ kind: 'too-long', field: 'data', detail: `may not be more than ${DATA_LIMIT} bytes` });
  const data = child(secret, 'data') ?? {};
  const needed = (key: string): Problem[] => (Object.hasOwn(data, key) ? [] : [required(`data[${key}]`)]);
  switch (text(secret, 'type')) {
    case 'kubernetes.io/service-account-token': {
      const name = 'kubernetes.io/service-account.name';
      if ((secret.metadata.annotations?.[name] ?? '') === '') found.push(required(`metadata.annotations[${name}]`));
      break;
    }
    case 'kubernetes.io/dockercfg':
      found.push(...jsonAt(data, '.dockercfg'));
      break;
    case 'kubernetes.io/dockerconfigjson':
      found.push(...jsonAt(data, '.dockerconfigjson'));
      break;
    case 'kubernetes.io/basic-auth':
      if (!Object.hasOwn(data, 'username') && !Object.hasOwn(data, 'password')) {
        found.push(...needed('username'), ...needed('password'));
      }
      break;
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) found.push(required('data[ssh-privatekey]'));
      break;
    case 'kubernetes.io/tls':
      found.push(...needed('tls.crt'), ...needed('tls.key'));
      break;
  }
  return found;
}
function jsonAt(data: Body, key: string): Problem[] {
  const value = data[key];
  if (value === undefined) return [required(`data[${key}]`)];
  const body = Buffer.from(String(value ?? ''), 'base64').toString();
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed === null || (typeof parsed === 'object' && !Array.isArray(parsed))) return [];
    const is = Array.isArray(parsed) ? 'array' : typeof parsed === 'boolean' ? 'bool' : typeof parsed;
    return [redacted(key, `json: cannot unmarshal ${is} into Go value of type map[string]interface {}`)];
  } catch {
    return [redacted(key, jsonFault(body))];
  }
}
const redacted = (key: string, said: string): Problem =>
  invalidValue(`data[${key}]`, '<secret contents redacted>', said);

/** The first complaint of Go's parser, for the texts that people do put there. */
function jsonFault(body: string): string {
  const trimmed = body.trimStart();
  if (trimmed === '') return 'unexpected end of JSON input';
  const first = [...trimmed][0] ?? '';
  if (!'{["-0123456789tfn'.includes(first)) return `invalid character '${first}' looking for beginning of value`;
  if ('tfn'.includes(first)) {
    const word = { t: 'true', f: 'false', n: 'null' }[first] ?? '';
    for (let at = 1; at < word.length; at += 1) {
      const char = trimmed[at];
      if (char === undefined) return 'unexpected end of JSON input';
      if (char !== word[at]) return `invalid character '${char}' in literal ${word} (expecting '${word[at]}')`;
    }
  }
  if (first === '{' && /^\{\s*[^"}\s]/.test(trimmed)) {
    return `invalid character '${/^\{\s*(.)/.exec(trimmed)?.[1] ?? ''}' looking for beginning of object key string`;
  }
  return 'unexpected end of JSON input';
}

export const SECRETS = rulesOf('secrets', {
  defaults(secret) {
    foldStringData(secret);
    fillEmpty(secret, 'type', 'Opaque');
  },
  validateCreate: validate,
  validateUpdate(next, before) {
    const found = [
      ...(text(next, 'type') === text(before, 'type') ? [] : [invalidValue('type', next.type, IMMUTABLE)]),
    ];
    return [...found, ...validateImmutable(next, before, ['data']), ...validate(next)];
  },
  selectable: (secret) => ({ type: text(secret, 'type') }),
});
