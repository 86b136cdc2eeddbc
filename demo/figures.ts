import type { KubeObject } from '../src/objects/json.ts';
import { compareText, type KeyText } from '../src/objects/key.ts';
import { conditionOf, type Holding, of, ownersOf, resourceOf, secretText } from './holding.ts';
import { CLAIMS_HOME } from './world/platform.ts';
import type { Site } from './world/site.ts';

/** `good` of `all`. */
export interface Share {
  readonly good: number;
  readonly all: number;
}
/** What one way of restoring came to; everything is read from its server and its cloud. */
export interface Figures {
  readonly objectsBack: Share;
  readonly ownersRight: Share;
  readonly fieldsKept: Share;
  readonly databasesAccepted: Share;
  readonly passwordsKept: Share;
  readonly claimsReady: Share;
  /** Phases that the databases' operator reports, with their number. */
  readonly phases: ReadonlyMap<string, number>;
  /** Things of the cloud that serve a tenant who has one already. */
  readonly createdTwice: number;
  readonly cloudCreates: number;
  readonly cloudDeletes: number;
}

/** Made anew under another name, by someone else or on command: their keys say nothing about a restore. */
const NOT_COUNTED = new Set([
  'pods',
  'nodes',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'persistentvolumes',
  'persistentvolumeclaims',
  'ipaddresses.networking.k8s.io',
  'jobs.batch',
  'backups.postgresql.cnpg.io',
]);
/** They run in every cluster, and write there what they see. */
const RUNNING = ['kube-controller-manager', 'kube-apiserver', 'kubelet'];
export const CLUSTERS = 'clusters.postgresql.cnpg.io';
const HEALTHY = 'Cluster in healthy state';

/** The objects of production that are to come back: what a cluster without anything has not. */
export function objectsThatMatter(production: Holding, empty: Holding): readonly string[] {
  return [...production.keys()].filter((key) => !empty.has(key) && !NOT_COUNTED.has(resourceOf(key)));
}

export function figuresOf(site: Site, production: Holding, found: Holding, keys: readonly string[]): Figures {
  const before = (key: string): KubeObject | undefined => production.get(key as never);
  const after = (key: string): KubeObject | undefined => found.get(key as never);
  const share = (all: readonly string[], good: (key: string) => boolean): Share => ({
    good: all.filter(good).length,
    all: all.length,
  });
  const uids = new Map([...found.values()].map((one) => [one.metadata.uid ?? '', one]));
  const owned = keys.filter((key) => ownersOf(before(key)).length > 0);
  const databases = keys.filter((key) => resourceOf(key) === CLUSTERS);
  const claims = keys.filter((key) => resourceOf(key).startsWith('tenants.'));
  const phases = new Map<string, number>();
  for (const [, object] of of(found, CLUSTERS)) phases.set(phaseOf(object), (phases.get(phaseOf(object)) ?? 0) + 1);
  const { cloud } = site.outside;
  return {
    objectsBack: share(keys, (key) => after(key) !== undefined && isLiving(after(key))),
    ownersRight: share(owned, (key) => sameOwners(before(key), after(key), uids)),
    fieldsKept: share(
      keys.filter((key) => managersOf(before(key)).length > 0),
      (key) => managersOf(before(key)).every((manager) => managersOf(after(key)).includes(manager)),
    ),
    databasesAccepted: share(databases, (key) => phaseOf(after(key)) === HEALTHY),
    passwordsKept: share(
      keys.filter((key) => isRead(key) && secretText(before(key), 'password') !== undefined),
      (key) => secretText(before(key), 'password') === secretText(after(key), 'password'),
    ),
    claimsReady: share(claims, (key) => conditionOf(after(key), 'Ready') === 'True'),
    phases,
    createdTwice: cloud.duplicates(site.now()).reduce((sum, group) => sum + group.length - 1, 0),
    cloudCreates: cloud.count('Create'),
    cloudDeletes: cloud.count('Delete'),
  };
}

/** Secrets that applications read: not those in the operators' own Namespaces. */
const isRead = (key: string): boolean => /^secrets\//.test(key) && !/^secrets\/[^/]+-system\//.test(key);
const isLiving = (object: KubeObject | undefined): boolean => object?.metadata.deletionTimestamp === undefined;
const phaseOf = (object: KubeObject | undefined): string =>
  String((object?.status as { phase?: string } | undefined)?.phase ?? 'no phase');

/** The same owners by kind and name, each with the UID of one that lives. */
function sameOwners(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  uids: ReadonlyMap<string, KubeObject>,
): boolean {
  const told = (object: KubeObject | undefined): string =>
    ownersOf(object)
      .map(({ kind, name, controller }) => `${kind} ${name} ${controller === true}`)
      .sort(compareText)
      .join();
  const live = ownersOf(after).every(({ uid, name }) => uids.get(uid)?.metadata.name === name);
  return after !== undefined && told(before) === told(after) && live;
}

function managersOf(object: KubeObject | undefined): readonly string[] {
  return (object?.metadata.managedFields ?? [])
    .filter(({ manager = '' }) => !RUNNING.includes(manager))
    .map(({ manager, operation, subresource = '' }) => `${manager} ${operation} ${subresource}`);
}

/** The Secret that a tenant's claim tells its applications. */
export const claimSecret = (tenant: string): KeyText => `secrets/${CLAIMS_HOME}/${tenant}-database` as KeyText;
