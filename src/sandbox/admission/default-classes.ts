import type { KubeObject } from '../../objects/json.ts';
import { compareText, type ResourceName } from '../../objects/key.ts';
import { isCore } from './attempts.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';

const STORAGE_DEFAULT = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const CLAIM_NOTE = 'volume.beta.kubernetes.io/storage-class';

/** Of the classes that are marked as default the newest; of equally new ones the first by name. */
function newestDefault(attempt: Attempt, resource: string, notes: readonly string[]): string | undefined {
  const born = (one: KubeObject): number => Date.parse(one.metadata.creationTimestamp ?? '') || 0;
  const marked = [...attempt.context.store.list(resource as ResourceName)].filter(({ metadata }) =>
    notes.some((note) => metadata.annotations?.[note] === 'true'),
  );
  marked.sort((a, b) => born(b) - born(a) || compareText(a.metadata.name ?? '', b.metadata.name ?? ''));
  return marked[0]?.metadata.name;
}

interface Claim {
  metadata?: { annotations?: Record<string, string> };
  spec?: { storageClassName?: string | null };
}

/** A claim that names no class gets the default one. */
export const DEFAULT_STORAGE_CLASS: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  mutate(attempt) {
    if (attempt.operation !== 'CREATE' || !isCore(attempt, 'persistentvolumeclaims')) return;
    const claim = attempt.object as unknown as Claim | undefined;
    if (claim?.spec === undefined || claim.metadata?.annotations?.[CLAIM_NOTE] !== undefined) return;
    if (claim.spec.storageClassName !== undefined && claim.spec.storageClassName !== null) return;
    const name = newestDefault(attempt, 'storageclasses.storage.k8s.io', STORAGE_DEFAULT);
    if (name !== undefined) claim.spec.storageClassName = name;
  },
};

/** An Ingress that names no class gets the default one. */
export const DEFAULT_INGRESS_CLASS: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  mutate(attempt) {
    if (attempt.operation !== 'CREATE' || attempt.resource !== 'ingresses.networking.k8s.io') return;
    const ingress = attempt.object as unknown as
      | { metadata?: { annotations?: Record<string, string> }; spec?: { ingressClassName?: string } }
      | undefined;
    if ((attempt.subresource ?? '') !== '' || ingress?.spec === undefined) return;
    if (ingress.spec.ingressClassName !== undefined) return;
    if (ingress.metadata?.annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const name = newestDefault(attempt, 'ingressclasses.networking.k8s.io', [
      'ingressclass.kubernetes.io/is-default-class',
    ]);
    if (name !== undefined) ingress.spec.ingressClassName = name;
  },
};
