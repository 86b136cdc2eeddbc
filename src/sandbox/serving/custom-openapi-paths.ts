import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import type { ServedKind } from '../api/served-kind.ts';
import { recordedOpenApi } from '../recorded/recorded.ts';
import { reference } from './custom-openapi-schemas.ts';

const MACHINERY = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const SCALE = 'io.k8s.api.autoscaling.v1.Scale';
const TYPES = ['application/json', 'application/yaml'];
const PATCHES = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];
const WRITE = 'dryRun fieldManager fieldValidation';
const LIST =
  'allowWatchBookmarks continue fieldSelector labelSelector limit resourceVersion resourceVersionMatch sendInitialEvents timeoutSeconds watch';
const DELETE =
  'dryRun gracePeriodSeconds ignoreStoreReadErrorWithClusterBreakingPotential orphanDependents propagationPolicy';
const ANSWERS: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

/** One kind of request: how its id begins, what it says, its parameters, which answers it has. */
interface Action {
  readonly action: string;
  readonly id: string;
  readonly words: string;
  readonly parameters: string;
  readonly codes: readonly number[];
  readonly answer: string;
  /** Schema of the body, if there is one. */
  readonly body?: { readonly schema: string; readonly types: readonly string[] };
}

/** Everything that may be asked of a kind in a version. `prefix`: `com.example.v1`, what its schemas' names begin with. */
export function customPaths(kind: ServedKind, version: string, prefix: string): Record<string, Json> {
  const own = `${prefix}.${kind.kind}`;
  const paths: Record<string, Json> = {};
  const root = `/apis/${kind.group}/${version}`;
  const scope = kind.namespaced ? 'Namespaced' : '';
  const base = `${root}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`;
  const about = { kind, version };
  const listing = (): Action => ({
    action: 'list',
    id: 'list',
    words: `list objects of kind ${kind.kind}`,
    parameters: LIST,
    codes: [200],
    answer: `${prefix}.${kind.listKind}`,
  });
  const write = (schema: string) => ({ schema, types: TYPES });
  const scopeNames = kind.namespaced ? 'namespace pretty' : 'pretty';
  if (kind.namespaced)
    paths[`${root}/${kind.plural}`] = {
      get: operation(about, { ...listing(), parameters: '' }, `${kind.kind}ForAllNamespaces`),
      parameters: parameters(`${LIST} pretty`.split(' ').sort().join(' ')),
    };
  const name = `${scope}${kind.kind}`;
  paths[base] = {
    get: operation(about, listing(), name),
    post: operation(
      about,
      {
        action: 'post',
        id: 'create',
        words: `create ${article(kind.kind)} ${kind.kind}`,
        parameters: WRITE,
        codes: [200, 201, 202],
        answer: own,
        body: write(own),
      },
      name,
    ),
    delete: operation(
      about,
      {
        action: 'deletecollection',
        id: 'delete',
        words: `delete collection of ${kind.kind}`,
        parameters: LIST,
        codes: [200],
        answer: `${MACHINERY}.Status`,
      },
      `Collection${name}`,
    ),
    parameters: parameters(scopeNames),
  };
  paths[`${base}/{name}`] = {
    ...object(about, name, own, ''),
    delete: operation(
      about,
      {
        action: 'delete',
        id: 'delete',
        words: `delete ${article(kind.kind)} ${kind.kind}`,
        parameters: DELETE,
        codes: [200, 202],
        answer: `${MACHINERY}.Status`,
        body: write(`${MACHINERY}.DeleteOptions`),
      },
      name,
    ),
    parameters: ofObject(kind.kind, `name ${scopeNames}`),
  };
  for (const sub of kind.versions.get(version)?.subresources.keys() ?? [])
    paths[`${base}/{name}/${sub}`] = {
      ...object(about, name, sub === 'scale' ? SCALE : own, sub),
      parameters: ofObject(kind.kind, `name ${scopeNames}`),
    };
  return paths;
}

