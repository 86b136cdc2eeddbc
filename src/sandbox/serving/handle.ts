import type { KubeObject } from '../../objects/json.ts';
import { PlainRefusal } from '../access/impersonation.ts';
import type { User } from '../access/user.ts';
import { parseRevisionOfOne } from '../api/read.ts';
import { selectionOf } from '../api/selection.ts';
import { internalError, pathNotFound, Refusal } from '../status/refusal.ts';
import { componentStatuses } from './component-statuses.ts';
import {
  headerOf,
  jsonAnswer,
  refusalAnswer,
  type SandboxAnswer,
  type SandboxRequest,
  textAnswer,
} from './exchange.ts';
import { listParameters } from './list-options.ts';
import { shapeOf } from './media.ts';
import { plainPath } from './plain-paths.ts';
import { type ResourcePath, resourcePath } from './resource-path.ts';
import { type Asked, deleted, deletedCollection, get, list, patched, post, put, tableParts } from './resource-verbs.ts';
import { methodNotAllowed, type ServingParts, unsupportedVerb } from './serving-parts.ts';
import { subresource } from './subresources.ts';
import { tableOf } from './table.ts';
import { inWantedForm } from './wanted-form.ts';

/** Answers one request. Never throws: what went wrong is the answer. */
export async function handle(parts: ServingParts, request: SandboxRequest): Promise<SandboxAnswer> {
  const warnings = new Set<string>();
  try {
    const answer = inWantedForm(await route(parts, request, warnings), request);
    return warnings.size === 0
      ? answer
      : { ...answer, headers: { ...answer.headers, warning: warningHeaders(warnings) } };
  } catch (error) {
    if (error instanceof PlainRefusal) return textAnswer(error.code, error.message);
    if (error instanceof Refusal) {
      const answer = inWantedForm(refusalAnswer(error), request);
      return warnings.size === 0
        ? answer
        : { ...answer, headers: { ...answer.headers, warning: warningHeaders(warnings) } };
    }
    parts.log(`defect: ${request.method} ${request.path}: ${error instanceof Error ? error.stack : String(error)}`);
    return refusalAnswer(internalError(error instanceof Error ? error.message : String(error)));
  }
}

