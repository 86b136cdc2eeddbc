import type { Authorizer } from '../access/authorizer.ts';
import { forbiddenAttempt } from './attempts.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';

const REQUESTS = 'certificatesigningrequests.certificates.k8s.io';
const GROUP = 'certificates.k8s.io';

/** Whether someone may act for a signer: for it by name, or for all of its domain. */
function mayActFor(authorizer: Authorizer, attempt: Attempt, verb: string, signer: string): boolean {
  const ask = (name: string): boolean =>
    authorizer.authorize({ user: attempt.user, verb, group: GROUP, resource: 'signers', name }).allowed;
  const slash = signer.indexOf('/');
  return ask(signer) || (slash > 0 && ask(`${signer.slice(0, slash)}/*`));
}

const signerOf = (attempt: Attempt): string =>
  ((attempt.before?.spec as { signerName?: string } | undefined)?.signerName ?? '') as string;

/** Approving needs the verb `approve` on the signer. */
export const certificateApproval = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateApproval',
  validate(attempt) {
    if (attempt.resource !== REQUESTS || attempt.subresource !== 'approval') return;
    if (!mayActFor(authorizer, attempt, 'approve', signerOf(attempt)))
      throw forbiddenAttempt(
        attempt,
        `user not permitted to approve requests with signerName ${JSON.stringify(signerOf(attempt))}`,
      );
  },
});

/** Issuing needs the verb `sign` on the signer. */
export const certificateSigning = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateSigning',
  validate(attempt) {
    if (attempt.resource !== REQUESTS || attempt.subresource !== 'status') return;
    const state = (object: unknown): string => {
      const status = (object as { status?: { certificate?: string; conditions?: unknown[] } } | undefined)?.status;
      return JSON.stringify([status?.certificate ?? '', status?.conditions ?? []]);
    };
    if (state(attempt.object) === state(attempt.before)) return;
    if (!mayActFor(authorizer, attempt, 'sign', signerOf(attempt)))
      throw forbiddenAttempt(
        attempt,
        `user not permitted to sign requests with signerName ${JSON.stringify(signerOf(attempt))}`,
      );
  },
});
