import { isDeepStrictEqual } from 'node:util';
import type { Cluster, CollectionAddress } from '../../src/cluster/port.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../../src/objects/json.ts';
import { groupOf, keyTextOf, type ResourceName, splitResourceName, versionOf } from '../../src/objects/key.ts';
import { conditionOf } from '../holding.ts';
import { type NamespaceMapping, restoredBody } from './body.ts';
import { leftOut } from './left-out.ts';
import { restoreOrder } from './order.ts';

/** One object of a backup. */
export interface BackedUp {
  readonly resource: ResourceName;
  readonly object: KubeObject;
}
/** Keys, by what came of each object. */
export interface Restored {
  readonly created: readonly string[];
  /** There already and equal, or a ServiceAccount that was merged. */
  readonly equal: readonly string[];
  /** There already and different: a warning, and not touched. */
  readonly different: readonly string[];
  readonly leftOut: readonly string[];
  /** With the server's sentence. */
  readonly failed: readonly { readonly key: string; readonly why: string }[];
}
export interface RestoreOptions {
  readonly mapping?: NamespaceMapping;
  /** Called after every write: what the cluster does meanwhile. */
  between(): Promise<void>;
}
const MANAGER = 'velero-server';
const CRD = 'customresourcedefinitions.apiextensions.k8s.io';
const CRD_TRIES = 100;

/**
 * A restore by the rules of Velero 1.18 (facts/velero.md 2): strictly one object after the other, definitions first and waited
 * for, no dependencies, no second try, owners dropped. Volumes' data, hooks, plugins and resource modifiers are not played.
 */
export async function restore(
  cluster: Cluster,
  backup: readonly BackedUp[],
  { mapping = {}, between }: RestoreOptions,
): Promise<Restored> {
  const told = {
    created: [] as string[],
    equal: [] as string[],
    different: [] as string[],
    leftOut: [] as string[],
    failed: [] as { key: string; why: string }[],
  };
  for (const resource of restoreOrder(backup.map((one) => one.resource))) {
    const mine = backup.filter((one) => one.resource === resource);
    // Within a type by Namespace (Velero: in random order) and by file name.
    mine.sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
    for (const one of mine) await restoreOne(one);
    if (resource === CRD) for (const one of mine) await established(one.object);
  }
  return told;

  async function restoreOne({ resource, object }: BackedUp): Promise<void> {
    const { namespace, name = '' } = object.metadata;
    const home = namespace === undefined ? undefined : (mapping[namespace] ?? namespace);
    const key = keyTextOf(resource, home, resource === 'namespaces' ? (mapping[name] ?? name) : name);
    if (leftOut(resource, object) !== undefined) {
      told.leftOut.push(key);
      return;
    }
    const body = restoredBody(resource, object, mapping);
    const called = String((body.metadata as JsonObject).name);
    const at = placeOf(resource, object, home);
    const options = { fieldManager: MANAGER, fieldValidation: 'Ignore' } as const;
    const answer = await cluster.create(at, body, options);
    if (answer.kind === 'accepted') {
      told.created.push(key);
      await between();
      // A second request gives the managed fields back; Namespaces go without (velero.md 2.4).
      const { managedFields } = object.metadata;
      const uid = answer.object.metadata.uid as never;
      if (managedFields !== undefined && resource !== 'namespaces') {
        const patch = { metadata: { managedFields } } as unknown as JsonObject;
        await cluster.patch({ ...at, name: called }, { kind: 'merge', body: patch }, { uid }, options);
        await between();
      }
    } else if (answer.reason === 'AlreadyExists' || answer.message.includes('provided port is already allocated')) {
      await meet(key, { ...at, name: called }, resource, body);
    } else told.failed.push({ key, why: answer.message });
  }

  /** existingResourcePolicy unset (velero.md 2.5): nothing is changed but ServiceAccounts, which are merged. */
  async function meet(
    key: string,
    at: CollectionAddress & { readonly name: string },
    resource: ResourceName,
    body: JsonObject,
  ): Promise<void> {
    const found = await cluster.get(at);
    if (found.kind === 'rejected') {
      told.failed.push({ key, why: found.message });
      return;
    }
    if (resource === 'serviceaccounts') {
      const { labels, annotations } = body.metadata as JsonObject;
      const patch = {
        metadata: {
          labels: { ...(isJsonObject(labels) ? labels : {}), ...found.object.metadata.labels },
          annotations: { ...(isJsonObject(annotations) ? annotations : {}), ...found.object.metadata.annotations },
        },
      };
      await cluster.patch(at, { kind: 'merge', body: patch }, { uid: found.object.metadata.uid as never });
      told.equal.push(key);
      return;
    }
    const there = restoredBody(resource, found.object, {});
    (isDeepStrictEqual(there, body) ? told.equal : told.different).push(key);
  }

  async function established(definition: KubeObject): Promise<void> {
    const { name = '' } = definition.metadata;
    for (let tried = 0; tried < CRD_TRIES; tried++) {
      const answer = await cluster.get({ ...placeOf(CRD as ResourceName, definition, undefined), name });
      if (answer.kind === 'rejected') return;
      if (['Established', 'NamesAccepted'].every((type) => conditionOf(answer.object, type) === 'True')) return;
      await between();
    }
    told.failed.push({ key: `${CRD}/${name}`, why: 'it was not established in time' });
  }
}

const pathOf = ({ object: { metadata } }: BackedUp): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

function placeOf(resource: ResourceName, object: KubeObject, namespace: string | undefined): CollectionAddress {
  const group = groupOf(object.apiVersion);
  const version = versionOf(object.apiVersion);
  const at = { group, version, resource: splitResourceName(resource).resource };
  return namespace === undefined ? at : { ...at, namespace };
}
