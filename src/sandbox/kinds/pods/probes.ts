import { portName, portNumber } from '../../schema/metadata/names.ts';
import {
  each,
  forbiddenField,
  invalidValue,
  nonNegative,
  notSupported,
  required,
} from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, child, count, has, text, texts } from '../values.ts';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/** `once`: liveness and startup probes succeed with one success. */
export function validateProbe(probe: Body | undefined, field: string, once: boolean): Problem[] {
  if (probe === undefined) return [];
  const found: Problem[] = [];
  const kinds = HANDLERS.filter((kind) => has(probe, kind));
  kinds.forEach((kind, at) => {
    if (at > 0) found.push(forbiddenField(`${field}.${kind}`, 'may not specify more than 1 handler type'));
    else found.push(...handler(kind, child(probe, kind) ?? {}, `${field}.${kind}`));
  });
  if (kinds.length === 0) found.push(required(field, 'must specify a handler type'));
  for (const key of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    found.push(...nonNegative(`${field}.${key}`, count(probe, key)));
  }
  if (has(probe, 'terminationGracePeriodSeconds') && count(probe, 'terminationGracePeriodSeconds') <= 0) {
    const value = count(probe, 'terminationGracePeriodSeconds');
    found.push(invalidValue(`${field}.terminationGracePeriodSeconds`, value, 'must be greater than 0'));
  }
  const successes = count(probe, 'successThreshold');
  if (once && successes !== 1) found.push(invalidValue(`${field}.successThreshold`, successes, 'must be 1'));
  return found;
}

function handler(kind: string, action: Body, field: string): Problem[] {
  if (kind === 'exec') return texts(action, 'command').length === 0 ? [required(`${field}.command`)] : [];
  const found: Problem[] = [];
  if (kind === 'httpGet') {
    if (text(action, 'path') === '') found.push(required(`${field}.path`));
    found.push(...port(action, field));
    const scheme = text(action, 'scheme');
    if (scheme !== 'HTTP' && scheme !== 'HTTPS') found.push(notSupported(`${field}.scheme`, scheme, ['HTTP', 'HTTPS']));
    return found;
  }
  return kind === 'tcpSocket'
    ? port(action, field)
    : each(`${field}.port`, count(action, 'port'), portNumber(count(action, 'port')));
}

/** A number or the name of a container's port. */
function port(action: Body, field: string): Problem[] {
  return validatePort(action.port, `${field}.port`);
}
export function validatePort(value: unknown, field: string): Problem[] {
  if (typeof value === 'string') return each(field, value, portName(value));
  const number = typeof value === 'number' ? value : 0;
  return each(field, number, portNumber(number));
}
