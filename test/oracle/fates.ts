import { isFinished } from './controllers.ts';
import { at, listOf, textOf } from './places.ts';
import { kindOfReference } from './store.ts';
import { type Captured, groupIn, keyFor, resourceOf, type World } from './world.ts';

/**
 * What has to become of one object, by the oracle's own knowledge of the systems (README, "Knowledge").
 * `must-write`: it comes back. `mint`: the target makes it. `not-written`: it must not be written. `may-wait`: it depends on
 * something that cannot come back now, so withholding it is right, and writing it is judged by what happens.
 */
export interface Expected {
  readonly kind: 'must-write' | 'mint' | 'not-written' | 'may-wait';
  readonly why: string;
}

const MACHINES = [
  'nodes',
  'csinodes.storage.k8s.io',
  'leases.coordination.k8s.io',
  'events',
  'events.events.k8s.io',
  'ipaddresses.networking.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
  'backups.postgresql.cnpg.io',
  'providerrevisions.pkg.crossplane.io',
  'volumeattachments.storage.k8s.io',
];
const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export const isComposite = (world: World, object: Captured): boolean => hasCategory(world, object, 'composite');
export const isClaim = (world: World, object: Captured): boolean => hasCategory(world, object, 'claim');
export const isManaged = (world: World, object: Captured): boolean => hasCategory(world, object, 'managed');
const hasCategory = (world: World, object: Captured, category: string): boolean =>
  world.kinds.some((kind) => kind.categories.includes(category) && resourceOf(kind) === object.resource);

/** The key that an object reference (apiVersion, kind, name, perhaps namespace) means. */
export function referredKey(world: World, from: Captured, reference: unknown): string | undefined {
  const kind = kindOfReference(world.kinds, textOf(at(reference, 'apiVersion')), textOf(at(reference, 'kind')));
  if (kind === undefined) return undefined;
  const namespace = textOf(at(reference, 'namespace')) || from.namespace;
  return keyFor(resourceOf(kind), kind.namespaced ? namespace : undefined, textOf(at(reference, 'name')));
}

/** The resources of which a composite is composed, in both shapes. */
export const partsOf = (world: World, composite: Captured): (string | undefined)[] =>
  [
    ...listOf(at(composite.body, 'spec', 'resourceRefs')),
    ...listOf(at(composite.body, 'spec', 'crossplane', 'resourceRefs')),
  ].map((reference) => referredKey(world, composite, reference));

/** What is expected of every row of the point. */
export function expectedFates(world: World): Expected[] {
  const byUid = new Map(world.objects.map((object) => [object.uid as string, object]));
  const byKey = new Map(world.objects.map((object) => [object.key as string, object]));
  const living = new Map(world.target.living.map((object) => [object.key as string, object]));
  const fates: (Expected | undefined)[] = world.objects.map((object) => ownFate(object, byUid));
  const fateOf = (object: Captured): Expected | undefined => fates[object.row];

  for (const object of world.objects) {
    if (object.resource !== 'persistentvolumes' || fateOf(object) !== undefined) continue;
    const claim = byUid.get(textOf(at(object.body, 'spec', 'claimRef', 'uid')));
    if (claim !== undefined && isOfDatabase(claim, byUid))
      fates[object.row] = { kind: 'not-written', why: 'bound to a volume of a database' };
  }
  const definitions = new Map(
    world.objects
      .filter(({ resource }) => resource === 'customresourcedefinitions.apiextensions.k8s.io')
      .map((definition) => [definition.name, definition]),
  );
  const served = new Set<string>(world.target.kinds.map(resourceOf));
  const absent = (key: string): boolean => {
    if (living.get(key)?.terminating === true) return true;
    const object = byKey.get(key);
    if (object === undefined) return !living.has(key);
    const fate = fateOf(object);
    if (fate?.kind === 'not-written') return !living.has(key);
    return fate?.kind === 'may-wait';
  };
  /** What waits, and what would if it were written at all: the things that it owns wait too. */
  const waiting = new Set<number>();
  const reasonToWait = (object: Captured): string | undefined => {
    if (living.get(object.key)?.terminating === true) return 'it is terminating in the target';
    if (object.namespace !== undefined && absent(`namespaces/${object.namespace}`)) return 'its namespace is not there';
    const definition = definitions.get(object.resource);
    if (definition !== undefined && fateOf(definition)?.why === 'was under deletion')
      return 'its kind was being deleted';
    if (definition !== undefined && living.get(definition.key)?.terminating === true) return 'its kind is terminating';
    if (!served.has(object.resource) && (definition === undefined || absent(definition.key)))
      return 'its kind is not served';
    for (const owner of listOf(at(object.body, 'metadata', 'ownerReferences'))) {
      const found = byUid.get(textOf(at(owner, 'uid')));
      if (found !== undefined && waiting.has(found.row)) return `its owner ${found.key} waits`;
      if (found !== undefined && living.get(found.key)?.terminating === true)
        return `its owner ${found.key} is terminating`;
    }
    const volume = at(object.body, 'spec', 'volumeName');
    if (object.resource === 'persistentvolumeclaims' && living.get(`persistentvolumes/${textOf(volume)}`)?.terminating)
      return 'its volume is terminating';
    if (isComposite(world, object)) {
      const missing = partsOf(world, object).find((key) => key !== undefined && byKey.has(key) && absent(key));
      if (missing !== undefined) return `its part ${missing} is missing`;
    }
    if (isClaim(world, object)) {
      const composite = at(object.body, 'spec', 'resourceRef');
      const key = composite === undefined ? undefined : referredKey(world, object, composite);
      if (composite !== undefined && (key === undefined || absent(key))) return 'its composite is missing';
    }
    const cluster = at(object.body, 'spec', 'cluster', 'name');
    if (object.resource.endsWith('.postgresql.cnpg.io') && typeof cluster === 'string')
      if (absent(keyFor('clusters.postgresql.cnpg.io', object.namespace, cluster))) return 'its Cluster is missing';
    return undefined;
  };
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const object of world.objects) {
      if (waiting.has(object.row)) continue;
      const why = reasonToWait(object);
      if (why === undefined) continue;
      waiting.add(object.row);
      if (fateOf(object)?.kind !== 'not-written') fates[object.row] = { kind: 'may-wait', why };
    }
  }
  return fates.map((fate) => fate ?? { kind: 'must-write', why: 'nothing else brings it back' });
}

