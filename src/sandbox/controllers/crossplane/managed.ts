import type { JsonObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { timestamp } from '../../clock.ts';
import type { ControllerContext } from '../controller.ts';
import { WriteRefused } from '../hands.ts';
import { AGAIN, after, DONE, type Reconciler, type Turn } from '../turns.ts';
import { type Details, publish, secretPlace } from './connection.ts';
import type { External } from './external.ts';
import { CRDS, type KnownKinds, ofQueueKey, queueKey } from './kinds.ts';
import { FINALIZERS, MARKS } from './marks.ts';
import { type Policy, policyOf } from './policy.ts';
import {
  annotation,
  available,
  creating,
  deleting,
  failed,
  isDeleted,
  isPaused,
  paused,
  type Resource,
  synced,
  type Wanted,
  withFinalizer,
  withoutFinalizer,
} from './resource.ts';
import { trackUsage } from './usage.ts';
import type { Writer } from './writer.ts';

export interface ManagedOptions {
  /** The managed kinds that this provider serves. */
  serves(resource: ResourceName): boolean;
  readonly pollMs: number;
  /** After a creation that observation does not confirm, it waits this long; default 30 s. */
  readonly graceMs?: number;
}
const INCOMPLETE = `cannot determine creation result - remove the ${MARKS.createPending} annotation if it is safe to proceed`;

/** The managed reconciler of crossplane-runtime: observe, then create, update or delete; every step may be forbidden by policy or pause. */
export function managedResources(
  context: ControllerContext,
  kinds: KnownKinds,
  writer: Writer,
  external: External,
  { serves, pollMs, graceMs = 30_000 }: ManagedOptions,
): Reconciler {
  const { api, clock } = context;
  return {
    keysOf(change) {
      const { now } = change;
      if (now.resource === CRDS)
        return [...kinds.managed]
          .filter(serves)
          .flatMap((resource) =>
            change.kind === 'added' ? [...api.list(resource)].map((one) => queueKey(resource, one)) : [],
          );
      if (!kinds.managed.has(now.resource) || !serves(now.resource)) return [];
      if (change.kind === 'modified' && !changed(change.before.object as Resource, now.object as Resource)) return [];
      return [queueKey(now.resource, now.object)];
    },
    async turn(key) {
      const { resource, namespace, name } = ofQueueKey(key);
      const managed = api.get(resource, namespace, name) as Resource | undefined;
      return managed === undefined || !serves(resource) ? DONE : one(resource, managed);
    },
  };

  async function one(resource: ResourceName, given: Resource): Promise<Turn> {
    let managed = given;
    const say = (turn: Turn, ...conditions: Wanted[]): Promise<Turn> =>
      writer
        .status(
          resource,
          managed,
          conditions.map((want) => observed(want, managed)),
        )
        .then(() => turn);
    const policy = policyOf(managed);
    if (isPaused(managed) || policy.paused) return say(DONE, paused());
    if (policy.invalid !== undefined) return say(DONE, failed(policy.invalid));
    if (isDeleted(managed) && !policy.delete) return release(resource, managed);
    if (external.namesItself(managed) && annotation(managed, MARKS.externalName) === undefined)
      managed = await annotated(resource, managed, { [MARKS.externalName]: managed.metadata.name ?? '' });
    if (creationUnknown(managed)) return say(DONE, creating(), failed(INCOMPLETE));
    const asked = await tried('observe', async () => {
      await trackUsage(context, writer, resource, managed);
      return external.observe(managed);
    });
    if ('why' in asked) return say(AGAIN, failed(asked.why));
    const found = asked.value;
    if (!found.exists && policy.onlyObserve)
      return say(AGAIN, failed('observe failed: external resource does not exist'));
    if (!found.exists && succeededWithin(managed, graceMs, clock.now())) return AGAIN;
    if (isDeleted(managed)) {
      if (!found.exists) return release(resource, managed);
      const deletion = await tried('delete', () => external.delete(managed));
      if ('why' in deletion) return say(AGAIN, deleting(), failed(deletion.why));
      return say(AGAIN, deleting(), synced());
    }
    const refused = await published(managed, found.details);
    if (refused !== undefined) return say(AGAIN, failed(refused));
    if (!managed.metadata.finalizers?.includes(FINALIZERS.managed)) {
      const finalizers = withFinalizer(managed, FINALIZERS.managed);
      managed = (await writer.patch(resource, managed, 'merge', { metadata: { finalizers } })) as Resource;
    }
    return found.exists
      ? settle(resource, managed, found, policy)
      : policy.create
        ? make(resource, managed)
        : say(after(pollMs), synced());
  }

  async function settle(
    resource: ResourceName,
    managed: Resource,
    found: Awaited<ReturnType<External['observe']>>,
    policy: Policy,
  ): Promise<Turn> {
    const fields: JsonObject = found.atProvider === undefined ? {} : { atProvider: found.atProvider };
    const say = (turn: Turn, ...conditions: Wanted[]): Promise<Turn> =>
      writer
        .status(
          resource,
          managed,
          conditions.map((want) => observed(want, managed)),
          fields,
        )
        .then(() => turn);
    if (!found.upToDate && policy.update) {
      const update = await tried('update', () => external.update(managed));
      if ('why' in update) return say(AGAIN, failed(update.why));
    }
    return say(after(pollMs), available(), synced());
  }

  async function make(resource: ResourceName, given: Resource): Promise<Turn> {
    const now = timestamp(clock.now());
    // Written before the call, by an update that a stale reader fails: after a crash nobody creates a second one.
    const pending = await annotated(resource, given, { [MARKS.createPending]: now });
    const made = await tried('create', () => external.create(pending));
    if ('why' in made) {
      const managed = await annotated(resource, pending, { [MARKS.createFailed]: now });
      return writer.status(resource, managed, [creating(), observed(failed(made.why), managed)]).then(() => AGAIN);
    }
    const { externalName, details } = made.value;
    const managed = await annotated(resource, pending, {
      [MARKS.createSucceeded]: now,
      ...(externalName === undefined ? {} : { [MARKS.externalName]: externalName }),
    });
    const refused = await published(managed, details);
    const conditions = [creating(), refused === undefined ? synced() : failed(refused)];
    await writer.status(
      resource,
      managed,
      conditions.map((want) => observed(want, managed)),
    );
    return AGAIN;
  }

  async function release(resource: ResourceName, managed: Resource): Promise<Turn> {
    const finalizers = withoutFinalizer(managed, FINALIZERS.managed);
    await writer.patch(resource, managed, 'merge', { metadata: { finalizers } });
    return DONE;
  }

  async function annotated(
    resource: ResourceName,
    managed: Resource,
    annotations: Readonly<Record<string, string>>,
  ): Promise<Resource> {
    return (await writer.patch(resource, managed, 'merge', { metadata: { annotations } })) as Resource;
  }

  async function published(managed: Resource, details: Details): Promise<string | undefined> {
    if (secretPlace(managed) === undefined) return undefined;
    const outcome = await publish(context, writer, managed, details);
    return outcome.kind === 'refused' ? `cannot create or update connection secret: ${outcome.why}` : undefined;
  }
}

/** Synced of a managed resource says for which generation. */
const observed = (want: Wanted, managed: Resource): Wanted =>
  want.type === 'Synced' ? { ...want, observedGeneration: managed.metadata.generation ?? 0 } : want;

/** crossplane-runtime looks at a change of what is wanted only: annotations, labels, generation. */
function changed(before: Resource, now: Resource): boolean {
  const { generation, annotations, labels } = before.metadata;
  return (
    generation !== now.metadata.generation ||
    JSON.stringify([annotations, labels]) !== JSON.stringify([now.metadata.annotations, now.metadata.labels])
  );
}

const timeOf = (managed: Resource, mark: string): number => Date.parse(annotation(managed, mark) ?? '') || 0;

/** The newest of the three marks is `pending`: nobody knows whether the thing was made. */
function creationUnknown(managed: Resource): boolean {
  const pending = timeOf(managed, MARKS.createPending);
  return pending > timeOf(managed, MARKS.createSucceeded) && pending > timeOf(managed, MARKS.createFailed);
}
const succeededWithin = (managed: Resource, ms: number, now: number): boolean => {
  const succeeded = timeOf(managed, MARKS.createSucceeded);
  return succeeded > 0 && timeOf(managed, MARKS.createFailed) < succeeded && now < succeeded + ms;
};

async function tried<T>(
  verb: string,
  call: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly why: string }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (error instanceof WriteRefused || !(error instanceof Error)) throw error;
    return { why: `${verb} failed: ${error.message}` };
  }
}
