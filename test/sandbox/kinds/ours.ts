import { randomUUID } from 'node:crypto';
import type { KubeObject, MutableJsonObject } from '../../../src/objects/json.ts';
import { groupOf, type ResourceName, versionOf } from '../../../src/objects/key.ts';
import type { KindRules, WriteContext } from '../../../src/sandbox/kinds/kind-rules.ts';
import { metadataProblems } from '../../../src/sandbox/kinds/metadata-problems.ts';
import { KIND_RULES } from '../../../src/sandbox/kinds/rules.ts';
import { asStored } from '../../../src/sandbox/schema/as-stored.ts';
import { decodeBuiltIn, WrongType } from '../../../src/sandbox/schema/decode.ts';
import { invalid } from '../../../src/sandbox/status/problem.ts';
import { badRequest, Refusal } from '../../../src/sandbox/status/refusal.ts';

/** What our rules answer to a write, by themselves: no admission, no fields of managers. */
export interface Ours {
  readonly status: number;
  readonly body: unknown;
}
const byResource = new Map<ResourceName, KindRules>(KIND_RULES.map((rules) => [rules.resource, rules]));

/** A store of a few objects, enough for allocations. */
export class Shelf {
  readonly #objects = new Map<string, KubeObject>();

  context(): WriteContext {
    return {
      now: Date.now(),
      dryRun: false,
      random: Math.random,
      newUid: randomUUID,
      warn: () => undefined,
      store: {
        get: (resource, namespace, name) => this.#objects.get(`${resource}/${namespace ?? ''}/${name}`),
        list: (resource) => [...this.#objects].filter(([key]) => key.startsWith(`${resource}/`)).map(([, it]) => it),
      },
    };
  }
  put(resource: ResourceName, object: KubeObject): void {
    this.#objects.set(`${resource}/${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`, object);
  }
}

export function create(shelf: Shelf, resource: ResourceName, namespaced: boolean, sent: MutableJsonObject): Ours {
  return answered(() => {
    const body = structuredClone(sent);
    const rules = byResource.get(resource);
    normalise(body);
    rules?.defaults?.(body);
    const meta = body.metadata as MutableJsonObject;
    Object.assign(meta, { uid: randomUUID(), creationTimestamp: '2026-01-01T00:00:00Z' });
    for (const key of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields'])
      delete meta[key];
    const context = shelf.context();
    rules?.prepareCreate?.(body, context);
    const object = body as unknown as KubeObject;
    const found = [
      ...metadataProblems(object, undefined, { resource, namespaced }),
      ...(rules?.validateCreate?.(object, context) ?? []),
    ];
    if (found.length > 0) throw invalid(groupOf(object.apiVersion), object.kind, object.metadata.name ?? '', found);
    settle(body, rules);
    shelf.put(resource, object);
    return { status: 201, body };
  });
}

export function update(
  shelf: Shelf,
  resource: ResourceName,
  before: KubeObject,
  sent: MutableJsonObject,
  status = false,
): Ours {
  return answered(() => {
    const body = structuredClone(sent);
    const rules = byResource.get(resource);
    normalise(body);
    rules?.defaults?.(body);
    const context = shelf.context();
    const meta = body.metadata as MutableJsonObject;
    const was = structuredClone(before) as unknown as MutableJsonObject;
    rules?.defaults?.(was);
    const old = was as unknown as KubeObject;
    for (const key of ['uid', 'creationTimestamp', 'generation'] as const) {
      if (old.metadata[key] === undefined) delete meta[key];
      else meta[key] = old.metadata[key] as string;
    }
    delete meta.managedFields;
    meta.resourceVersion = '1';
    if (status) {
      if (was.spec !== undefined) body.spec = was.spec;
      rules?.prepareStatus?.(body, old, context);
    } else rules?.prepareUpdate?.(body, old, context);
    const object = body as unknown as KubeObject;
    const validate = status ? rules?.validateStatus : rules?.validateUpdate;
    const found = [
      ...metadataProblems(
        object,
        old,
        { resource, namespaced: object.metadata.namespace !== undefined },
        status ? 'status' : undefined,
      ),
      ...(validate?.(object, old, context) ?? []),
    ];
    if (found.length > 0) throw invalid(groupOf(object.apiVersion), object.kind, object.metadata.name ?? '', found);
    settle(body, rules);
    return { status: 200, body };
  });
}

function normalise(body: MutableJsonObject): void {
  const { apiVersion, kind } = body as { apiVersion: string; kind: string };
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  try {
    decodeBuiltIn(body, { group: groupOf(apiVersion), version, kind });
  } catch (error) {
    if (!(error instanceof WrongType)) throw error;
    throw badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${error.message}`);
  }
}

/** As the store gives it back: written, read, defaulted, written. */
function settle(body: MutableJsonObject, rules: KindRules | undefined): void {
  normalise(body);
  rules?.defaults?.(body);
  normalise(body);
  const { apiVersion, kind } = body as { apiVersion: string; kind: string };
  asStored(body, { group: groupOf(apiVersion), version: versionOf(apiVersion), kind });
}

function answered(work: () => Ours): Ours {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status.code, body: error.status };
  }
}