const article = (kind: string): string => (/^[AEIOU]/i.test(kind) ? 'an' : 'a');
const title = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

interface About {
  readonly kind: ServedKind;
  readonly version: string;
}

/** Reading, replacing and patching one object or a subresource of it. */
function object(about: About, name: string, schema: string, sub: string): Record<string, Json> {
  const which = `${sub === '' ? '' : `${sub} of `}the specified ${about.kind.kind}`;
  const made = (action: Omit<Action, 'answer'>): JsonObject =>
    operation(about, { ...action, answer: schema }, `${name}${title(sub)}`);
  const body = { schema, types: TYPES };
  return {
    get: made({ action: 'get', id: 'read', words: `read ${which}`, parameters: 'resourceVersion', codes: [200] }),
    put: made({ action: 'put', id: 'replace', words: `replace ${which}`, parameters: WRITE, codes: [200, 201], body }),
    patch: made({
      action: 'patch',
      id: 'patch',
      words: `partially update ${which}`,
      parameters: `${WRITE} force`,
      codes: [200],
      body: { schema: `${MACHINERY}.Patch`, types: PATCHES },
    }),
  };
}

function operation({ kind, version }: About, action: Action, name: string): JsonObject {
  const group = kind.group.split('.').map(title).join('');
  const content = (schema: string, types: readonly string[]): JsonObject =>
    Object.fromEntries(types.map((type) => [type, { schema: reference(schema) }]));
  return {
    tags: [`${group.slice(0, 1).toLowerCase()}${group.slice(1)}_${version}`],
    description: action.words,
    operationId: `${action.id}${group}${title(version)}${name}`,
    ...(action.parameters === ''
      ? {}
      : {
          parameters:
            action.action === 'patch' ? ofPatch(parameters(action.parameters)) : parameters(action.parameters),
        }),
    ...(action.body === undefined
      ? {}
      : {
          requestBody: {
            content: content(action.body.schema, action.body.types),
            ...(action.action === 'delete' ? {} : { required: true }),
          },
        }),
    responses: {
      ...Object.fromEntries(
        action.codes.map((code) => [
          String(code),
          { description: ANSWERS[code] as string, content: content(action.answer, TYPES) },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action.action,
    'x-kubernetes-group-version-kind': { group: kind.group, version, kind: kind.kind },
  };
}

let known: ReadonlyMap<string, Json> | undefined;

/** Parameters by their names, as the server describes those of its own kinds. */
function parameters(names: string): readonly Json[] {
  known ??= recordedParameters();
  return names.split(' ').flatMap((name) => known?.get(name) ?? []);
}

const APPLIES =
  ' This field is required for apply requests (application/apply-patch) but optional for non-apply patch types (JsonPatch, MergePatch, StrategicMergePatch).';

/** Those of a patch, which may be one that applies. */
const ofPatch = (given: readonly Json[]): readonly Json[] =>
  given.map((one) =>
    isJsonObject(one) && one.name === 'fieldManager'
      ? { ...one, description: `${String(one.description)}${APPLIES}` }
      : one,
  );

/** Those in the path of one object: its name is described by its kind. */
const ofObject = (kind: string, names: string): readonly Json[] =>
  parameters(names).map((one) =>
    isJsonObject(one) && one.name === 'name' ? { ...one, description: `name of the ${kind}` } : one,
  );

function recordedParameters(): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  const look = (value: Json | undefined): void => {
    if (!Array.isArray(value)) return;
    for (const one of value as readonly Json[])
      if (isJsonObject(one) && typeof one.name === 'string' && !found.has(one.name)) found.set(one.name, one);
  };
  const paths = (recordedOpenApi('apis/apps/v1')?.paths ?? {}) as JsonObject;
  for (const [path, methods] of Object.entries(paths)) {
    if (!path.includes('/deployments')) continue;
    for (const [method, value] of Object.entries(methods as JsonObject))
      look(method === 'parameters' ? value : (value as JsonObject).parameters);
  }
  return found;
}
