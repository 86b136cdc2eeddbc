import type { JsonObject, KubeObject } from '../../../objects/json.ts';
import { controllerOf } from '../../../objects/owners.ts';
import { resource } from '../hands.ts';
import type { Condition } from '../shapes.ts';

/** `Cluster` of CloudNativePG 1.30.0: what of it the model looks at. */
export interface PgCluster extends KubeObject {
  readonly spec: JsonObject & {
    readonly instances?: number;
    readonly imageName?: string;
    readonly bootstrap?: JsonObject;
  };
  readonly status?: ClusterStatus;
}
export interface ClusterStatus extends JsonObject {
  readonly phase?: string;
  readonly phaseReason?: string;
  readonly instances?: number;
  readonly readyInstances?: number;
  readonly latestGeneratedNode?: number;
  readonly instanceNames?: readonly string[];
  readonly danglingPVC?: readonly string[];
  readonly targetPrimary?: string;
  readonly currentPrimary?: string;
  readonly conditions?: readonly (Condition & JsonObject)[];
}

export const OPERATOR_VERSION = '1.30.0';
export const CLUSTERS = resource('clusters.postgresql.cnpg.io');
export const BACKUPS = resource('backups.postgresql.cnpg.io');
export const SERVICES = resource('services');
export const SECRETS = resource('secrets');
export const CLAIMS = resource('persistentvolumeclaims');
export const PODS = resource('pods');
export const JOBS = resource('jobs.batch');

export const MARKS = {
  cluster: 'cnpg.io/cluster',
  instanceName: 'cnpg.io/instanceName',
  instanceRole: 'cnpg.io/instanceRole',
  podRole: 'cnpg.io/podRole',
  jobRole: 'cnpg.io/jobRole',
  pvcRole: 'cnpg.io/pvcRole',
  serial: 'cnpg.io/nodeSerial',
  pvcStatus: 'cnpg.io/pvcStatus',
  operatorVersion: 'cnpg.io/operatorVersion',
  fenced: 'cnpg.io/fencedInstances',
  loop: 'cnpg.io/reconciliationLoop',
  hibernation: 'cnpg.io/hibernation',
  lastAppliedSpec: 'cnpg.io/lastAppliedSpec',
} as const;

export const PHASES = {
  cannotCreate: 'Unable to create required cluster objects',
  firstPrimary: 'Setting up primary',
  newReplica: 'Creating a new replica',
  waiting: 'Waiting for the instances to become active',
  healthy: 'Cluster in healthy state',
  unrecoverable: 'Cluster is unrecoverable and needs manual intervention',
} as const;

export const nameOf = (object: KubeObject): string => object.metadata.name ?? '';
export const namespaceOf = (object: KubeObject): string => object.metadata.namespace ?? '';
export const label = (object: KubeObject, name: string): string | undefined => object.metadata.labels?.[name];
export const note = (object: KubeObject, name: string): string | undefined => object.metadata.annotations?.[name];

/** The operator's own test: the controller's kind and version and its *name*; no UID is compared (postgres 1.2). */
export function isOwnedBy(object: KubeObject, cluster: PgCluster): boolean {
  const owner = controllerOf(object);
  return owner?.kind === 'Cluster' && owner.apiVersion === 'postgresql.cnpg.io/v1' && owner.name === nameOf(cluster);
}

export const ownerOf = (cluster: PgCluster): JsonObject => ({
  apiVersion: 'postgresql.cnpg.io/v1',
  kind: 'Cluster',
  name: nameOf(cluster),
  uid: cluster.metadata.uid ?? '',
  controller: true,
});

export const hasCondition = (cluster: PgCluster, type: string): boolean =>
  cluster.status?.conditions?.some((one) => one.type === type && one.status === 'True') === true;

/** Whether the Cluster has ever had an instance: then the operator makes no first one any more. */
export function isInitialized(cluster: PgCluster): boolean {
  return hasCondition(cluster, 'Initialized') || (cluster.status?.latestGeneratedNode ?? 0) !== 0;
}

/** The serial number of an instance's volume. */
export function serialOf(claim: KubeObject): number | undefined {
  const text = note(claim, MARKS.serial);
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** Where the Cluster archives: `destinationPath/serverName`; undefined when it does not. */
export function archiveOf(cluster: PgCluster): string | undefined {
  const { backup } = cluster.spec as { backup?: { barmanObjectStore?: StorePlace } };
  return prefixOf(backup?.barmanObjectStore, nameOf(cluster));
}
export interface StorePlace {
  readonly destinationPath?: string;
  readonly serverName?: string;
}
export function prefixOf(place: StorePlace | undefined, otherwise: string): string | undefined {
  return place?.destinationPath === undefined
    ? undefined
    : `${place.destinationPath.replace(/\/$/, '')}/${place.serverName ?? otherwise}`;
}
