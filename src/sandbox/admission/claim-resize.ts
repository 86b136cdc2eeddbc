import type { ResourceName } from '../../objects/key.ts';
import { forbiddenAttempt, isCore } from './attempts.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { compareQuantity, quantity } from './quantity.ts';

interface Claim {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { storage?: string } };
  };
  readonly status?: { readonly phase?: string };
}
const classOf = ({ metadata, spec }: Claim): string =>
  metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';

/** Only bound claims of a class that allows it may grow. */
export const CLAIM_RESIZE: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate(attempt) {
    if (attempt.operation !== 'UPDATE' || !isCore(attempt, 'persistentvolumeclaims')) return;
    const [now, before] = [attempt.object, attempt.before] as unknown as [Claim | undefined, Claim | undefined];
    if (now === undefined || before === undefined) return;
    const size = (claim: Claim) => quantity(claim.spec?.resources?.requests?.storage);
    if (compareQuantity(size(now), size(before)) <= 0) return;
    if (before.status?.phase !== 'Bound')
      throw forbiddenAttempt(attempt, 'Only bound persistent volume claims can be expanded');
    const name = classOf(now);
    const storageClass =
      name !== '' && name === classOf(before)
        ? attempt.context.store.get('storageclasses.storage.k8s.io' as ResourceName, undefined, name)
        : undefined;
    if (storageClass?.allowVolumeExpansion !== true)
      throw forbiddenAttempt(
        attempt,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
  },
};
