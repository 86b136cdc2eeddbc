import type { Answer } from '../../cluster/port.ts';
import type { JsonObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { ALWAYS_ALLOW, type Authorizer } from '../access/authorizer.ts';
import type { Rbac } from '../access/rbac.ts';
import { LOOPBACK, type User } from '../access/user.ts';
import { certificateApproval, certificateSigning } from './certificates.ts';
import { CLAIM_RESIZE } from './claim-resize.ts';
import { DEFAULT_INGRESS_CLASS, DEFAULT_STORAGE_CLASS } from './default-classes.ts';
import { LIMIT_RANGER } from './limit-ranger.ts';
import { NAMESPACE_LIFECYCLE } from './namespace-lifecycle.ts';
import { TAINT_NODES } from './node-taint.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { POD_SECURITY } from './pod-security/pod-security.ts';
import { PRIORITY } from './priority.ts';
import { type QuotaWriter, resourceQuota } from './quota/resource-quota.ts';
import { roleEscalation } from './role-escalation.ts';
import { RUNTIME_CLASS } from './runtime-class.ts';
import { serviceAccounts } from './service-account.ts';
import { STORAGE_PROTECTION } from './storage-protection.ts';
import { TERMINATING_DEFINITION } from './terminating-definition.ts';
import { DEFAULT_TOLERATION_SECONDS } from './toleration-seconds.ts';
import { httpCaller } from './webhooks/http-caller.ts';
import { celConditions } from './webhooks/match-conditions.ts';
import { mutatingWebhooks, validatingWebhooks, type WebhookParts } from './webhooks/webhooks.ts';

/** A status write through the API that this very chain guards. */
export interface StatusWrites {
  update(
    at: { readonly resource: ResourceName; readonly namespace: string; readonly name: string },
    body: JsonObject,
    as: { readonly user: User; readonly manager: string; readonly subresource: 'status' },
  ): Promise<Answer>;
}

export interface AdmissionDeps {
  /** Asked when a quota's usage is to be written. */
  api(): StatusWrites;
  readonly authorizer?: Authorizer;
  /** Absent under always-allow. */
  readonly rbac?: Rbac | undefined;
  /** Default: webhooks by URL over HTTPS; Services refuse connections. */
  readonly webhooks?: Partial<Omit<WebhookParts, 'earlier'>>;
  /** ValidatingAdmissionPolicy, at its place in the chain. */
  readonly policies?: readonly AdmissionPlugin[];
  /** With a real clock: lets other work go on for so many milliseconds. */
  pause?(milliseconds: number): Promise<void>;
}

/** The plugins that kube-apiserver 1.34 runs by default, in its order. */
export function admissionChain(deps: AdmissionDeps): readonly AdmissionPlugin[] {
  const authorizer = deps.authorizer ?? ALWAYS_ALLOW;
  const earlier: readonly AdmissionPlugin[] = [
    TERMINATING_DEFINITION,
    NAMESPACE_LIFECYCLE,
    LIMIT_RANGER,
    serviceAccounts(deps.pause?.bind(deps)),
    TAINT_NODES,
    POD_SECURITY,
    PRIORITY,
    DEFAULT_TOLERATION_SECONDS,
    DEFAULT_STORAGE_CLASS,
    STORAGE_PROTECTION,
    CLAIM_RESIZE,
    RUNTIME_CLASS,
    certificateApproval(authorizer),
    certificateSigning(authorizer),
    DEFAULT_INGRESS_CLASS,
  ];
  const webhooks: WebhookParts = {
    caller: httpCaller(),
    conditions: celConditions,
    ...deps.webhooks,
    earlier: () => earlier,
  };
  return [
    ...earlier,
    mutatingWebhooks(webhooks),
    ...(deps.policies ?? []),
    validatingWebhooks(webhooks),
    resourceQuota(quotaWriter(deps)),
    ...(deps.rbac === undefined ? [] : [roleEscalation(deps.rbac)]),
  ];
}

/** Writes through the API as the server itself does. */
const quotaWriter =
  (deps: AdmissionDeps): QuotaWriter =>
  async (quota, used) => {
    const { name = '', namespace = '' } = quota.metadata;
    const status = { ...(quota.status as object), used };
    const answer = await deps
      .api()
      .update(
        { resource: 'resourcequotas' as ResourceName, namespace, name },
        structuredClone({ ...quota, status }) as unknown as JsonObject,
        { user: LOOPBACK, manager: 'kube-apiserver', subresource: 'status' },
      );
    return answer.kind === 'accepted' || answer.status !== 409;
  };
