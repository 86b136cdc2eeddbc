import type { Rejection } from '../../cluster/port.ts';
import { failed, later, type StepOutcome } from '../run-context.ts';

/** The server's own words, shortened: some name every field of a big object. */
export function wordsOf(rejection: Rejection): string {
  const words = rejection.message === '' ? `status ${rejection.status} ${rejection.reason}`.trim() : rejection.message;
  return words.length > 600 ? `${words.slice(0, 600)}...` : words;
}

/**
 * What a refused write comes to. Tried again: failures of the server and of webhooks (5xx), 429, conflicts, a namespace or a
 * kind that is not there yet, a namespace under deletion, and what admission could not find yet (the service account of a Pod).
 */
export function refusalOf(rejection: Rejection, what: string): StepOutcome {
  const words = wordsOf(rejection);
  const sentence = `${what}: ${words}`;
  const { status, reason } = rejection;
  if (status === 429 || status >= 500) return later('UNREACHABLE', sentence);
  if (status === 409) return later('REFUSED', sentence);
  if (status === 404)
    return later(/could not find the requested resource/.test(words) ? 'NOT-SERVED' : 'REFUSED', sentence);
  if (status === 403) {
    if (/violates PodSecurity/.test(words)) return failed('POD-SECURITY', sentence);
    if (/being terminated/.test(words) || rejection.causes.some((cause) => cause.reason === 'NamespaceTerminating'))
      return later('TERMINATING', sentence);
    if (/not found|not yet ready|status unknown for quota/.test(words)) return later('REFUSED', sentence);
  }
  if (status === 400 && /strict decoding error|unknown field/.test(words)) return failed('FIELD-DROPPED', sentence);
  return failed('REFUSED', reason === '' ? sentence : `${sentence} (${reason})`);
}