function warningHeaders(warnings: ReadonlySet<string>): string[] {
  return [...warnings].map((text) => `299 - "${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
}

async function route(parts: ServingParts, request: SandboxRequest, warnings: Set<string>): Promise<SandboxAnswer> {
  const cut = request.path.indexOf('?');
  const path = cut < 0 ? request.path : request.path.slice(0, cut);
  const query = new URLSearchParams(cut < 0 ? '' : request.path.slice(cut + 1));
  const user = parts.access.userOf(request.headers, request.path);
  const at = resourcePath(path);
  if (at === undefined || at.resource === '') {
    parts.access.require({ user, verb: request.method.toLowerCase(), path });
    return plainPath(parts, request, path, query);
  }
  return await resource(parts, request, { at, query, user, path, warnings });
}

interface Found {
  readonly at: ResourcePath;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly path: string;
  readonly warnings: Set<string>;
}

async function resource(parts: ServingParts, request: SandboxRequest, found: Found): Promise<SandboxAnswer> {
  const { at, query, user, warnings } = found;
  const watching = at.watch || (request.method === 'GET' && at.name === '' && isTrue(query.get('watch')));
  const verb = verbOf(request.method, at, watching);
  parts.access.require({
    user,
    verb,
    group: at.group,
    resource: at.resource,
    ...(at.subresource === undefined ? {} : { subresource: at.subresource }),
    namespace: at.namespace,
    name: at.name === '' && SELECTING.has(verb) ? nameAsked(query.get('fieldSelector')) : at.name,
  });
  const kind = parts.api.catalog.find(at.group, at.resource, at.version);
  if (kind === undefined) throw unserved(parts, at);
  const namespace = kind.namespaced ? at.namespace : undefined;
  const misplaced =
    (!kind.namespaced && at.namespace !== undefined && kind.resource !== 'namespaces') ||
    (kind.namespaced &&
      namespace === undefined &&
      (at.name !== '' || (kind.custom !== undefined && !ACROSS.has(verb))));
  if (misplaced) throw kind.custom === undefined ? pathNotFound() : new PlainRefusal(404, NO_PAGE);
  const { deprecation } = kind.versions.get(at.version) ?? {};
  if (deprecation !== undefined) warnings.add(deprecation);
  const asked: Asked = {
    request,
    query,
    kind,
    version: at.version,
    namespace,
    name: at.name,
    subresource: at.subresource,
    user,
    shape: shapeOf(headerOf(request, 'accept'), false, kind.custom !== undefined, verb === 'list' || verb === 'watch'),
    warnings,
  };
  if (at.subresource !== undefined) return await subresource(parts, asked, at);
  const { verbs } = kind.versions.get(at.version) as { verbs: readonly string[] };
  const named = at.name !== '';
  // Only the part of the server that serves definitions knows HEAD.
  if (request.method === 'HEAD' && kind.custom === undefined) throw methodNotAllowed();
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (kind.resource === 'componentstatuses') {
      warnings.add('v1 ComponentStatus is deprecated in v1.19+');
      const told = componentStatuses(at.name);
      const items = (told.items ?? [told]) as unknown as readonly KubeObject[];
      return jsonAnswer(200, asked.shape.as === 'Table' ? tableOf(tableParts(parts.api, asked), items, {}) : told);
    }
    if (watching) return watch(parts, asked, at.watch);
    if (!verbs.includes(named ? 'get' : 'list')) throw methodNotAllowed();
    return named ? await get(parts.api, asked) : await list(parts.api, asked, listParameters(query, false));
  }
  // Of a definition that is going, discovery shows less than is done.
  if (kind.custom === undefined && !verbs.includes(verb)) throw methodNotAllowed();
  // Paths across all namespaces are there for reading alone.
  if (kind.namespaced && namespace === undefined && verbs.includes('list')) throw methodNotAllowed();
  // Of custom kinds a POST may name what it creates.
  if (request.method === 'POST' && (!named || kind.custom !== undefined)) {
    return parts.access.isVirtual(at.resource, at.group)
      ? await subresource(parts, asked, at)
      : await post(parts.api, asked);
  }
  if (request.method === 'PUT' && named) return await put(parts.api, asked);
  if (request.method === 'PATCH' && named) return await patched(parts.api, asked);
  if (request.method === 'DELETE')
    return named
      ? await deleted(parts.api, asked)
      : await deletedCollection(parts.api, asked, listParameters(query, false));
  throw kind.custom === undefined ? methodNotAllowed() : unsupportedVerb(kind, '');
}

function watch(parts: ServingParts, asked: Asked, watchPath: boolean): SandboxAnswer {
  const parameters = listParameters(asked.query, watchPath);
  const { kind, version, name, namespace } = asked;
  const fields = name === '' ? parameters.fieldSelector : (parameters.fieldSelector ?? `metadata.name=${name}`);
  if (parameters.resourceVersion !== undefined) parseRevisionOfOne(parameters.resourceVersion);
  const view = {
    kind,
    version,
    namespace,
    selection: selectionOf(kind, version, parameters.labelSelector, fields),
    shape: asked.shape,
    table: tableParts(parts.api, asked),
  };
  const seconds = parameters.timeoutSeconds ?? 1800 + Math.floor(parts.api.random() * 1800);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    start: (sink) =>
      parts.watches.start(
        {
          view,
          resourceVersion: parameters.resourceVersion,
          sendInitialEvents: parameters.sendInitialEvents,
          bookmarks: parameters.allowWatchBookmarks,
          timeoutMillis: seconds * 1000,
        },
        sink,
      ),
  };
}

const isTrue = (value: string | null): boolean => value !== null && value !== 'false' && value !== '0';

const NO_PAGE = '404 page not found\n';
/** What may be asked of all namespaces at once. */
const ACROSS: ReadonlySet<string> = new Set(['list', 'watch']);
const SELECTING: ReadonlySet<string> = new Set([...ACROSS, 'deletecollection']);

/** A list of the one object of a name is a question about that object to whoever authorizes it. */
function nameAsked(fields: string | null): string {
  const name = /(?:^|,)metadata\.name==?([^,=!]*)(?:,|$)/.exec(fields ?? '')?.[1] ?? '';
  return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name;
}

function verbOf(method: string, at: ResourcePath, watching: boolean): string {
  const named = at.name !== '';
  switch (method) {
    case 'GET':
    case 'HEAD':
      return watching ? 'watch' : named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return method.toLowerCase();
  }
}

/** A group that is not there, or only by definitions, answers as a path that nobody serves. */
function unserved(parts: ServingParts, at: ResourcePath): Error {
  const builtIn = parts.discovery.isBuiltIn(at.group);
  return builtIn ? pathNotFound() : new PlainRefusal(404, NO_PAGE);
}
