import { groupOf, versionOf } from '../objects/key.ts';
import type { Access } from './access/access.ts';
import { admissionChain } from './admission/chain.ts';
import { validatingPolicies } from './admission/policies.ts';
import { apiServices } from './controllers/api-services.ts';
import { builtInControllers, NODE_CONTROLLERS } from './controllers/built-in.ts';
import type { ControllerMaker } from './controllers/controller.ts';
import { definitions } from './controllers/definitions.ts';
import { eventExpiry } from './controllers/event-expiry.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from './kinds/custom-resource-definitions.ts';
import { KIND_RULES } from './kinds/rules.ts';
import type { ServerOptions } from './server.ts';
import { webhookForms } from './webhook-forms.ts';

/** What the corridors bring to the server: rules of kinds, admission plugins, controllers. */
export const corridors: Pick<ServerOptions, 'rules' | 'admission'> & {
  /** What kube-controller-manager runs. */
  controllers(access: Access): readonly ControllerMaker[];
  /** A scheduler and a kubelet in small: Pods become ready. */
  readonly nodeControllers: readonly ControllerMaker[];
  /** What the API server itself runs. */
  readonly ownControllers: readonly ControllerMaker[];
} = {
  rules: KIND_RULES.some(({ resource }) => resource === CUSTOM_RESOURCE_DEFINITIONS.resource)
    ? KIND_RULES
    : [...KIND_RULES, CUSTOM_RESOURCE_DEFINITIONS],
  controllers: (access) => builtInControllers({ makeToken: access.legacyToken }),
  nodeControllers: NODE_CONTROLLERS,
  ownControllers: [definitions, apiServices, eventExpiry],
  admission: ({ api, access, catalog, webhooks, pause }) =>
    admissionChain({
      api,
      authorizer: access.authorizer,
      rbac: access.rbac,
      webhooks: { ...webhookForms(catalog), ...(webhooks === undefined ? {} : { caller: webhooks }) },
      ...(pause === undefined ? {} : { pause }),
      policies: [
        validatingPolicies({
          authorizer: access.authorizer,
          paramResource: (apiVersion, kind) => catalog.byKind(groupOf(apiVersion), versionOf(apiVersion), kind),
        }),
      ],
    }),
};
