import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { CONVERTERS } from './converters.ts';
import { copyObject } from './json-text.ts';
import { apiVersionOf, type ServedKind } from './served-kind.ts';

/** Whether objects of this kind look the same in this version as in the store. */
export const isStorageForm = (kind: ServedKind, version: string): boolean =>
  apiVersionOf(kind.group, version) === kind.storageApiVersion;

/** One object as the version of the request shows it; the stored one itself when nothing is to be done. */
export function served(kind: ServedKind, object: KubeObject, version: string): KubeObject | Promise<KubeObject> {
  const wanted = apiVersionOf(kind.group, version);
  const { custom } = kind;
  if (custom !== undefined) {
    const from = object.apiVersion.slice(object.apiVersion.indexOf('/') + 1);
    if (custom.convertsWithoutWebhook(from, version)) return custom.convertSync(object, version);
    return custom.convert([object], version).then(([converted]) => converted as KubeObject);
  }
  if (object.apiVersion === wanted) return object;
  return convertBuiltIn(kind, copyObject(object), wanted) as unknown as KubeObject;
}

export function servedAll(
  kind: ServedKind,
  objects: readonly KubeObject[],
  version: string,
): readonly KubeObject[] | Promise<readonly KubeObject[]> {
  const { custom } = kind;
  if (custom === undefined) return objects.map((object) => served(kind, object, version) as KubeObject);
  return custom.convert(objects, version);
}

/** A body of the request in the form of the store; the body is the caller's to give away. */
export function toStorage(
  kind: ServedKind,
  body: MutableJsonObject,
  version: string,
): MutableJsonObject | Promise<MutableJsonObject> {
  const { custom, storageApiVersion, storageVersion } = kind;
  if (body.apiVersion === storageApiVersion) return body;
  if (custom === undefined) return convertBuiltIn(kind, body, storageApiVersion);
  const object = body as unknown as KubeObject;
  if (custom.convertsWithoutWebhook(version, storageVersion))
    return copyObject(custom.convertSync(object, storageVersion));
  return custom.convert([object], storageVersion).then(([converted]) => copyObject(converted as KubeObject));
}

/** The form in which the rules of built-in kinds work: that of the store. Custom kinds stay in the request's version. */
export function toHub(kind: ServedKind, body: MutableJsonObject): MutableJsonObject {
  if (kind.custom !== undefined || body.apiVersion === kind.storageApiVersion) return body;
  convertBuiltIn(kind, body, kind.storageApiVersion);
  kind.rules?.defaults?.(body);
  return body;
}

function convertBuiltIn(kind: ServedKind, object: MutableJsonObject, to: string): MutableJsonObject {
  object.apiVersion = to;
  const version = kind.plural === 'events' ? to : to.slice(to.indexOf('/') + 1);
  CONVERTERS.get(kind.resource)?.(object, version);
  return object;
}
