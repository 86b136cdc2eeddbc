import { type CodeTable, faultsOf } from '../outcome/fault.ts';

/** Every fault that this room can raise. */
export const CLUSTER_CODES = {
  'KUBECONFIG-MISSING': { exit: 4, meaning: 'No kubeconfig was found, and this process does not run in a cluster.' },
  'KUBECONFIG-MALFORMED': { exit: 2, meaning: 'A kubeconfig, or a file that it names, cannot be read as one.' },
  'KUBECONFIG-DANGLING': {
    exit: 2,
    meaning: 'A context, cluster or user that is asked for does not stand in the kubeconfig.',
  },
  'KUBECONFIG-UNSUPPORTED': { exit: 4, meaning: 'The kubeconfig asks for something that is not supported.' },
  'CREDENTIAL-FAILED': { exit: 4, meaning: 'The credentials of the kubeconfig could not be had.' },
  'CONNECTION-LOST': {
    exit: 1,
    meaning:
      'The connection was lost or could not be made; `sent` in the details says whether a write may have arrived.',
  },
  'TLS-REFUSED': { exit: 4, meaning: 'The server could not prove who it is, or refused our certificate.' },
  'TIMED-OUT': { exit: 1, meaning: 'The server did not answer a read in time.' },
  'WRONG-CLUSTER': {
    exit: 1,
    meaning: 'The fingerprint of the cluster is not the pinned one; nothing was written to it.',
  },
  'FINGERPRINT-REFUSED': {
    exit: 4,
    meaning: 'The namespace kube-system, whose UID is the fingerprint, could not be read.',
  },
  'MALFORMED-ANSWER': {
    exit: 1,
    meaning:
      'The server answered something that is no answer: no JSON, cut short, of the wrong type or beyond a bound.',
  },
  'REQUEST-REFUSED': {
    exit: 1,
    meaning: 'The server refused a request without which nothing can go on, such as discovery.',
  },
  'BAD-ADDRESS': { exit: 1, meaning: 'A group, resource, namespace or name cannot stand in a URL of the API.' },
  'CLUSTER-CLOSED': { exit: 1, meaning: 'The cluster was closed while, or before, it was asked.' },
  ABORTED: { exit: 130, meaning: 'The caller aborted the request.' },
} as const satisfies CodeTable;

export const clusterFault = faultsOf(CLUSTER_CODES);
