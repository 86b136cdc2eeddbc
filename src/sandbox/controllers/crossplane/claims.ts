import { isJsonObject, type JsonObject } from '../../../objects/json.ts';
import { controllerOf } from '../../../objects/owners.ts';
import { timestamp } from '../../clock.ts';
import type { ControllerContext } from '../controller.ts';
import { AGAIN, DONE, type Reconciler, type Turn } from '../turns.ts';
import { publish, readDetails, secretPlace } from './connection.ts';
import { compositeResource, type KnownKinds, ofQueueKey, queueKey, SECRETS, XRDS, type Xrd } from './kinds.ts';
import { FINALIZERS, MARKS, suffix } from './marks.ts';
import {
  annotation,
  available,
  condition,
  deleting,
  failed,
  isDeleted,
  isPaused,
  PAUSED_MESSAGE,
  paused,
  type Resource,
  synced,
  uidOf,
  type Wanted,
  withFinalizer,
  withoutFinalizer,
} from './resource.ts';
import { clearForeignManagers } from './upgrade.ts';
import type { Writer } from './writer.ts';

/** Fields of a claim's spec that are the claim's own; the others go to the composite. */
const OWN = new Set([
  'resourceRef',
  'writeConnectionSecretToRef',
  'publishConnectionDetailsTo',
  'compositeDeletePolicy',
  'compositionRevisionRef',
]);
const CLAIM_MANAGER = 'apiextensions.crossplane.io/claim';
const WAITING: Wanted = {
  type: 'Ready',
  status: 'False',
  reason: 'Waiting',
  message: 'Claim is waiting for composite resource to become Ready',
};

