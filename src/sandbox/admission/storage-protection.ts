import type { AdmissionPlugin } from './plugin.ts';

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
};

/** Volumes and claims in use wait for their users before they go. */
export const STORAGE_PROTECTION: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  mutate(attempt) {
    if (attempt.operation !== 'CREATE' || (attempt.subresource ?? '') !== '') return;
    const finalizer = FINALIZERS[attempt.resource];
    const metadata = attempt.object?.metadata as { finalizers?: string[] } | undefined;
    if (finalizer === undefined || metadata === undefined || metadata.finalizers?.includes(finalizer)) return;
    metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
