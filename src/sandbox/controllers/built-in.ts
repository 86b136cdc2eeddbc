import { recordedObjects } from '../recorded/recorded.ts';
import { admissionPolicyStatus } from './admission-policy-status.ts';
import { clusterRoleAggregation } from './cluster-role-aggregation.ts';
import type { ControllerMaker } from './controller.ts';
import { cronJobController } from './cron-job.ts';
import { daemonSetController } from './daemon-set.ts';
import { deploymentController } from './deployment.ts';
import { endpointSliceController } from './endpoint-slices.ts';
import { endpointsController } from './endpoints.ts';
import { garbageCollector } from './garbage-collector.ts';
import { horizontalAutoscaler } from './horizontal-autoscaler.ts';
import { jobController, ttlAfterFinished } from './job.ts';
import { kubeletModel } from './kubelet.ts';
import { namespaceController } from './namespaces.ts';
import { nodeTtlController } from './node-ttl.ts';
import { persistentVolumeBinder } from './persistent-volumes.ts';
import { podDisruptionBudgetController } from './pod-disruption-budgets.ts';
import { podGarbageCollector } from './pod-garbage.ts';
import { claimProtection, volumeProtection } from './protection.ts';
import { replicaSetController, replicationController } from './replica-set.ts';
import { resourceQuotaController } from './resource-quota.ts';
import { schedulerModel } from './scheduler.ts';
import { rootCaPublisher, serviceAccountController } from './service-accounts.ts';
import { serviceCidrController } from './service-cidrs.ts';
import { statefulSetController } from './stateful-set.ts';
import { type TokenMaker, tokenSecretController } from './token-secrets.ts';

export interface BuiltInOptions {
  /** PEM of the certificates that clients trust the server by; default: those of the recorded server. */
  readonly certificates?: string;
  /** Signs the tokens in Secrets of type service-account-token; default: nobody does. */
  readonly makeToken?: TokenMaker;
}

/** What kube-controller-manager runs, as far as it has a model here. */
export function builtInControllers(options: BuiltInOptions = {}): readonly ControllerMaker[] {
  const { certificates = recordedCertificates(), makeToken } = options;
  return [
    serviceAccountController,
    rootCaPublisher(certificates),
    tokenSecretController(certificates, makeToken),
    deploymentController,
    replicaSetController,
    replicationController,
    statefulSetController,
    daemonSetController,
    cronJobController,
    jobController,
    ttlAfterFinished,
    endpointsController,
    endpointSliceController,
    podDisruptionBudgetController,
    horizontalAutoscaler,
    persistentVolumeBinder,
    claimProtection,
    volumeProtection,
    nodeTtlController,
    serviceCidrController,
    resourceQuotaController,
    clusterRoleAggregation,
    admissionPolicyStatus,
    podGarbageCollector,
    namespaceController,
    garbageCollector,
  ];
}
export const BUILT_IN_CONTROLLERS: readonly ControllerMaker[] = builtInControllers();

/**
 * Scheduler and kubelet in small: one node on which Pods become ready. Apart, because the real control plane of the tests
 * has neither and its Pods stay Pending.
 */
export const NODE_CONTROLLERS: readonly ControllerMaker[] = [schedulerModel, kubeletModel()];

function recordedCertificates(): string {
  const found = recordedObjects('beside-manager').find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt',
  );
  return (found?.data as { readonly 'ca.crt'?: string } | undefined)?.['ca.crt'] ?? '';
}
