import { isJsonObject, type JsonObject, type KubeObject } from '../../objects/json.ts';
import type { ResourceName } from '../../objects/key.ts';
import { expand } from '../../objects/pattern.ts';
import { getAt } from '../../objects/pointer.ts';
import { Cloud } from '../cloud/cloud.ts';
import { cnpg } from './cnpg/cnpg.ts';
import { databaseOutside } from './cnpg/outside.ts';
import type { ControllerMaker } from './controller.ts';
import { cloudThings } from './crossplane/cloud-things.ts';
import { secretPlace } from './crossplane/connection.ts';
import { cloudProvider, crossplane, kubernetesProvider } from './crossplane/crossplane.ts';
import { MARKS } from './crossplane/marks.ts';

/** A resource and the categories that its definition gives it. */
export interface CustomResource {
  readonly resource: ResourceName;
  readonly categories: readonly string[];
}
/** One process of an operator: it acts while the workload that runs it does. */
export interface OperatorPart {
  readonly name: string;
  /** Among the workloads that run the system: whether this one runs this part. */
  runsIn(workload: KubeObject): boolean;
  /** Whether this part acts on objects of the resource. */
  actsOn(kind: CustomResource): boolean;
  make(cloud: Cloud, workload: KubeObject): ControllerMaker;
}
export type SecretLookup = (namespace: string, name: string) => Promise<KubeObject | undefined>;

export interface OperatorModel {
  /** The id of the system in `knowledge`. */
  readonly system: string;
  readonly parts: readonly OperatorPart[];
  /** Why the outcome of the object depends on something outside that is not known here; undefined: it does not. */
  unknown(object: KubeObject): string | undefined;
  /** Puts into the cloud what the object says that stands there, with what the Secrets of the same time say of it. */
  standsOutside(cloud: Cloud, object: KubeObject, secretOf: SecretLookup): Promise<void>;
}

const OBJECTS = 'objects.kubernetes.crossplane.io';
const isManaged = ({ categories }: CustomResource): boolean => categories.includes('managed');
const revisionOf = ({ metadata }: KubeObject): string | undefined => metadata.labels?.['pkg.crossplane.io/revision'];
const isKubernetesProvider = (workload: KubeObject): boolean =>
  `${revisionOf(workload)} ${imagesOf(workload)}`.includes('provider-kubernetes');

/** Operators that have a model here, by the system that they belong to. */
export const OPERATOR_MODELS: readonly OperatorModel[] = [
  {
    system: 'cnpg',
    parts: [{ name: 'cloudnative-pg', runsIn: () => true, actsOn: () => true, make: () => cnpg(databaseOutside()) }],
    unknown: objectStoreOf,
    standsOutside: () => Promise.resolve(),
  },
  {
    system: 'crossplane',
    parts: [
      {
        name: 'crossplane',
        runsIn: ({ metadata }) => metadata.labels?.app === 'crossplane',
        actsOn: (kind) => !isManaged(kind),
        make: (_, workload) => crossplane({ version: /:v?2\./.test(imagesOf(workload)) ? '2.3.4' : '1.20.11' }),
      },
      {
        name: 'provider-cloud',
        runsIn: (workload) => revisionOf(workload) !== undefined && !isKubernetesProvider(workload),
        actsOn: (kind) => isManaged(kind) && kind.resource !== OBJECTS,
        make: (cloud) => cloudProvider(cloud),
      },
      {
        name: 'provider-kubernetes',
        runsIn: isKubernetesProvider,
        actsOn: ({ resource }) => resource === OBJECTS,
        make: () => kubernetesProvider(),
      },
    ],
    unknown: () => undefined,
    standsOutside: putThing,
  },
];

const imagesOf = (workload: KubeObject): string =>
  expand(workload, '/spec/template/spec/containers/*/image')
    .map((path) => String(getAt(workload, path)))
    .join(' ');

/** A database that reads from an object store, or archives into one, comes out as the store lets it. */
function objectStoreOf({ metadata, spec }: KubeObject): string | undefined {
  const { backup, bootstrap, externalClusters, plugins } = (spec ?? {}) as JsonObject;
  const recovers =
    isJsonObject(bootstrap) && (isJsonObject(bootstrap.recovery) || isJsonObject(bootstrap.pg_basebackup));
  const archives = isJsonObject(backup) && isJsonObject(backup.barmanObjectStore);
  const others = [externalClusters, plugins].some((list) => Array.isArray(list) && list.length > 0);
  return recovers || archives || others
    ? `${metadata.name} depends on an object store or another server, of which nothing is known here`
    : undefined;
}

/** What its provider would find under the external-name, with what the model would have made of the object. */
async function putThing(cloud: Cloud, managed: KubeObject, secretOf: SecretLookup): Promise<void> {
  const id = managed.metadata.annotations?.[MARKS.externalName];
  if (id === undefined || id === '') return;
  const scratch = new Cloud();
  await cloudThings(scratch, () => ({ cluster: '', now: 0 })).create(managed as never);
  const place = secretPlace(managed);
  const secret = place === undefined ? undefined : await secretOf(place.namespace, place.name);
  const endpoint = textIn(secret, 'endpoint');
  const password = textIn(secret, 'password') ?? '';
  for (const thing of scratch.things(0))
    cloud.put({ ...thing, id, password, ...(endpoint === undefined ? {} : { endpoint }) });
}

function textIn(secret: KubeObject | undefined, key: string): string | undefined {
  const value = getAt(secret, `/data/${key}`);
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}
