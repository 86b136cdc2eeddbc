import { RBAC_GROUP, refuseEscalation } from '../access/escalation.ts';
import type { Rbac } from '../access/rbac.ts';
import type { AdmissionPlugin } from './plugin.ts';

/** No plugin of the real server but its storage of roles: it looks after mutation and before validation, as this does. */
export const roleEscalation = (rbac: Rbac): AdmissionPlugin => ({
  name: 'RoleEscalation',
  mutate(attempt) {
    if (attempt.group !== RBAC_GROUP || attempt.operation === 'DELETE' || attempt.object === undefined) return;
    if ((attempt.subresource ?? '') !== '') return;
    refuseEscalation(
      {
        user: attempt.user,
        plural: attempt.plural,
        namespace: attempt.namespace,
        name: attempt.before === undefined ? '' : attempt.name,
        object: attempt.object,
        before: attempt.before,
      },
      rbac,
    );
  },
});
