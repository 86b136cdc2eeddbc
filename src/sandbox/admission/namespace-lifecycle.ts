import type { ResourceName } from '../../objects/key.ts';
import { forbidden, notFound } from '../status/refusal.ts';
import { forbiddenAttempt } from './attempts.ts';
import type { AdmissionPlugin, Attempt } from './plugin.ts';

const NAMESPACES = 'namespaces' as ResourceName;
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is made in a namespace that is not there or is going; some namespaces never go. */
export const NAMESPACE_LIFECYCLE: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  mutate(attempt: Attempt) {
    const { operation, namespace, plural, group } = attempt;
    if (group === '' && plural === 'namespaces') {
      if (operation === 'DELETE' && IMMORTAL.has(attempt.name))
        throw forbidden({ group: '', resource: 'namespaces' }, attempt.name, 'this namespace may not be deleted');
      return;
    }
    if (operation === 'DELETE' || namespace === undefined || namespace === '') return;
    if (group === 'authorization.k8s.io' && plural === 'localsubjectaccessreviews') return;
    const found = attempt.context.store.get(NAMESPACES, undefined, namespace);
    if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    if (operation !== 'CREATE' || (found.status as { phase?: string } | undefined)?.phase !== 'Terminating') return;
    throw forbiddenAttempt(
      attempt,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
  },
};
