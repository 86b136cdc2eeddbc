import { canonicalText } from '../../src/objects/canonical.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../src/objects/json.ts';
import { ask, type Endpoint } from '../../test/control-plane/api.ts';

/** What one run left behind, comparable with what another one did: UIDs are names, times of today are NOW. Name of an object to its text. */
export type State = ReadonlyMap<string, string>;

const NAMESPACED = [
  ...['configmaps', 'secrets', 'services', 'serviceaccounts', 'persistentvolumeclaims'].map(
    (one) => `/api/v1/*/${one}`,
  ),
  ...['deployments', 'replicasets', 'controllerrevisions'].map((one) => `/apis/apps/v1/*/${one}`),
  ...['jobs', 'cronjobs'].map((one) => `/apis/batch/v1/*/${one}`),
  ...['roles', 'rolebindings'].map((one) => `/apis/rbac.authorization.k8s.io/v1/*/${one}`),
  '/apis/networking.k8s.io/v1/*/networkpolicies',
  '/apis/GROUP/v1/*/widgets',
  '/apis/GROUP/v1/*/storeclaims',
];
const LIVING_MANAGERS = ['kube-controller-manager', 'kube-apiserver'];
const CLUSTER_WIDE = [
  '/api/v1/namespaces',
  '/api/v1/persistentvolumes',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/GROUP/v1/xstores',
  '/apis/GROUP/v1/stores',
];

/**
 * Everything that bears the name of a run, Pods and slices aside, which controllers make anew at will. `since` is when the bench
 * began: later times are of this run and say nothing.
 */
export async function stateOf(plane: Endpoint, run: string, since: string): Promise<State> {
  const group = (path: string): string => path.replace('GROUP', `${run}.bench.example`);
  const objects: KubeObject[] = [];
  for (const namespace of [`${run}-app`, `${run}-sys`])
    for (const path of NAMESPACED)
      objects.push(...(await list(plane, group(path).replace('*', `namespaces/${namespace}`))));
  for (const path of CLUSTER_WIDE)
    for (const object of await list(plane, group(path))) if (object.metadata.name?.includes(run)) objects.push(object);
  const texts = objects.map((object) => canonicalText(kept(object) as never));
  let all = texts.join('\n');
  for (const { kind, metadata } of objects)
    if (metadata.uid !== undefined)
      all = all.replaceAll(
        metadata.uid,
        `UID of ${kind} ${metadata.name?.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID') ?? ''}`,
      );
  all = all
    .replaceAll(run, 'RUN')
    .replaceAll(/"10\.0\.\d+\.\d+"/g, '"ADDRESS"')
    .replaceAll(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z"/g, (text, time: string) =>
      time >= since ? '"NOW"' : text,
    );
  const lines = all
    .split('\n')
    .filter((line) => line !== '')
    .sort();
  return new Map(lines.map((line) => [nameOf(line), line]));
}

/** How a state differs from the one that it should be: one sentence an object. */
export function differences(wanted: State, found: State): string[] {
  const said: string[] = [];
  for (const [name, text] of wanted) {
    const other = found.get(name);
    if (other === undefined) said.push(`missing: ${name}`);
    else if (other !== text) said.push(`differs: ${name} ${around(text, other)}`);
  }
  for (const name of found.keys()) if (!wanted.has(name)) said.push(`surplus: ${name}`);
  return said;
}

/** What nobody captured and the target mints by itself, in each of two Namespaces, and copies under the new UID (lab 6). */
const MINTED = ['app', 'sys']
  .flatMap((name) => [`ConfigMap RUN-${name}/kube-root-ca.crt`, `ServiceAccount RUN-${name}/default`])
  .concat(['', '-db0'].map((end) => `Secret RUN-sys/UID of XStore RUN-x${end}`));

/** A state held against the world itself, by names: what is there and was not captured, what was captured and is not there. */
export function strayNames(state: State, captured: Iterable<KubeObject>, run: string): string[] {
  const wanted = new Set(MINTED);
  for (const { kind, metadata } of captured)
    wanted.add(nameFor(kind, metadata.namespace, metadata.name).replaceAll(run, 'RUN'));
  const surplus = [...state.keys()].filter((name) => !wanted.has(name)).map((name) => `surplus: ${name}`);
  return surplus.concat([...wanted].filter((name) => !state.has(name)).map((name) => `missing: ${name}`));
}

async function list(plane: Endpoint, path: string): Promise<KubeObject[]> {
  const { status, body } = await ask(plane, 'GET', path);
  if (status === 404) return [];
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${body.slice(0, 200)}`);
  const { kind, apiVersion, items } = JSON.parse(body) as { kind: string; apiVersion: string; items: KubeObject[] };
  // Items of built-in lists do not carry their type.
  return items.map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }));
}

/** Without what a server gives each object anew. */
function kept({ metadata, ...rest }: KubeObject): unknown {
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    generation: _generation,
    managedFields,
    ...others
  } = metadata;
  // Who works on the target writes when it gets to it, and its entries tell of that order.
  const fields = (managedFields ?? [])
    .filter(({ manager }) => !LIVING_MANAGERS.includes(manager ?? ''))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  for (const [at, entry] of fields.entries()) if (isRacing(entry)) fields[at] = { ...entry, fieldsV1: {} };
  const claim = (rest.spec as { claimRef?: { resourceVersion?: string } } | undefined)?.claimRef;
  const spec =
    claim === undefined ? rest.spec : { ...(rest.spec as object), claimRef: { ...claim, resourceVersion: '' } };
  return {
    ...withoutHistory(rest),
    ...(spec === undefined ? {} : { spec }),
    metadata: { ...others, managedFields: fields },
  };
}

/** How a rollout went is told in its conditions, and they differ with the moment at which its controller looked. */
function withoutHistory(object: Omit<KubeObject, 'metadata'>): object {
  if (object.kind !== 'Deployment') return object;
  const { conditions: _, ...status } = (object.status ?? {}) as Record<string, unknown>;
  return { ...object, status };
}

/** Which leaves are ours depends on whether a controller wrote the same ones first; that we wrote, and how, does not. */
function isRacing({ manager }: ManagedFieldsEntry): boolean {
  return manager === 'seaworthy';
}

/** Times are left out: they would order entries of one moment by chance. */
function orderOf({ time: _, ...entry }: ManagedFieldsEntry): string {
  return canonicalText(entry as never);
}

function nameOf(line: string): string {
  const { kind, metadata } = JSON.parse(line) as KubeObject;
  return nameFor(kind, metadata.namespace, metadata.name);
}

function nameFor(kind: string, namespace: string | undefined, name = ''): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function around(wanted: string, found: string): string {
  let at = 0;
  while (wanted[at] === found[at]) at++;
  const cut = (text: string): string => text.slice(Math.max(0, at - 60), at + 120);
  return `wanted ...${cut(wanted)}... found ...${cut(found)}...`;
}
