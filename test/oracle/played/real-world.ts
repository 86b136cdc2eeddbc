import { createHash } from 'node:crypto';
import type { KubeObject, OwnerReference } from '../../../src/objects/json.ts';
import type { KeyText } from '../../../src/objects/key.ts';
import { at, type Body, copyOf, textOf } from '../places.ts';
import { type Captured, type Kind, keyFor, type Living, type World } from '../world.ts';
import { isDefaultRole, settle } from '../worlds/target.ts';
import { makeValid, type Surroundings } from './valid-body.ts';

const SHARED_NAMESPACES = /^(default|kube-system)$/;
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
/** Every other group of the worlds belongs to one world; this one is known by its name. */
const OWN_GROUPS = /^((demo|cloud)\.)?example\.org$/;
export const WORLD_LABEL = 'example.org/world';

/** What cannot be played on a server: how many living objects were taken away for it, and worlds that lose something of theirs. */
export type LeftOut = Readonly<Record<string, number>>;

/** Living objects of these kinds the server or its controllers make, end or clear away by themselves. */
const NOT_ALIVE =
  /^(pods|jobs\.batch|endpoints|endpointslices\.|ipaddresses\.|nodes$|apiservices\.|persistentvolumes$)/;

/**
 * The same world with bodies that a real server accepts, its namespaces and kinds under a name of its own, so that many worlds share a
 * server. `address`: free addresses for its Services.
 */
