import type { KubeObject } from '../../../src/objects/json.ts';
import type { KeyText, Uid } from '../../../src/objects/key.ts';
import type { ExistingObject, LivingWebhook, LivingWorkload, TargetFacts } from '../../../src/plan/target-facts.ts';
import { at, type Body, copyOf, textOf } from '../places.ts';
import type { Random } from '../random.ts';
import { kindOfDefinition, Store } from '../store.ts';
import { type Captured, type Kind, keyFor, type Living, resourceOf, versionIn, type World } from '../world.ts';
import { BUILT_IN } from './kinds.ts';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
const SYSTEM =
  /^(namespaces\/(default|kube-system)|(serviceaccounts|configmaps)\/(default|kube-system)\/(default|kube-root-ca\.crt))$/;
export const MODES = ['empty', 'partial', 'differing', 'terminating', 'same'] as const;
export type Mode = (typeof MODES)[number];

/** What stands in the target before the recovery: nothing, equal things, other things, dying things, or the captured cluster itself with holes. */
export function targetOf(objects: readonly Captured[], random: Random, mode: Mode): World['target'] {
  const chosen = new Map<string, Living>();
  for (const object of objects)
    if (SYSTEM.test(object.key) || isDefaultRole(object))
      live(chosen, object, mode === 'same' ? object.uid : random.uid(), { agrees: object.resource === 'namespaces' });
  if (mode === 'same') sameCluster(chosen, objects, random);
  else if (mode !== 'empty') strangers(chosen, objects, random, mode);
  const kinds: Kind[] = [...BUILT_IN];
  for (const { resource, body } of chosen.values()) if (resource === DEFINITIONS) kinds.push(kindOfDefinition(body));
  const living = [...chosen.values()];
  const dropping = new Set<KeyText>();
  const custom = objects.filter(
    ({ resource, key }) =>
      /example\.org$/.test(resource) && !chosen.has(key) && kinds.some((kind) => resourceOf(kind) === resource),
  );
  const dropped = mode === 'partial' && random.chance(15) ? random.pick(custom) : undefined;
  if (dropped !== undefined) dropping.add(dropped.key);
  return { mode, kinds, living, dropping };
}

export const isDefaultRole = ({ body }: Captured): boolean =>
  body.metadata.labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults';

