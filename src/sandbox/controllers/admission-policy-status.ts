import type { KubeObject } from '../../objects/json.ts';
import { controllerUser } from '../access/user.ts';
import type { ControllerMaker } from './controller.ts';
import { resource } from './hands.ts';
import { NotYet, queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const POLICIES = resource('validatingadmissionpolicies.admissionregistration.k8s.io');
const NAME = 'validatingadmissionpolicy-status';

type Policy = KubeObject & { readonly status?: { readonly observedGeneration?: number } };

/** Says of every ValidatingAdmissionPolicy that its types were looked at. Warnings of types are none here: CEL knows no schemas. */
export const admissionPolicyStatus: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  return queuedController({
    name: `${NAME}-controller`,
    queue,
    context,
    noted({ kind, now }) {
      if (now.resource === POLICIES && kind !== 'deleted') queue.add(now.object.metadata.name ?? '');
    },
    async reconcile(name) {
      const policy = context.api.get(POLICIES, undefined, name) as Policy | undefined;
      const generation = policy?.metadata.generation ?? 0;
      if (policy === undefined || generation <= (policy.status?.observedGeneration ?? 0)) return;
      const answer = await context.api.patch(
        { resource: POLICIES, name },
        {
          kind: 'apply',
          body: {
            apiVersion: 'admissionregistration.k8s.io/v1',
            kind: 'ValidatingAdmissionPolicy',
            metadata: { name },
            status: { observedGeneration: generation, typeChecking: {} },
          },
          force: true,
        },
        { user: controllerUser(`${NAME}-controller`), manager: NAME, subresource: 'status' },
      );
      if (answer.kind === 'rejected') throw new NotYet(answer.message);
    },
  });
};
