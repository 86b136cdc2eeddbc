import type { Answer } from '../../cluster/port.ts';
import type { KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { pathNotFound, Refusal } from '../status/refusal.ts';
import type { StoreChange } from '../storage/store.ts';
import type { StoreView } from '../storage/store-view.ts';
import type { Version } from '../storage/version.ts';
import type { ObjectApi, ObjectAt, ObjectPatch, WriteAs } from './api.ts';
import type { Call } from './call.ts';
import { served } from './conversion.ts';
import { create } from './create.ts';
import { decodeBody } from './decode.ts';
import { remove } from './delete.ts';
import { copyObject } from './json-text.ts';
import type { ServerParts } from './parts.ts';
import { patch, readPatch } from './patch.ts';
import { NO_REPEATS } from './repeated-fields.ts';
import { update } from './update.ts';

/** The store as rules of kinds see it. */
export function storeView(parts: () => Pick<ServerParts, 'store' | 'catalog'>): StoreView {
  const placeOf = (resource: ResourceName): ResourceName => parts().catalog.byResource(resource)?.storedAs ?? resource;
  return {
    get(resource, namespace, name) {
      const key = namespace === undefined ? name : `${namespace}/${name}`;
      return parts().store.get(placeOf(resource), key)?.object;
    },
    list(resource, namespace) {
      const found: KubeObject[] = [];
      const options = namespace === undefined ? {} : { prefix: `${namespace}/` };
      parts().store.scan(placeOf(resource), options, (version) => {
        found.push(version.object);
        return true;
      });
      return found;
    },
  };
}

/** The API as a controller inside the process uses it: writes go the whole way of a request. */
export function objectApi(parts: ServerParts): ObjectApi {
  const callOf = (at: Omit<ObjectAt, 'name'> & { readonly name?: string }, as: WriteAs, verb: string): Call => {
    const kind = parts.catalog.byResource(at.resource);
    const version = at.version ?? kind?.storageVersion ?? '';
    if (kind === undefined || !kind.versions.has(version)) throw pathNotFound();
    const call: Call = {
      kind,
      version,
      namespace: at.namespace,
      name: at.name ?? '',
      subresource: as.subresource,
      user: as.user,
      manager: as.manager,
      dryRun: as.dryRun === true,
      validation: 'Ignore',
      options: {},
      warnings: new Set(),
    };
    parts.authorize({
      user: as.user,
      verb,
      group: kind.group,
      version,
      resource: kind.plural,
      subresource: as.subresource,
      namespace: at.namespace,
      name: call.name,
    });
    return call;
  };
  return {
    ...parts.view,
    byUid: (uid) => parts.store.byUid(uid)?.object,
    serves: (resource) => parts.catalog.byResource(resource) !== undefined,
    subscribe: (listener: (change: StoreChange) => void) => parts.store.subscribe(listener),
    create: (at, body, as) =>
      answered(async () => {
        const call = callOf(at, as, 'create');
        const decoded = decodeBody(parts, call, copyObject(body), NO_REPEATS);
        return { call, status: 201, version: await create(parts, call, decoded) };
      }),
    update: (at, body, as) =>
      answered(async () => {
        const call = callOf(at, as, 'update');
        const done = await update(parts, call, decodeBody(parts, call, copyObject(body), NO_REPEATS));
        return { call, status: done.created ? 201 : 200, version: done.version };
      }),
    patch: (at, change: ObjectPatch, as) =>
      answered(async () => {
        const call = callOf(at, as, 'patch');
        const done = await patch(parts, call, readPatch(change));
        return { call, status: done.created ? 201 : 200, version: done.version };
      }),
    delete: (at, as) =>
      answered(async () => {
        const call = callOf(at, as, 'delete');
        const done = await remove(parts, call, as);
        return { call, status: 200, version: done.version };
      }),
  };
}

async function answered(
  work: () => Promise<{ readonly call: Call; readonly status: number; readonly version: Version }>,
): Promise<Answer> {
  try {
    const { call, status, version } = await work();
    const object = await served(call.kind, version.object, call.version);
    return { kind: 'accepted', status, object, warnings: [...call.warnings] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return rejection(error);
  }
}

/** A refusal in the shape that clients of the `cluster` port see. */
export function rejection(error: Refusal): Answer {
  const { code, reason = '', message, details } = error.status;
  const causes = (details?.causes ?? []).map((cause) => ({
    field: cause.field ?? '',
    reason: cause.reason ?? '',
    message: cause.message,
  }));
  const after = details?.retryAfterSeconds;
  return {
    kind: 'rejected',
    status: code,
    reason,
    message,
    causes,
    ...(after === undefined ? {} : { retryAfter: after }),
  };
}