/** Claim to composite and back: binds, makes the composite under the saved or a new name, propagates the connection. */
export function claims(context: ControllerContext, kinds: KnownKinds, writer: Writer): Reconciler {
  const { api, clock } = context;
  return {
    keysOf({ now }) {
      if (kinds.claims.has(now.resource)) return [queueKey(now.resource, now.object)];
      const xrd = kinds.composites.get(now.resource);
      if (xrd !== undefined) return claimOf(now.object as Resource, kinds);
      if (now.resource === XRDS)
        return [...kinds.claims].flatMap(([resource, of]) =>
          of.metadata.name === now.object.metadata.name
            ? [...api.list(resource)].map((object) => queueKey(resource, object))
            : [],
        );
      return [];
    },
    async turn(key) {
      const { resource, namespace, name } = ofQueueKey(key);
      const xrd = kinds.claims.get(resource);
      const claim = api.get(resource, namespace, name) as Resource | undefined;
      if (claim === undefined || xrd === undefined || !api.serves(compositeResource(xrd))) return DONE;
      return one(claim, xrd);
    },
  };

  async function one(claim: Resource, xrd: Xrd): Promise<Turn> {
    const resource = [...kinds.claims].find(([, of]) => of === xrd)?.[0];
    if (resource === undefined) return DONE;
    const say = (turn: Turn, ...conditions: Wanted[]): Promise<Turn> =>
      writer.status(resource, claim, conditions).then(() => turn);
    if (isPaused(claim)) return say(DONE, paused(PAUSED_MESSAGE));
    const ref = claim.spec?.resourceRef as { name?: string } | undefined;
    const found = ref?.name === undefined ? undefined : api.get(compositeResource(xrd), undefined, ref.name);
    const composite = found as Resource | undefined;
    const bound = composite?.spec?.claimRef as JsonObject | undefined;
    if (bound !== undefined && !names(bound, claim))
      return say(
        DONE,
        failed(
          `refusing to operate on composite resource ${JSON.stringify(composite?.metadata.name)} that is not bound to this claim: bound to claim ${JSON.stringify(bound.name)}`,
        ),
      );
    if (composite !== undefined) await clearForeignManagers(writer, compositeResource(xrd), composite, CLAIM_MANAGER);
    if (isDeleted(claim)) return remove(claim, composite, xrd, resource);
    let current = claim;
    if (!claim.metadata.finalizers?.includes(FINALIZERS.claim))
      current = (await writer.patch(resource, claim, 'merge', {
        metadata: { finalizers: withFinalizer(claim, FINALIZERS.claim) },
      })) as Resource;
    return sync(current, composite, xrd, resource);
  }

  async function remove(
    claim: Resource,
    composite: Resource | undefined,
    xrd: Xrd,
    resource: typeof XRDS,
  ): Promise<Turn> {
    const foreground = claim.spec?.compositeDeletePolicy === 'Foreground';
    if (composite !== undefined) {
      if (!(isDeleted(composite) && foreground))
        await writer.remove(compositeResource(xrd), composite, foreground ? { propagation: 'Foreground' } : {});
      if (foreground) return writer.status(resource, claim, [deleting()]).then(() => AGAIN);
    }
    await writer.patch(resource, claim, 'merge', {
      metadata: { finalizers: withoutFinalizer(claim, FINALIZERS.claim) },
    });
    return DONE;
  }

  async function sync(
    claim: Resource,
    composite: Resource | undefined,
    xrd: Xrd,
    resource: typeof XRDS,
  ): Promise<Turn> {
    const spec = { ...(claim.spec ?? {}) };
    const ref = spec.resourceRef as { name?: string } | undefined;
    const name = ref?.name ?? `${claim.metadata.name}-${suffix(() => context.random())}`;
    const version = xrd.spec.versions.find((one) => one.referenceable)?.name ?? '';
    const apiVersion = `${xrd.spec.group}/${version}`;
    spec.resourceRef = { apiVersion, kind: xrd.spec.names.kind, name };
    const from = composite?.spec ?? {};
    if (from.compositionRef !== undefined && (spec.compositionRef === undefined || xrd.spec.enforcedCompositionRef))
      spec.compositionRef = from.compositionRef;
    if (from.compositionUpdatePolicy === 'Automatic' && from.compositionRevisionRef !== undefined)
      spec.compositionRevisionRef = from.compositionRevisionRef;
    // The claim is written before the composite: otherwise a crash between them would leak the composite.
    const written = (await writer.update(resource, { ...claim, spec })) as Resource;
    const next = (await writer.apply(
      compositeResource(xrd),
      wanted(written, composite, xrd, name, apiVersion),
      CLAIM_MANAGER,
    )) as Resource;
    return finish(written, next, resource);
  }

  /** The claim's whole intent for its composite. */
  function wanted(
    claim: Resource,
    composite: Resource | undefined,
    xrd: Xrd,
    name: string,
    apiVersion: string,
  ): JsonObject {
    const manual = composite?.spec?.compositionUpdatePolicy === 'Manual';
    const spec: Record<string, JsonObject[string]> = {};
    for (const [field, value] of Object.entries(claim.spec ?? {}))
      if (!OWN.has(field) || (field === 'compositionRevisionRef' && manual)) spec[field] = value;
    if (xrd.spec.enforcedCompositionRef !== undefined) delete spec.compositionRef;
    spec.claimRef = claimRef(claim);
    const annotations = unreserved(claim.metadata.annotations);
    const external = composite === undefined ? undefined : annotation(composite, MARKS.externalName);
    return {
      apiVersion,
      kind: xrd.spec.names.kind,
      metadata: {
        name,
        labels: {
          ...unreserved(claim.metadata.labels),
          [MARKS.claimName]: claim.metadata.name ?? '',
          [MARKS.claimNamespace]: claim.metadata.namespace ?? '',
        },
        ...(Object.keys(annotations).length === 0 && external === undefined
          ? {}
          : { annotations: external === undefined ? annotations : { ...annotations, [MARKS.externalName]: external } }),
      },
      spec,
    };
  }

  async function finish(claim: Resource, composite: Resource, resource: typeof XRDS): Promise<Turn> {
    const fields: Record<string, JsonObject[string]> = {};
    for (const [field, value] of Object.entries(composite.status ?? {}))
      if (!['conditions', 'connectionDetails', 'claimConditionTypes'].includes(field))
        fields[field] = value as JsonObject[string];
    if (condition(composite, 'Ready')?.status !== 'True')
      return writer.status(resource, claim, [synced(), WAITING], fields).then(() => DONE);
    const why = await propagate(claim, composite);
    if (why !== undefined) return writer.status(resource, claim, [failed(why.message)], fields).then(() => AGAIN);
    const published = claim.status?.connectionDetails ?? { lastPublishedTime: timestamp(clock.now()) };
    const details = secretPlace(claim) === undefined ? {} : { connectionDetails: published };
    return writer.status(resource, claim, [synced(), available()], { ...fields, ...details }).then(() => DONE);
  }

  /** Why the details of the composite could not be given to the claim. */
  async function propagate(claim: Resource, composite: Resource): Promise<{ message: string } | undefined> {
    const place = secretPlace(composite);
    if (place === undefined || secretPlace(claim) === undefined) return undefined;
    const message = 'cannot propagate connection details from composite resource';
    const secret = api.get(SECRETS, place.namespace, place.name);
    if (secret === undefined)
      return {
        message: `${message}: cannot get composite resource's connection secret: secrets ${JSON.stringify(place.name)} not found`,
      };
    if (controllerOf(secret)?.uid !== uidOf(composite))
      return { message: `${message}: cannot establish control of existing connection secret` };
    const published = await publish(context, writer, claim, readDetails(context, place));
    return published.kind === 'refused'
      ? { message: `${message}: cannot create or update connection secret: ${published.why}` }
      : undefined;
  }
}

const claimRef = (claim: Resource): JsonObject => ({
  apiVersion: claim.apiVersion,
  kind: claim.kind,
  name: claim.metadata.name,
  namespace: claim.metadata.namespace,
});
const names = (ref: JsonObject, claim: Resource): boolean =>
  Object.entries(claimRef(claim)).every(([field, value]) => ref[field] === value);

function claimOf(composite: Resource, kinds: KnownKinds): readonly string[] {
  const ref = composite.spec?.claimRef;
  if (!isJsonObject(ref)) return [];
  const resource = kinds.resourceOf(String(ref.apiVersion), String(ref.kind));
  return resource === undefined ? [] : [`${resource} ${String(ref.namespace)}/${String(ref.name)}`];
}

/** Labels and annotations of Kubernetes itself stay with the claim. */
function unreserved(map: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map ?? {}).filter(([name]) => {
      const domain = name.split('/')[0] ?? '';
      return !(name.includes('/') && (/(^|\.)kubernetes\.io$/.test(domain) || /(^|\.)k8s\.io$/.test(domain)));
    }),
  );
}
