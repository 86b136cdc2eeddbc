import type { KubeObject } from '../../src/objects/json.ts';
import type { ResourceName } from '../../src/objects/key.ts';
import { conditionOf } from '../holding.ts';

/** Why an object is in no backup or is not restored (velero.md 2.3); undefined when it is. */
export function leftOut(resource: ResourceName, object: KubeObject): string | undefined {
  const { deletionTimestamp, labels = {}, annotations = {} } = object.metadata;
  if (deletionTimestamp !== undefined) return 'was being deleted';
  if (labels['velero.io/exclude-from-backup'] === 'true') return 'excluded by its label';
  if (annotations['velero.io/skip-from-backup'] !== undefined) return 'excluded by its annotation';
  const { phase } = (object.status ?? {}) as { phase?: string };
  if (resource === 'pods') {
    if (phase === 'Succeeded' || phase === 'Failed') return 'had ended';
    if (annotations['kubernetes.io/config.mirror'] !== undefined) return 'is a mirror of a static Pod';
  }
  if (resource === 'jobs.batch' && (object.status as { completionTime?: string } | undefined)?.completionTime)
    return 'had ended';
  if (resource === 'jobs.batch' && conditionOf(object, 'Complete') === 'True') return 'had ended';
  if (resource === 'apiservices.apiregistration.k8s.io' && labels['kube-aggregator.kubernetes.io/automanaged'])
    return 'the server makes it';
  if (resource === 'secrets' && object.type === 'kubernetes.io/service-account-token')
    return 'the token controller makes it';
  // Its volume was not in the backup and is to be deleted with its claim: it is provisioned anew (velero.md 2.6).
  const { persistentVolumeReclaimPolicy: reclaim } = (object.spec ?? {}) as { persistentVolumeReclaimPolicy?: string };
  if (resource === 'persistentvolumes' && reclaim === 'Delete') return 'provisioned anew';
  return undefined;
}
