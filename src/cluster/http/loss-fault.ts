import type { Fault } from '../../outcome/fault.ts';
import { clusterFault } from '../codes.ts';
import { clip } from './answer.ts';
import type { LaneLoss, Sent } from './loss.ts';

interface Lost {
  readonly method: string;
  readonly path: () => string;
  readonly kind: 'read' | 'write' | 'watch';
}

/** What a caller sees of a lost connection. Details: `sent` ('no' | 'maybe'), `attempts`, `timedOut`. */
export function lossFault(request: Lost, loss: LaneLoss, server: string, attempts: number): Fault {
  const what = `${request.method} ${clip(request.path())}`;
  const sent: Sent = loss.sent;
  const details = { sent, attempts, timedOut: loss.timedOut };
  if (loss.untrusted)
    return clusterFault('TLS-REFUSED', `${server} and this process do not trust each other: ${loss.message}.`, {
      hint: 'Check certificate-authority, tls-server-name and the client certificate of the kubeconfig.',
      cause: loss.cause,
      details,
    });
  if (loss.garbled)
    return clusterFault('MALFORMED-ANSWER', `The answer to ${what} is no HTTP: ${loss.message}.`, {
      hint: 'Check that the address and its scheme (http, https) are those of a Kubernetes API server.',
      cause: loss.cause,
      details,
    });
  if (loss.timedOut && request.kind !== 'write')
    return clusterFault('TIMED-OUT', `${server} did not answer ${what} in time: ${loss.message}.`, {
      hint: 'Look at the load of the API server, or raise the request timeout.',
      cause: loss.cause,
      details,
    });
  const how = sent === 'no' ? 'before anything was sent' : 'after it may have arrived';
  return clusterFault('CONNECTION-LOST', `The connection to ${server} was lost at ${what}, ${how}: ${loss.message}.`, {
    hint:
      request.kind === 'write' && sent === 'maybe'
        ? 'Read the object before writing again: the write may have been done.'
        : 'Check that the server can be reached from here, then try again.',
    cause: loss.cause,
    details,
  });
}
