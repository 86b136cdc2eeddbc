import type { Cluster, CollectionAddress } from '../cluster/port.ts';
import type { Survey, SurveyedObject } from '../knowledge/survey.ts';
import type { KubeObject } from '../objects/json.ts';
import { type KeyText, keyTextOf, type ResourceName, resourceName, type Uid } from '../objects/key.ts';
import { ownersOf } from '../objects/owners.ts';
import { contentAgrees } from '../plan/agreement.ts';
import type { ExistingObject, TargetResource } from '../plan/target-facts.ts';
import type { PointReader } from '../vault/vault.ts';
import { recoverFault } from './codes.ts';
import { capturedOf } from './run-context.ts';
import { isOurs } from './steps/fields.ts';
import { inParallel, listAll } from './target-reading.ts';

const LISTS = 4;
const GETS = 8;
/** From so many on, listing full bodies is cheaper than asking for each (about 33,000 against 3,000 a second, lab 3). */
const MANY = 40;

/** The objects of the target whose key is in the point, compared with the captured ones. Metadata first: most targets hold few of them. */
export async function existingObjects(
  cluster: Cluster,
  resources: readonly TargetResource[],
  survey: Survey,
  reader: Pick<PointReader, 'read'>,
): Promise<ReadonlyMap<KeyText, ExistingObject>> {
  const captured = new Set<ResourceName>(survey.objects.map((object) => object.resource));
  const wanted = resources.filter(
    (one) => captured.has(resourceName(one.group, one.resource)) && one.verbs.includes('list'),
  );
  const found = new Map<KeyText, ExistingObject>();
  await inParallel(wanted, LISTS, async (resource) => {
    const same = await sameKeys(cluster, resource, survey);
    // What people wrote into minted objects is merged into what lives, and what is omitted is not written: only these are compared.
    const compared = new Map([...same].filter(([, { object }]) => object.treatment.kind === 'restore'));
    for (const [key, { meta }] of same) if (!compared.has(key)) found.set(key, existing(meta, { kind: 'equal' }));
    const compare = async (object: SurveyedObject, live: KubeObject): Promise<void> => {
      found.set(object.key, existing(live, contentAgrees(object, await capturedOf(reader, object.row), live)));
    };
    if (compared.size >= MANY) await listBodies(cluster, resource, survey, compared, compare);
    else
      await inParallel([...compared.values()], GETS, async ({ object, meta }) => {
        const version = versionFor(resource, object);
        const { namespace, name } = object;
        const place = { group: resource.group, resource: resource.resource, version, name };
        const answer = await cluster.get(namespace === undefined ? place : { ...place, namespace });
        if (answer.kind === 'accepted') await compare(object, answer.object);
        // Gone meanwhile: nothing is there. Anything else: it is there and nothing agrees.
        else if (answer.status !== 404) found.set(object.key, existing(meta, { kind: 'differs', paths: [''] }));
      });
  });
  return found;
}

interface Same {
  readonly object: SurveyedObject;
  readonly meta: Pick<KubeObject, 'metadata'>;
}

async function sameKeys(cluster: Cluster, resource: TargetResource, survey: Survey): Promise<Map<KeyText, Same>> {
  const same = new Map<KeyText, Same>();
  await listAll(
    cluster,
    collection(resource, resource.versions[0] ?? 'v1'),
    () => same.clear(),
    (item) => {
      if (item.uid === '') throw withoutUid(resource, item.name);
      const object = objectOf(resource, survey, item.namespace, item.name);
      if (object === undefined) return;
      const meta = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject;
      same.set(object.key, { object, meta: { metadata: withoutFields(meta) } });
    },
    { shape: 'metadata' },
  );
  return same;
}

/** Whatever is stored has a UID; by it alone an object that lives is told from one that came back under its name. */
function withoutUid({ group, resource }: TargetResource, name: string) {
  const place = resourceName(group, resource);
  return recoverFault('TARGET-UNREADABLE', `${place} of the target has an object ${name} without a UID.`, {
    hint: 'The server, or something between, is broken: read the object with kubectl get --raw.',
    details: { resource: place },
  });
}

function withoutFields(meta: KubeObject): KubeObject['metadata'] {
  const { uid, deletionTimestamp, ownerReferences } = meta.metadata;
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
}

/** Full bodies, in each version that some captured object has and the target serves. */
async function listBodies(
  cluster: Cluster,
  resource: TargetResource,
  survey: Survey,
  wanted: ReadonlyMap<KeyText, Same>,
  compare: (object: SurveyedObject, live: KubeObject) => Promise<void>,
): Promise<void> {
  const versions = new Set([...wanted.values()].map(({ object }) => versionFor(resource, object)));
  for (const version of versions) {
    let type: { apiVersion: string; kind: string } | undefined;
    await listAll(
      cluster,
      collection(resource, version),
      () => undefined,
      async (item) => {
        const object = objectOf(resource, survey, item.namespace, item.name);
        if (object === undefined || !wanted.has(object.key) || versionFor(resource, object) !== version) return;
        const body = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as KubeObject;
        type ??= { apiVersion: resource.group === '' ? version : `${resource.group}/${version}`, kind: resource.kind };
        // Items of built-in lists carry no type.
        await compare(object, { ...type, ...body });
      },
    );
  }
}

function objectOf(
  resource: TargetResource,
  survey: Survey,
  namespace: string | undefined,
  name: string,
): SurveyedObject | undefined {
  const row = survey.byKey.get(keyTextOf(resourceName(resource.group, resource.resource), namespace, name));
  return row === undefined ? undefined : survey.objects[row];
}

/** The captured version where it is served: fields are then named alike. */
export function versionFor(resource: TargetResource, object: SurveyedObject): string {
  return resource.versions.includes(object.version) ? object.version : (resource.versions[0] ?? object.version);
}
function collection(resource: TargetResource, version: string): CollectionAddress {
  return { group: resource.group, version, resource: resource.resource };
}

function existing(live: Pick<KubeObject, 'metadata'>, content: ExistingObject['content']): ExistingObject {
  return {
    uid: (live.metadata.uid ?? '') as Uid,
    terminating: live.metadata.deletionTimestamp !== undefined,
    owners: ownersOf(live).map((owner) => owner.uid as Uid),
    content,
    ...(isOurs(live) ? { unfinished: true } : {}),
  };
}
