import type { JsonObject, KubeObject, MutableJsonObject } from '../../objects/json.ts';
import type { Call } from '../api/call.ts';
import { served } from '../api/conversion.ts';
import { create } from '../api/create.ts';
import { decodeBody, goPackage } from '../api/decode.ts';
import { remove, warnOfOrphans } from '../api/delete.ts';
import type { ServerParts } from '../api/parts.ts';
import { type LazyPatch, patch } from '../api/patch.ts';
import { getOne, listPage, parseRevision, parseRevisionOfOne, tooLarge } from '../api/read.ts';
import type { ServedKind } from '../api/served-kind.ts';
import { update } from '../api/update.ts';
import { badRequest, Refusal } from '../status/refusal.ts';
import type { Version } from '../storage/version.ts';
import { parseBody } from './body.ts';
import { headerOf, jsonAnswer, type SandboxRequest, type WholeAnswer } from './exchange.ts';
import { listBody } from './list-body.ts';
import type { ListParameters } from './list-options.ts';
import { notAcceptable, type Shape } from './media.ts';
import { patchBody } from './patch-body.ts';
import { partialMetadata, type TableParts, tableOf } from './table.ts';
import { deleteOptions, writeOptions } from './write-options.ts';

/** What a request is about, as its URL and its headers tell. */
export interface Asked {
  readonly request: SandboxRequest;
  readonly query: URLSearchParams;
  readonly kind: ServedKind;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string | undefined;
  readonly user: Call['user'];
  readonly shape: Shape;
  readonly warnings: Set<string>;
}

export function callOf(
  asked: Asked,
  options: Pick<Call, 'dryRun' | 'validation' | 'options'>,
  manager: string | undefined,
): Call {
  const { kind, version, namespace, name, subresource, user, warnings } = asked;
  const { dryRun, validation, options: sent } = options;
  const own = manager ?? agentOf(asked);
  return {
    kind,
    version,
    namespace,
    name,
    subresource,
    user,
    warnings,
    manager: own,
    dryRun,
    validation,
    options: sent,
  };
}

/** The first word of the user agent, as the server names a manager that does not name itself. */
function agentOf({ request }: Asked): string {
  const agent = headerOf(request, 'user-agent') ?? '';
  return (agent.split('/')[0] ?? '').slice(0, 128) || 'unknown';
}

export function tableParts(parts: ServerParts, asked: Asked): TableParts {
  const { kind, version, query } = asked;
  const include = query.get('includeObject') ?? '';
  if (!['', 'None', 'Metadata', 'Object'].includes(include))
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`,
    );
  return { kind, version, include, now: parts.clock.now() };
}

/** The answer that holds one object, in the form that was asked for. */
export async function objectAnswer(
  parts: ServerParts,
  asked: Asked,
  status: number,
  version: Version,
): Promise<WholeAnswer> {
  const object = await served(asked.kind, version.object, asked.version);
  if (asked.shape.as === 'PartialObjectMetadataList')
    throw notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (${goType(asked.kind)})`,
    );
  if (asked.shape.as === 'object' && object === version.object)
    return jsonAnswer(status, Buffer.concat([version.bytes, NEWLINE]));
  return jsonAnswer(status, formed(parts, asked, object));
}

/** The type that holds an object in the server's memory. */
const goType = ({ group, kind, custom }: ServedKind): string =>
  custom === undefined ? `*${goPackage(group)}.${kind}` : '*unstructured.Unstructured';

const NEWLINE = Buffer.from('\n');

export function formed(parts: ServerParts, asked: Asked, object: KubeObject): unknown {
  switch (asked.shape.as) {
    case 'object':
      return object;
    case 'Table':
      return tableOf(tableParts(parts, asked), [object], { resourceVersion: object.metadata.resourceVersion ?? '' });
    default:
      return partialMetadata(object);
  }
}

export async function get(parts: ServerParts, asked: Asked): Promise<WholeAnswer> {
  const revision = asked.query.get('resourceVersion') ?? '';
  if (revision !== '') await reached(parts, parseRevisionOfOne(revision));
  return await objectAnswer(parts, asked, 200, getOne(parts, asked.kind, asked.namespace, asked.name));
}

const PATIENCE_MS = 3_000;

/** A revision that is yet to come is waited for, three seconds long. */
export async function reached(parts: ServerParts, revision: number): Promise<void> {
  if (revision <= parts.store.revision) return;
  let stop = (): void => undefined;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    const unsubscribe = parts.store.subscribe(() => {
      if (parts.store.revision >= revision) resolve();
    });
    stop = () => {
      clearTimeout(timer);
      unsubscribe();
    };
  });
  stop();
  if (revision > parts.store.revision) throw tooLarge(revision, parts.store.revision);
}