function live(
  chosen: Map<string, Living>,
  object: Captured,
  uid: string,
  how: { agrees: boolean; terminating?: boolean },
  owners: readonly Body[] = [],
): void {
  const body = copyOf(object.body) as unknown as Body;
  const metadata = body.metadata as Body;
  for (const field of ['ownerReferences', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields'])
    delete metadata[field];
  metadata.uid = uid;
  if (owners.length > 0) metadata.ownerReferences = owners;
  if (how.terminating === true) metadata.deletionTimestamp = '2026-11-21T11:00:00Z';
  if (!how.agrees && object.resource !== DEFINITIONS) body.data = { changed: 'yes' };
  chosen.set(object.key, {
    key: object.key,
    resource: object.resource,
    body: body as unknown as KubeObject,
    terminating: how.terminating === true,
    agrees: how.agrees,
  });
}

/** A random part of what has no owners, with other UIDs, its namespace and its definition with it; and children of living owners. */
function strangers(chosen: Map<string, Living>, objects: readonly Captured[], random: Random, mode: Mode): void {
  const byKey = new Map<string, Captured>(objects.map((object) => [object.key, object]));
  const byUid = new Map<string, Captured>(objects.map((object) => [object.uid, object]));
  const comesBack = (object: Captured): boolean => at(object.body, 'metadata', 'deletionTimestamp') === undefined;
  const free = objects.filter(
    (object) =>
      comesBack(object) &&
      at(object.body, 'metadata', 'ownerReferences') === undefined &&
      !/^(persistentvolumes|pods|jobs|nodes)/.test(object.resource) &&
      at(object.body, 'type') !== 'kubernetes.io/service-account-token',
  );
  const some = random.shuffled(free).slice(0, random.between(1, Math.max(1, Math.floor(free.length / 3))));
  const place = (object: Captured | undefined, how: { agrees: boolean; terminating?: boolean }): void => {
    if (object === undefined || chosen.has(object.key)) return;
    if (object.namespace !== undefined) {
      const home = byKey.get(`namespaces/${object.namespace}`);
      if (home === undefined || !comesBack(home)) return;
      place(home, { agrees: true });
    }
    const definition = byKey.get(keyFor(DEFINITIONS, undefined, object.resource));
    if (definition !== undefined && !comesBack(definition)) return;
    place(definition, { agrees: true });
    live(chosen, object, random.uid(), how);
  };
  for (const [index, object] of some.entries()) {
    const special = index < 2 && mode !== 'partial';
    place(object, { agrees: !(special && mode === 'differing'), terminating: special && mode === 'terminating' });
  }
  for (const object of random.shuffled(objects).slice(0, 12)) {
    const [owner, second] = (at(object.body, 'metadata', 'ownerReferences') as Body[] | undefined) ?? [];
    const found = byUid.get(textOf(owner?.uid));
    const living = found === undefined ? undefined : chosen.get(found.key);
    if (
      owner === undefined ||
      second !== undefined ||
      found === undefined ||
      living === undefined ||
      living.terminating
    )
      continue;
    if (
      chosen.has(object.key) ||
      !comesBack(object) ||
      found.name !== owner.name ||
      (found.namespace ?? object.namespace) !== object.namespace
    )
      continue;
    if (object.namespace !== undefined && !chosen.has(`namespaces/${object.namespace}`)) continue;
    if (
      !BUILT_IN.some((kind) => resourceOf(kind) === object.resource) &&
      !chosen.has(`${DEFINITIONS}/${object.resource}`)
    )
      continue;
    const stranger = mode === 'differing' && random.chance(30);
    live(chosen, object, random.uid(), { agrees: true }, stranger ? [] : [{ ...owner, uid: living.body.metadata.uid }]);
  }
}

/** The captured cluster after a partial loss: what is left kept its UID; the collector has taken what lost all owners. */
function sameCluster(chosen: Map<string, Living>, objects: readonly Captured[], random: Random): void {
  const dying = random.chance(30);
  for (const object of objects) {
    const foundation = object.resource === 'namespaces' || object.resource === DEFINITIONS;
    if (chosen.has(object.key) || !random.chance(foundation ? 95 : 65)) continue;
    const owners = (at(object.body, 'metadata', 'ownerReferences') as Body[] | undefined) ?? [];
    const terminating =
      at(object.body, 'metadata', 'deletionTimestamp') !== undefined || (dying && !foundation && random.chance(4));
    live(chosen, object, object.uid, { agrees: true, terminating }, owners);
  }
  for (let before = -1; before !== chosen.size; ) {
    before = chosen.size;
    settle(chosen, objects);
  }
}

/** What the collector and the controllers of the captured cluster had taken before anyone came to recover. */
export function settle(chosen: Map<string, Living>, objects: readonly Captured[]): void {
  const store = new Store();
  for (const kind of BUILT_IN) store.serve(kind);
  for (const { resource, body } of objects) if (resource === DEFINITIONS) store.serve(kindOfDefinition(body));
  for (const { resource, body } of [...chosen.values()].sort((a, b) => rank(a) - rank(b))) {
    const home = body.metadata.namespace;
    const isServed = BUILT_IN.some((kind) => resourceOf(kind) === resource) || chosen.has(`${DEFINITIONS}/${resource}`);
    if (!isServed || (home !== undefined && !chosen.has(`namespaces/${home}`))) continue;
    store.place(resource, copyOf(body) as unknown as Body);
  }
  store.settle();
  for (const [key, living] of [...chosen]) {
    const stored = store.objects.get(key);
    if (stored === undefined) chosen.delete(key);
    else chosen.set(key, { ...living, body: stored.body as unknown as KubeObject });
  }
}

const rank = ({ resource }: Living): number => (resource === DEFINITIONS ? 0 : resource === 'namespaces' ? 1 : 2);

const SYSTEMS: readonly {
  readonly system: string;
  readonly label: readonly [string, string];
  readonly hooks: RegExp;
}[] = [
  {
    system: 'cnpg',
    label: ['app.kubernetes.io/name', 'cloudnative-pg'],
    hooks: /^cnpg-(mutating|validating)-webhook-configuration$/,
  },
  { system: 'crossplane', label: ['app', 'crossplane'], hooks: /^crossplane(-no-usages)?$/ },
];

/** The target as planning is told of it. */
export function factsOf(world: World): TargetFacts {
  const { kinds, living, dropping } = world.target;
  const keys = new Set<string>(world.objects.map(({ key }) => key));
  const known = living.filter(({ key }) => keys.has(key));
  const existing = known.map(({ key, body, terminating, agrees }): [KeyText, ExistingObject] => [
    key,
    {
      uid: body.metadata.uid as Uid,
      terminating,
      owners: (body.metadata.ownerReferences ?? []).map(({ uid }) => uid as Uid),
      content: agrees ? { kind: 'equal' } : { kind: 'differs', paths: ['/data/changed'] },
    },
  ]);
  const workloads: LivingWorkload[] = [];
  const webhooks: LivingWebhook[] = [];
  for (const { key, body, resource, terminating } of living)
    for (const { system, label, hooks } of SYSTEMS) {
      const common = {
        system,
        key,
        version: versionIn(body.apiVersion),
        kind: body.kind,
        uid: body.metadata.uid as Uid,
      };
      if (terminating) continue;
      const replicas = at(body, 'spec', 'replicas');
      if (resource === 'deployments.apps' && body.metadata.labels?.[label[0]] === label[1])
        workloads.push({ ...common, replicas: typeof replicas === 'number' ? replicas : 1 });
      if (/webhookconfigurations\./.test(resource) && hooks.test(body.metadata.name ?? '')) webhooks.push(common);
    }
  return {
    fingerprint: (living.find(({ key }) => key === 'namespaces/kube-system')?.body.metadata.uid ?? '') as Uid,
    name: 'target',
    version: 'v1.34.4',
    resources: kinds.map((kind) => ({
      group: kind.group,
      resource: kind.resource,
      kind: kind.kind,
      namespaced: kind.namespaced,
      versions: kind.versions,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      hasStatus: kind.hasStatus,
    })),
    existing: new Map(existing),
    workloads,
    webhooks,
    droppedFields: new Map([...dropping].map((key) => [key, ['/spec/size']])),
  };
}
