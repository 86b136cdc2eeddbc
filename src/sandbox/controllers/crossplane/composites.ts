import { isJsonObject, type JsonObject } from '../../../objects/json.ts';
import { controllerOf } from '../../../objects/owners.ts';
import { timestamp } from '../../clock.ts';
import type { ControllerContext } from '../controller.ts';
import { AGAIN, after, DONE, type Reconciler, type Turn } from '../turns.ts';
import { type Composed, compose } from './compose.ts';
import { publish } from './connection.ts';
import { COMPOSITIONS, type KnownKinds, ofQueueKey, queueKey, REVISIONS, XRDS, type Xrd } from './kinds.ts';
import { FINALIZERS, MARKS } from './marks.ts';
import type { Flavour } from './names.ts';
import {
  available,
  creating,
  deleting,
  failed,
  isDeleted,
  isPaused,
  PAUSED_MESSAGE,
  paused,
  type Resource,
  synced,
  type Wanted,
  withFinalizer,
  withoutFinalizer,
} from './resource.ts';
import type { Writer } from './writer.ts';

export interface CompositeOptions extends Flavour {
  /** Milliseconds between looks at a composite that nothing happens to. */
  readonly pollMs: number;
}

/** Composites: pick a Composition and its revision, compose, publish the connection (one every 85 ms at most: 355 in 30 s were seen, lab 6). */
export function composites(
  context: ControllerContext,
  kinds: KnownKinds,
  writer: Writer,
  options: CompositeOptions,
): Reconciler {
  const { api, clock } = context;
  return {
    pace: { burst: 10, perSecond: 11.8 },
    keysOf({ now }) {
      if (kinds.composites.has(now.resource)) return [queueKey(now.resource, now.object)];
      const owner = controllerOf(now.object);
      if (owner !== undefined) {
        const resource = kinds.resourceOf(owner.apiVersion, owner.kind);
        if (resource !== undefined && kinds.composites.has(resource)) return [`${resource} ${owner.name}`];
      }
      if (now.resource === XRDS || now.resource === REVISIONS)
        return [...kinds.composites.keys()].flatMap((resource) =>
          [...api.list(resource)].map((object) => queueKey(resource, object)),
        );
      return [];
    },
    async turn(key) {
      const { resource, name } = ofQueueKey(key);
      const xrd = kinds.composites.get(resource);
      const composite = api.get(resource, undefined, name) as Resource | undefined;
      if (composite === undefined || xrd === undefined || !api.serves(resource)) return DONE;
      return one(composite, xrd, resource);
    },
  };

  async function one(given: Resource, xrd: Xrd, resource: typeof XRDS): Promise<Turn> {
    let composite = given;
    const say = (turn: Turn, conditions: Wanted[], fields: JsonObject = {}): Promise<Turn> =>
      writer.status(resource, composite, conditions, fields).then(() => turn);
    if (isPaused(composite)) return say(DONE, [paused(PAUSED_MESSAGE)]);
    if (isDeleted(composite)) {
      if (composite.metadata.finalizers?.includes(FINALIZERS.composite)) {
        await writer.status(resource, composite, [deleting()]);
        const finalizers = withoutFinalizer(composite, FINALIZERS.composite);
        await writer.patch(resource, composite, 'merge', { metadata: { finalizers } });
      }
      return DONE;
    }
    if (!composite.metadata.finalizers?.includes(FINALIZERS.composite)) {
      const finalizers = withFinalizer(composite, FINALIZERS.composite);
      composite = (await writer.patch(resource, composite, 'merge', { metadata: { finalizers } })) as Resource;
    }
    const chosen = compositionOf(composite, xrd);
    if (chosen === undefined)
      return say(AGAIN, [failed('cannot select Composition: no compatible Compositions found')]);
    const revision = revisionOf(composite, chosen);
    if (revision === undefined)
      return say(AGAIN, [failed('cannot fetch Composition: no compatible CompositionRevisions found')]);
    composite = await configured(composite, chosen, revision, resource);
    const composed = await compose({ context, kinds, writer, flavour: options, resource }, composite, revision);
    composite = composed.composite;
    if (composed.kind === 'failed') {
      context.log(`${composite.metadata.name}: cannot compose resources: ${composed.why}`);
      return say(AGAIN, [failed(`cannot compose resources: ${composed.why}`)]);
    }
    return published(composite, composed, xrd, resource);
  }

  async function published(
    composite: Resource,
    composed: Extract<Composed, { kind: 'composed' }>,
    xrd: Xrd,
    resource: typeof XRDS,
  ): Promise<Turn> {
    const keys = xrd.spec.connectionSecretKeys ?? [];
    const details = Object.fromEntries(
      Object.entries(composed.details).filter(([key]) => keys.length === 0 || keys.includes(key)),
    );
    const outcome = await publish(context, writer, composite, details);
    if (outcome.kind === 'refused') {
      const why = `cannot publish connection details: cannot apply connection secret: ${outcome.why}`;
      return writer.status(resource, composite, [failed(why)]).then(() => AGAIN);
    }
    const fields: Record<string, JsonObject[string]> = { ...composed.status };
    if (outcome.kind === 'written') fields.connectionDetails = { lastPublishedTime: timestamp(clock.now()) };
    const some = (state: 'ready' | 'synced'): string[] =>
      composed.resources.filter((one) => !one[state]).map(({ name }) => name);
    const [unready, unsynced] = [some('ready'), some('synced')];
    await writer.status(
      resource,
      composite,
      [
        unsynced.length === 0 ? synced() : failed(`Unsynced resources: ${listed(unsynced)}`),
        unready.length === 0 ? available() : creating(`Unready resources: ${listed(unready)}`),
      ],
      fields,
    );
    return unready.length + unsynced.length > 0 ? AGAIN : after(options.pollMs);
  }

  function compositionOf(composite: Resource, xrd: Xrd): Resource | undefined {
    const ref = composite.spec?.compositionRef as { name?: string } | undefined;
    const forced = xrd.spec.enforcedCompositionRef?.name ?? ref?.name ?? xrd.spec.defaultCompositionRef?.name;
    if (forced !== undefined) return api.get(COMPOSITIONS, undefined, forced) as Resource | undefined;
    const selector = composite.spec?.compositionSelector as { matchLabels?: Record<string, string> } | undefined;
    const fit = ([...api.list(COMPOSITIONS)] as Resource[]).filter(
      (one) =>
        sameType(one.spec?.compositeTypeRef, composite) &&
        Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => one.metadata.labels?.[name] === value),
    );
    return fit[Math.floor(context.random() * fit.length)];
  }

  /** The newest revision that the Composition controls; the named one when the policy is Manual. */
  function revisionOf(composite: Resource, composition: Resource): Resource | undefined {
    const ref = composite.spec?.compositionRevisionRef as { name?: string } | undefined;
    if (composite.spec?.compositionUpdatePolicy === 'Manual' && ref?.name !== undefined)
      return api.get(REVISIONS, undefined, ref.name) as Resource | undefined;
    const own = ([...api.list(REVISIONS)] as Resource[]).filter(
      (one) => controllerOf(one)?.uid === composition.metadata.uid,
    );
    return own.sort((a, b) => Number(b.spec?.revision) - Number(a.spec?.revision))[0];
  }

  async function configured(
    composite: Resource,
    composition: Resource,
    revision: Resource,
    resource: typeof XRDS,
  ): Promise<Resource> {
    const spec: Record<string, JsonObject[string]> = {
      ...(composite.spec ?? {}),
      compositionRef: { name: composition.metadata.name },
      compositionRevisionRef: { name: revision.metadata.name },
    };
    if (spec.writeConnectionSecretToRef === undefined && revision.spec?.writeConnectionSecretsToNamespace !== undefined)
      spec.writeConnectionSecretToRef = {
        name: composite.metadata.uid,
        namespace: revision.spec.writeConnectionSecretsToNamespace,
      };
    const labels = { [MARKS.composite]: composite.metadata.name ?? '', ...composite.metadata.labels };
    return (await writer.update(resource, {
      ...composite,
      metadata: { ...composite.metadata, labels },
      spec,
    })) as Resource;
  }
}

const sameType = (ref: unknown, composite: Resource): boolean =>
  isJsonObject(ref) && ref.kind === composite.kind && ref.apiVersion === composite.apiVersion;

/** `db, ns`, and at most three of them. */
function listed(names: readonly string[]): string {
  const sorted = [...names].sort();
  const first = sorted.slice(0, 3).join(', ');
  return sorted.length > 3 ? `${first}, and ${sorted.length - 3} more` : first;
}