/** What is known of an object by itself. */
function ownFate(object: Captured, byUid: ReadonlyMap<string, Captured>): Expected | undefined {
  const { body, resource, name, namespace } = object;
  const labels = at(body, 'metadata', 'labels');
  const not = (why: string): Expected => ({ kind: 'not-written', why });
  const mint: Expected = { kind: 'mint', why: 'the target makes it' };
  const owners = listOf(at(body, 'metadata', 'ownerReferences'));
  if (at(body, 'metadata', 'deletionTimestamp') !== undefined) return not('was under deletion');
  if (MACHINES.includes(resource)) return not('of the lost machines, or a command');
  if (resource === 'namespaces' && SYSTEM_NAMESPACES.includes(name)) return mint;
  if (resource === 'serviceaccounts' && name === 'default') return mint;
  if (resource === 'configmaps' && name === 'kube-root-ca.crt') return mint;
  if (resource === 'services' && namespace === 'default' && name === 'kubernetes') return mint;
  if (resource === 'priorityclasses.scheduling.k8s.io' && /^system-(cluster|node)-critical$/.test(name)) return mint;
  if (at(labels, 'kubernetes.io/bootstrapping') === 'rbac-defaults') return mint;
  if (resource === 'secrets' && body.type === 'kubernetes.io/service-account-token')
    return not('token of the lost cluster');
  if (
    resource === 'endpointslices.discovery.k8s.io' &&
    at(labels, 'endpointslice.kubernetes.io/managed-by') !== undefined
  )
    return not('its controller makes it again');
  if (resource === 'endpoints' && at(labels, 'endpoints.kubernetes.io/managed-by') !== undefined)
    return not('its controller makes it again');
  if (
    resource === 'apiservices.apiregistration.k8s.io' &&
    at(labels, 'kube-aggregator.kubernetes.io/automanaged') !== undefined
  )
    return not('the server registers it');
  if (/^Provider(Config)?Usage$/.test(body.kind) || body.kind === 'ClusterProviderConfigUsage')
    return not('made again');
  if (resource === 'pods') {
    const controlled = owners.some((owner) => at(owner, 'controller') === true && byUid.has(textOf(at(owner, 'uid'))));
    if (controlled || isOfDatabase(object, byUid)) return not('its owner makes it again');
    if (/^(Succeeded|Failed)$/.test(textOf(at(body, 'status', 'phase')))) return not('it has ended');
  }
  if (resource === 'persistentvolumeclaims' && isOfDatabase(object, byUid)) return not('volume of a database');
  if (resource === 'jobs.batch' && isOfDatabase(object, byUid)) return not('the operator makes it again');
  return undefined;
}

export const endedJob = (object: Captured): boolean => object.resource === 'jobs.batch' && isFinished(object.body);

/** Some owner of the captured graph is a CloudNativePG Cluster. */
function isOfDatabase({ body }: Captured, byUid: ReadonlyMap<string, Captured>): boolean {
  return (body.metadata.ownerReferences ?? []).some((owner) => {
    const found = byUid.get(owner.uid)?.body;
    return found?.kind === 'Cluster' && groupIn(found.apiVersion) === 'postgresql.cnpg.io';
  });
}

/** The target makes it by itself, whether or not it was being deleted when it was captured. */
export const isMinted = (object: Captured): boolean => {
  const { deletionTimestamp: _, ...metadata } = object.body.metadata;
  return ownFate({ ...object, body: { ...object.body, metadata } }, new Map())?.kind === 'mint';
};
