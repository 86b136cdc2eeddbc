import { CONFIG_MAPS } from './core/config-maps.ts';
import { NAMESPACES } from './core/namespaces.ts';
import { SECRETS } from './core/secrets.ts';
import { CORE_KINDS } from './core/small-kinds.ts';
import type { KindRules } from './kind-rules.ts';
import { NETWORK_KINDS } from './network/network-kinds.ts';
import { PODS } from './pods/pods.ts';
import { ACCESS_KINDS } from './policies/access.ts';
import { ADMISSION_KINDS } from './policies/admission.ts';
import { POLICY_KINDS } from './policies/policies.ts';
import { SERVICES } from './services/services.ts';
import {
  ATTRIBUTES_CLASSES,
  CSI_CAPACITIES,
  CSI_DRIVERS,
  CSI_NODES,
  STORAGE_CLASSES,
  VOLUME_ATTACHMENTS,
} from './storage/classes.ts';
import { CLAIMS } from './storage/persistent-volume-claims.ts';
import { VOLUMES } from './storage/persistent-volumes.ts';
import { warned } from './warnings/warned-kinds.ts';
import { CRON_JOBS } from './workloads/cron-jobs.ts';
import { CONTROLLER_REVISIONS, DAEMON_SETS } from './workloads/daemon-sets.ts';
import { DEPLOYMENTS } from './workloads/deployments.ts';
import { JOBS } from './workloads/jobs.ts';
import { REPLICA_SETS, REPLICATION_CONTROLLERS } from './workloads/replica-sets.ts';
import { STATEFUL_SETS } from './workloads/stateful-sets.ts';

const PLAIN: readonly KindRules[] = [
  CONFIG_MAPS,
  SECRETS,
  NAMESPACES,
  SERVICES,
  PODS,
  ...CORE_KINDS,
  DEPLOYMENTS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  STATEFUL_SETS,
  DAEMON_SETS,
  CONTROLLER_REVISIONS,
  JOBS,
  CRON_JOBS,
  CLAIMS,
  VOLUMES,
  STORAGE_CLASSES,
  CSI_DRIVERS,
  CSI_NODES,
  CSI_CAPACITIES,
  ATTRIBUTES_CLASSES,
  VOLUME_ATTACHMENTS,
  ...NETWORK_KINDS,
  ...ACCESS_KINDS,
  ...POLICY_KINDS,
  ...ADMISSION_KINDS,
];

/** The rules of all built-in kinds that have any. */
export const KIND_RULES: readonly KindRules[] = PLAIN.map(warned);
