import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { applyMergePatch } from '../../objects/merge-patch.ts';
import { served } from '../api/conversion.ts';
import { applyOperations } from '../api/json-patch.ts';
import { copyObject } from '../api/json-text.ts';
import type { PatchBody } from '../api/patch.ts';
import { getOne } from '../api/read.ts';
import type { ServedKind } from '../api/served-kind.ts';
import { guaranteedUpdate, recordFields } from '../api/update.ts';
import { invalid } from '../status/problem.ts';
import { badRequest, conflict, internalError } from '../status/refusal.ts';
import { parseBody } from './body.ts';
import { jsonAnswer, type SandboxAnswer } from './exchange.ts';
import { type Asked, callOf, patchOf } from './resource-verbs.ts';
import { methodNotAllowed, type ServingParts } from './serving-parts.ts';
import { writeOptions } from './write-options.ts';

interface Paths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  readonly selector: readonly string[] | undefined;
}

const wordsOf = (path: string): readonly string[] => path.split('.').filter((word) => word !== '');

function pathsOf(kind: ServedKind, version: string): Paths {
  const custom = kind.custom?.scale(version);
  if (custom === undefined)
    return { spec: ['spec', 'replicas'], status: ['status', 'replicas'], selector: ['spec', 'selector'] };
  return {
    spec: wordsOf(custom.specReplicasPath),
    status: wordsOf(custom.statusReplicasPath),
    selector: custom.labelSelectorPath === undefined ? undefined : wordsOf(custom.labelSelectorPath),
  };
}

function at(object: KubeObject | JsonObject, path: readonly string[]): Json | undefined {
  let value: unknown = object;
  for (const word of path) value = isJsonObject(value) ? value[word] : undefined;
  return value as Json | undefined;
}

/** The Scale of an object: how many replicas are wanted and there. */
export function scaleOf(kind: ServedKind, version: string, object: KubeObject, mustSay = false): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const paths = pathsOf(kind, version);
  const wanted = at(object, paths.spec);
  if (mustSay && kind.custom !== undefined && wanted === undefined)
    throw internalError(`the spec replicas field ${JSON.stringify(`.${paths.spec.join('.')}`)} does not exist`);
  const selector = paths.selector === undefined ? undefined : selectorText(at(object, paths.selector));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: wanted === undefined || wanted === 0 ? {} : { replicas: wanted },
    status: {
      replicas: at(object, paths.status) ?? 0,
      ...(selector === undefined || selector === '' ? {} : { selector }),
    },
  } as JsonObject;
}

/** A label selector as one text: what a Scale says of the Pods it counts. */
function selectorText(selector: Json | undefined): string | undefined {
  if (typeof selector === 'string') return selector;
  if (!isJsonObject(selector)) return undefined;
  const { matchLabels, matchExpressions } = selector;
  const plain = matchLabels === undefined && matchExpressions === undefined ? selector : (matchLabels ?? {});
  const equal = Object.entries(plain as JsonObject).map(([key, value]) => ({ key, text: `${key}=${String(value)}` }));
  const others = (Array.isArray(matchExpressions) ? (matchExpressions as readonly JsonObject[]) : []).map((one) => {
    const key = String(one.key);
    const values = (Array.isArray(one.values) ? (one.values as readonly string[]) : []).toSorted();
    switch (one.operator) {
      case 'In':
        return { key, text: `${key} in (${values.join(',')})` };
      case 'NotIn':
        return { key, text: `${key} notin (${values.join(',')})` };
      case 'DoesNotExist':
        return { key, text: `!${key}` };
      default:
        return { key, text: key };
    }
  });
  return [...equal, ...others]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(',');
}

export async function scale(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  const { kind, version, request } = asked;
  const show = async (object: KubeObject): Promise<JsonObject> =>
    scaleOf(kind, version, await served(kind, object, version));
  if (request.method === 'GET') {
    const { object } = getOne(parts.api, kind, asked.namespace, asked.name);
    return jsonAnswer(200, scaleOf(kind, version, await served(kind, object, version), true));
  }
  if (request.method !== 'PUT' && request.method !== 'PATCH') throw methodNotAllowed();
  const put = request.method === 'PUT';
  const patch = put ? undefined : patchOf({ ...asked, kind: { ...kind, custom: undefined } });
  const options = patch?.options ?? writeOptions(asked.query, 'UpdateOptions');
  const body = put ? parseBody(request, { kind: 'Scale', custom: undefined }, false).value : undefined;
  const call = callOf(asked, options, options.manager);
  const done = await guaranteedUpdate(parts.api, call, {
    uid: undefined,
    mayCreate: false,
    make: (before) => {
      const old = before as KubeObject;
      const wish = body ?? patchedScale(scaleOf(kind, version, old), (patch as { change: PatchBody }).change);
      const next = copyObject(old);
      setReplicas(next, pathsOf(kind, version).spec, replicasOf(wish, asked));
      const asks = isJsonObject(wish.metadata) ? wish.metadata : {};
      if (
        typeof asks.resourceVersion === 'string' &&
        asks.resourceVersion !== '' &&
        asks.resourceVersion !== old.metadata.resourceVersion
      )
        throw conflict(
          { group: kind.group, resource: kind.plural },
          asked.name,
          'the object has been modified; please apply your changes to the latest version and try again',
        );
      // Of custom resources nobody comes to own what a Scale has written.
      if (kind.custom === undefined) recordFields(parts.api, call, next, old);
      return next;
    },
  });
  return jsonAnswer(200, await show(done.version.object));
}

function patchedScale(current: JsonObject, change: PatchBody): JsonObject {
  switch (change.kind) {
    case 'json':
      return applyOperations(current, change.body) as JsonObject;
    default:
      return applyMergePatch(current, change.body) as JsonObject;
  }
}

function replicasOf(wish: JsonObject, asked: Asked): number {
  const spec = isJsonObject(wish.spec) ? wish.spec : {};
  const replicas = spec.replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  if (replicas < 0)
    throw invalid('autoscaling', 'Scale', asked.name, [
      { kind: 'invalid', field: 'spec.replicas', value: replicas, detail: 'must be greater than or equal to 0' },
    ]);
  return replicas;
}

function setReplicas(object: MutableJsonObject, path: readonly string[], replicas: number): void {
  let holder = object;
  for (const word of path.slice(0, -1)) {
    const next = holder[word];
    if (isJsonObject(next)) holder = next as MutableJsonObject;
    else {
      const made: MutableJsonObject = {};
      holder[word] = made;
      holder = made;
    }
  }
  holder[path.at(-1) as string] = replicas;
}