export function realWorld(world: World, prefix: string, address: () => string): { world: World; leftOut: LeftOut } {
  const leftOut: Record<string, number> = {};
  const without = (why: string): void => {
    leftOut[why] = (leftOut[why] ?? 0) + 1;
  };
  const kinds = world.kinds.map((kind) => renamedKind(kind, prefix));
  const around = surroundings(world, address);
  const addresses = new Map<string, string>();
  const makeBody = (resource: string, key: string, from: KubeObject): Body => {
    const body = copyOf(from) as unknown as Body;
    // What stands in the target under this key is the same Service.
    const once = (): string => {
      const known = addresses.get(key) ?? address();
      addresses.set(key, known);
      return known;
    };
    makeValid(resource, body, { ...around, address: once });
    // A volume of another world must not take a claim of this one.
    if (at(body, 'spec', 'storageClassName') === 'standard')
      (body.spec as Body).storageClassName = `${prefix}-standard`;
    return renamed(body, prefix) as Body;
  };
  const objects = world.objects
    .map((object): Omit<Captured, 'row'> => {
      const body = makeBody(object.resource, object.key, object.body);
      if (!isMintedByName(object)) label(body, prefix);
      return capturedFrom(renamedResource(object.resource, prefix), body);
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((object, row): Captured => ({ ...object, row }));
  const there = [...world.target.living, ...mintedBeside(world)];
  const alive = there.filter((living) => {
    if (!NOT_ALIVE.test(living.resource) && !isToken(living)) return true;
    without(`living ${living.resource}`);
    return false;
  });
  const dying = new Set(alive.filter(({ terminating }) => terminating).map(({ key }) => key as string));
  const standing = alive.filter(({ resource, body }) => {
    const isGoing =
      dying.has(`namespaces/${body.metadata.namespace}`) || dying.has(keyFor(DEFINITIONS, undefined, resource));
    if (isGoing) without('living objects that go with their namespace or kind');
    const isLost = !isGoing && hasUnreachableOwner(world, body);
    // The collector takes it or leaves it, as it happens to look.
    if (isLost) without('living objects of the cluster whose owner stands in a namespace');
    return !isGoing && !isLost;
  });
  const chosen = new Map(standing.map((one) => [one.key as KeyText, one]));
  for (let before = -1; before !== chosen.size; ) {
    before = chosen.size;
    settle(chosen, world.objects);
  }
  const living = [...chosen.values()].map((one): Living => {
    const { resource, key, terminating, agrees } = one;
    const body = makeBody(resource, key, one.body);
    if (!isMintedByName(one)) label(body, agrees ? prefix : 'another');
    if (!agrees && resource !== 'configmaps') {
      if (resource === 'secrets') body.data = { changed: 'eWVz' };
      else if (resource !== 'controllerrevisions.apps') delete body.data;
    }
    const notes = at(body, 'metadata', 'annotations');
    // The binder would take a claim for lost whose volume is not there yet.
    if (resource === 'persistentvolumeclaims' && notes !== undefined)
      delete (notes as Body)['pv.kubernetes.io/bind-completed'];
    return { ...capturedFrom(renamedResource(resource, prefix), body), terminating, agrees };
  });
  if (world.target.dropping.size > 0) without('definitions of the target that drop a field');
  return {
    world: {
      ...world,
      kinds,
      objects,
      policy: renamedPolicy(world, prefix),
      target: {
        mode: world.target.mode,
        kinds: world.target.kinds.map((kind) => renamedKind(kind, prefix)),
        living,
        dropping: new Set(),
      },
    },
    leftOut,
  };
}

function hasUnreachableOwner({ kinds }: World, { metadata }: KubeObject): boolean {
  const isNamespaced = ({ apiVersion, kind }: OwnerReference): boolean =>
    kinds.some((one) => one.kind === kind && one.group === apiVersion.replace(/\/?[^/]*$/, '') && one.namespaced);
  return metadata.namespace === undefined && (metadata.ownerReferences ?? []).some(isNamespaced);
}

/** An object as a point holds it, without its row. */
export function capturedFrom(resource: string, body: Body): Omit<Captured, 'row'> {
  const object = body as unknown as KubeObject;
  const { name = '', namespace, uid = '' } = object.metadata;
  const text = JSON.stringify(body);
  return {
    key: keyFor(resource, namespace, name),
    resource: resource as never,
    namespace,
    name,
    uid: uid as never,
    digest: createHash('sha256').update(text).digest('hex'),
    text,
    body: object,
  };
}

function surroundings(world: World, address: () => string): Surroundings {
  const byUid = new Map<string, KubeObject>(world.objects.map(({ uid, body }) => [uid, body]));
  for (const { body } of world.target.living) byUid.set(body.metadata.uid ?? '', body);
  // By its name: what stands in the target is the same set, under an owner with another UID.
  const firsts = new Map<string, string>();
  for (const { resource, body, name } of world.objects) {
    const owner = resource === 'replicasets.apps' ? textOf(at(body, 'metadata', 'ownerReferences', 0, 'uid')) : '';
    if (owner !== '' && !firsts.has(owner)) firsts.set(owner, `${body.metadata.namespace}/${name}`);
  }
  const isFirst = new Set(firsts.values());
  return {
    address,
    deploymentOf: (body) => {
      const uid = textOf(at(body, 'metadata', 'ownerReferences', 0, 'uid'));
      const deployment = byUid.get(uid);
      if (deployment?.kind !== 'Deployment') return undefined;
      return {
        deployment: deployment as unknown as Body,
        first: isFirst.has(`${at(body, 'metadata', 'namespace')}/${at(body, 'metadata', 'name')}`),
      };
    },
  };
}

const label = (body: Body, value: string): void => {
  const metadata = body.metadata as Body;
  metadata.labels = { ...(metadata.labels as Body | undefined), [WORLD_LABEL]: value };
};
/** What a real server mints in every Namespace that lives, where the point has it and the world did not say so. */
function mintedBeside({ objects, target }: World): Living[] {
  const living = new Set<string>(target.living.map(({ key }) => key));
  return objects
    .filter(
      ({ key, namespace, resource, name }) =>
        isMintedAccountOrRoot(resource, name) && !living.has(key) && living.has(`namespaces/${namespace}`),
    )
    .map(({ key, resource, uid, body }) => {
      const {
        ownerReferences: _,
        deletionTimestamp: __,
        finalizers: ___,
        ...metadata
      } = body.metadata as unknown as Body;
      const own = target.mode === 'same' ? uid : uid.replace(/^......../, 'aaaaaaaa');
      return {
        key,
        resource,
        terminating: false,
        agrees: true,
        body: { ...body, metadata: { ...metadata, uid: own } } as never,
      };
    });
}
export const isMintedAccountOrRoot = (resource: string, name = ''): boolean =>
  (resource === 'serviceaccounts' && name === 'default') || (resource === 'configmaps' && name === 'kube-root-ca.crt');
const isToken = ({ body }: Pick<Living, 'body'>): boolean => body.type === 'kubernetes.io/service-account-token';
const isMintedByName = ({ resource, body }: Pick<Living, 'resource' | 'body'>): boolean =>
  isMintedAccountOrRoot(resource, body.metadata.name) ||
  isDefaultRole({ body } as Captured) ||
  (resource === 'namespaces' && SHARED_NAMESPACES.test(body.metadata.name ?? ''));

const renamedGroup = (group: string, prefix: string): string => (OWN_GROUPS.test(group) ? `${prefix}.${group}` : group);
const renamedNamespace = (name: string, prefix: string): string =>
  SHARED_NAMESPACES.test(name) ? name : `${prefix}-${name}`;
const renamedKind = (kind: Kind, prefix: string): Kind => ({ ...kind, group: renamedGroup(kind.group, prefix) });

function renamedResource(resource: string, prefix: string): string {
  const dot = resource.indexOf('.');
  if (dot < 0) return resource;
  return `${resource.slice(0, dot)}.${renamedGroup(resource.slice(dot + 1), prefix)}`;
}

function renamedPolicy({ policy }: World, prefix: string): World['policy'] {
  const { namespaces } = policy.selection;
  if (namespaces === undefined) return policy;
  return { ...policy, selection: { namespaces: namespaces.map((name) => renamedNamespace(name, prefix)) } };
}

/** Namespaces and groups wherever they stand in fields that mean them. */
function renamed(value: unknown, prefix: string, field = ''): unknown {
  if (typeof value === 'string') {
    if (field === 'namespace') return renamedNamespace(value, prefix);
    if (field === 'group') return renamedGroup(value, prefix);
    const slash = value.indexOf('/');
    return field === 'apiVersion' && slash > 0
      ? `${renamedGroup(value.slice(0, slash), prefix)}${value.slice(slash)}`
      : value;
  }
  if (Array.isArray(value)) return value.map((item) => renamed(item, prefix));
  if (typeof value !== 'object' || value === null) return value;
  const found = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, renamed(member, prefix, name)]),
  );
  if (found.kind === 'Namespace' && found.metadata !== undefined) {
    const metadata = found.metadata as Body;
    metadata.name = renamedNamespace(textOf(metadata.name), prefix);
    const labels = metadata.labels as Body | undefined;
    if (labels?.['kubernetes.io/metadata.name'] !== undefined) labels['kubernetes.io/metadata.name'] = metadata.name;
  } else if (found.kind === 'Namespace' && found.uid !== undefined)
    found.name = renamedNamespace(textOf(found.name), prefix); // an owner
  if (found.kind === 'CustomResourceDefinition' && found.metadata !== undefined)
    (found.metadata as Body).name = renamedResource(textOf(at(found, 'metadata', 'name')), prefix);
  else if (found.kind === 'CustomResourceDefinition' && found.uid !== undefined)
    found.name = renamedResource(textOf(found.name), prefix);
  return found;
}

/** Every UID of the world replaced by what it is on the server, with and without dashes. */
export function withUids(world: World, uids: ReadonlyMap<string, string>): World {
  const pattern = [...uids.keys()].flatMap((uid) => [uid, uid.replaceAll('-', '')]).join('|');
  if (pattern === '') return world;
  const all = new RegExp(pattern, 'g');
  const bare = new Map([...uids].map(([was, is]) => [was.replaceAll('-', ''), is.replaceAll('-', '')]));
  const replaced = (text: string): string => text.replace(all, (was) => uids.get(was) ?? bare.get(was) ?? was);
  const objects = world.objects
    .map(({ resource, text }) => capturedFrom(resource, JSON.parse(replaced(text)) as Body))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((object, row): Captured => ({ ...object, row }));
  return { ...world, objects };
}