export async function list(parts: ServerParts, asked: Asked, parameters: ListParameters): Promise<WholeAnswer> {
  if (asked.shape.as === 'PartialObjectMetadata')
    throw notAcceptable(
      `you requested PartialObjectMetadata, but the requested object is a list (${goType(asked.kind)}List)`,
    );
  const { resourceVersion, resourceVersionMatch: match } = parameters;
  if (resourceVersion !== undefined && match !== 'Exact' && parameters.continue === undefined)
    await reached(parts, parseRevision(resourceVersion));
  const page = listPage(parts, asked.kind, asked.version, asked.namespace, parameters);
  const body = await listBody(asked.kind, asked.version, page, asked.shape, tableParts(parts, asked));
  return jsonAnswer(200, body);
}

export async function post(parts: ServerParts, asked: Asked): Promise<WholeAnswer> {
  const options = writeOptions(asked.query, 'CreateOptions');
  const call = callOf(asked, options, options.manager);
  const { value, duplicates } = parseBody(asked.request, asked.kind, options.validation !== 'Ignore');
  return await objectAnswer(parts, asked, 201, await create(parts, call, decodeBody(parts, call, value, duplicates)));
}

export async function put(parts: ServerParts, asked: Asked): Promise<WholeAnswer> {
  const options = writeOptions(asked.query, 'UpdateOptions');
  const call = callOf(asked, options, options.manager);
  const { value, duplicates } = parseBody(asked.request, asked.kind, options.validation !== 'Ignore');
  const done = await update(parts, call, decodeBody(parts, call, value, duplicates));
  return await objectAnswer(parts, asked, done.created ? 201 : 200, done.version);
}

export async function patched(parts: ServerParts, asked: Asked): Promise<WholeAnswer> {
  const { change, options } = patchOf(asked);
  const call = callOf(asked, options, options.manager);
  const done = await patch(parts, call, change);
  return await objectAnswer(parts, asked, done.created ? 201 : 200, done.version);
}

export function patchOf(asked: Asked): {
  readonly change: LazyPatch;
  readonly options: ReturnType<typeof writeOptions>;
} {
  const body = patchBody(asked.request, asked.kind.custom !== undefined);
  const options = writeOptions(asked.query, 'PatchOptions', body.type === 'apply');
  return { change: { kind: body.type, read: () => body.read(options.validation, options.force === true) }, options };
}

const DELETE_OPTIONS = { kind: 'DeleteOptions', custom: undefined };

function optionsBody(asked: Asked): MutableJsonObject | undefined {
  const { body } = asked.request;
  return body === undefined || body.byteLength === 0
    ? undefined
    : parseBody(asked.request, DELETE_OPTIONS, false).value;
}

export async function deleted(parts: ServerParts, asked: Asked): Promise<WholeAnswer> {
  const { remove: how, dryRun, options } = deleteOptions(optionsBody(asked), asked.query);
  const call = callOf(asked, { dryRun, validation: 'Ignore', options }, undefined);
  const done = await remove(parts, call, how);
  if (!done.status || (!done.gone && how.propagation === undefined && asked.kind.rules?.graceSeconds === undefined))
    return await objectAnswer(parts, asked, done.gone || how.orphanDependents !== false ? 200 : 202, done.version);
  return jsonAnswer(200, deletionStatus(asked.kind, done.version.object));
}

function deletionStatus(kind: ServedKind, object: KubeObject): JsonObject {
  const { name = '', uid = '' } = object.metadata;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural, uid },
  };
}

export async function deletedCollection(
  parts: ServerParts,
  asked: Asked,
  parameters: ListParameters,
): Promise<WholeAnswer> {
  const { remove: how, dryRun, options } = deleteOptions(optionsBody(asked), asked.query);
  warnOfOrphans(asked.kind, how, asked.warnings);
  const page = listPage(parts, asked.kind, asked.version, asked.namespace, parameters);
  for (const { object } of page.versions) {
    const { namespace, name = '' } = object.metadata;
    const one = { ...asked, namespace, name };
    try {
      await remove(parts, callOf(one, { dryRun, validation: 'Ignore', options }, undefined), how);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status.reason !== 'NotFound') throw error;
    }
  }
  const body = await listBody(asked.kind, asked.version, page, asked.shape, tableParts(parts, asked));
  return jsonAnswer(200, body);
}
