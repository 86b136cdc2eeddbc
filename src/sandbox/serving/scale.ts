import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type ManagedFieldsEntry,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { resourceName } from '../../objects/key.ts';
import type { Call } from '../api/call.ts';
import { served } from '../api/conversion.ts';
import { decodeBody } from '../api/decode.ts';
import { copyObject } from '../api/json-text.ts';
import { metaOf } from '../api/object-meta.ts';
import { type LazyPatch, patchedObject } from '../api/patch.ts';
import { getOne } from '../api/read.ts';
import { apiVersionOf, type ServedKind } from '../api/served-kind.ts';
import { checkName, guaranteedUpdate, recordFields } from '../api/update.ts';
import { entriesAfterScale, type ReplicasPaths, scaleEntriesOf } from '../fields/scale-entries.ts';
import { invalid } from '../status/problem.ts';
import { conflict, internalError } from '../status/refusal.ts';
import { parseBody } from './body.ts';
import { jsonAnswer, type SandboxAnswer } from './exchange.ts';
import { type Asked, callOf, patchOf } from './resource-verbs.ts';
import { selectorText } from './scale-selector.ts';
import { methodNotAllowed, type ServingParts, unsupportedVerb } from './serving-parts.ts';
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

/** A Scale as if it were a kind of its own: bodies and patches of /scale are decoded and owned as those of any other. */
const SCALE: ServedKind = {
  resource: resourceName('autoscaling', 'scales'),
  storedAs: resourceName('autoscaling', 'scales'),
  group: 'autoscaling',
  plural: 'scales',
  singular: 'scale',
  kind: 'Scale',
  listKind: 'ScaleList',
  namespaced: true,
  shortNames: [],
  categories: [],
  versions: new Map([['v1', { name: 'v1', verbs: [], deprecation: undefined, subresources: new Map() }]]),
  storageApiVersion: 'autoscaling/v1',
  storageVersion: 'v1',
  rules: undefined,
  custom: undefined,
};

export async function scale(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  const { kind, version, request } = asked;
  if (request.method === 'GET') {
    const { object } = getOne(parts.api, kind, asked.namespace, asked.name);
    return jsonAnswer(200, scaleOf(kind, version, await served(kind, object, version), true));
  }
  if (request.method !== 'PUT' && request.method !== 'PATCH')
    throw kind.custom === undefined ? methodNotAllowed() : unsupportedVerb(kind, request.method);
  const plain = { ...asked, kind: { ...kind, custom: undefined } };
  const patch = request.method === 'PATCH' ? patchOf(plain) : undefined;
  const options = patch?.options ?? writeOptions(asked.query, 'UpdateOptions');
  const call = callOf(asked, options, options.manager);
  const ofScale: Call = { ...call, kind: SCALE, version: 'v1' };
  let body: MutableJsonObject | undefined;
  if (patch === undefined) {
    const { value, duplicates } = parseBody(request, SCALE, options.validation !== 'Ignore');
    body = decodeBody(parts.api, ofScale, value, duplicates);
    checkName(metaOf(body), ofScale);
  }
  const done = await guaranteedUpdate(parts.api, call, {
    uid: undefined,
    mayCreate: false,
    make: (before) => {
      const old = before as KubeObject;
      const paths = replicasPaths(kind);
      const ofOld = scaleEntriesOf(old.metadata.managedFields, paths);
      const current = scaleOf(kind, version, old) as unknown as KubeObject;
      const owned = { ...current, metadata: { ...current.metadata, ...(ofOld && { managedFields: ofOld }) } };
      const wish =
        body === undefined
          ? patchedObject(parts.api, ofScale, (patch as { change: LazyPatch }).change.read(), owned)
          : copyObject(body);
      if (body !== undefined) recordFields(parts.api, ofScale, wish, owned);
      return scaled(asked, old, wish, paths);
    },
  });
  return jsonAnswer(200, scaleOf(kind, version, await served(kind, done.version.object, version)));
}

/** The object with what its Scale says now. */
function scaled(asked: Asked, old: KubeObject, wish: MutableJsonObject, paths: ReplicasPaths): MutableJsonObject {
  const { kind, version } = asked;
  const meta = metaOf(wish);
  const replicas = (isJsonObject(wish.spec) ? wish.spec.replicas : undefined) ?? 0;
  if (kind.custom === undefined && Number(replicas) < 0)
    throw invalid('autoscaling', 'Scale', asked.name, [
      { kind: 'invalid', field: 'spec.replicas', value: replicas, detail: 'must be greater than or equal to 0' },
    ]);
  const uid = typeof meta.uid === 'string' ? meta.uid : '';
  if (kind.custom === undefined && uid !== '' && uid !== old.metadata.uid)
    throw conflict(
      { group: kind.group, resource: `${kind.plural}/scale` },
      asked.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`,
    );
  const next = copyObject(old);
  setReplicas(next, pathsOf(kind, version).spec, Number(replicas));
  const own = metaOf(next);
  const revision = typeof meta.resourceVersion === 'string' ? meta.resourceVersion : '';
  if (revision !== '' || kind.custom === undefined) own.resourceVersion = revision;
  const entries = entriesAfterScale(
    old.metadata.managedFields,
    meta.managedFields as unknown as readonly ManagedFieldsEntry[] | undefined,
    apiVersionOf(kind.group, version),
    paths,
  );
  if (entries === undefined) delete own.managedFields;
  else own.managedFields = entries as unknown as MutableJsonObject[];
  return next;
}

/** Where each version of a kind keeps its replicas. */
function replicasPaths(kind: ServedKind): ReplicasPaths {
  const names = [...kind.versions.values()].filter(({ subresources }) => subresources.has('scale'));
  return Object.fromEntries(
    names.map(({ name }) => [apiVersionOf(kind.group, name), pathsOf(kind, name).spec.map((word) => `f:${word}`)]),
  );
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
