import type { System } from '../../knowledge/language.ts';
import { SYSTEMS } from '../../knowledge/systems.ts';
import type { KubeObject } from '../../objects/json.ts';
import { keyTextOf, type ResourceName } from '../../objects/key.ts';
import { expand } from '../../objects/pattern.ts';
import { getAt } from '../../objects/pointer.ts';
import type { Outside, OutsideThing, SeenChange, Stage } from '../../rehearsal/stage.ts';
import { Cloud } from '../../sandbox/cloud/cloud.ts';
import type { ControllerMaker } from '../../sandbox/controllers/controller.ts';
import { OPERATOR_MODELS } from '../../sandbox/controllers/operator-models.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { StoreChange } from '../../sandbox/storage/store.ts';
import { HostedOperators } from './hosted-operators.ts';
import { StorageDrivers } from './storage-drivers.ts';
import { UnaskedWebhooks } from './unasked-webhooks.ts';
import { VirtualTime } from './virtual-time.ts';
import { WatchedCluster } from './watched-cluster.ts';

export interface StageOptions {
  /** Its name in the report. */
  readonly name: string;
  /** What the target holds, definitions first; absent: what a fresh cluster does. */
  readonly objects?: readonly KubeObject[];
  /** UID of kube-system that it is to have. */
  readonly fingerprint?: string;
  /** Of the addresses of Services, where it begins empty. */
  readonly serviceRanges?: readonly string[];
  /** Whether Pods become ready, and with them operators run; default true. */
  readonly nodes?: boolean;
  /** Default: what kube-controller-manager runs. */
  readonly controllers?: readonly ControllerMaker[];
  readonly systems?: readonly System[];
  readonly seed?: number;
  /** Milliseconds since the epoch at which it begins. */
  readonly now: number;
}
export interface SandboxStage extends Stage {
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/** History of the store beyond this is forgotten: nobody watches from far behind. */
const HISTORY_MS = 10_000;

/** A sandbox set as the target is, with its operators where their workloads run, and with the time in the hands of who waits. */
export async function sandboxStage(options: StageOptions): Promise<SandboxStage> {
  const { objects, fingerprint, nodes = true, systems = SYSTEMS, name } = options;
  const webhooks = new UnaskedWebhooks();
  const unserved = new Map<string, number>();
  const sandbox = await startSandbox({
    clock: { start: options.now },
    nodes,
    events: false,
    webhooks: webhooks.call,
    onUnserved: ({ apiVersion, kind }) =>
      void unserved.set(`${kind}.${apiVersion}`, (unserved.get(`${kind}.${apiVersion}`) ?? 0) + 1),
    ...(objects === undefined ? {} : { objects }),
    ...(options.serviceRanges === undefined || objects !== undefined ? {} : { serviceRanges: options.serviceRanges }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(options.controllers === undefined ? {} : { controllers: options.controllers }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  webhooks.serve(sandbox);
  sandbox.knobs.historyMillis = HISTORY_MS;
  const cloud = new Cloud(options.seed ?? 1);
  const operators = new HostedOperators(sandbox, cloud, systems);
  const drivers = nodes ? new StorageDrivers(sandbox) : undefined;
  const stopNoting = sandbox.tap(({ kind, now }) => {
    operators.note(now.resource, now.object, kind !== 'deleted');
    drivers?.note(now.resource, now.object);
  });
  const time = new VirtualTime(sandbox);
  const cluster = new WatchedCluster(sandbox.cluster({ name }), time, name);
  const categories = (resource: ResourceName): readonly string[] => {
    const definition = sandbox.api.get(DEFINITIONS, undefined, resource);
    return expand(definition, '/spec/names/categories/*').map((path) => String(getAt(definition, path)));
  };
  const putOutside: Stage['standsOutside'] = async (system, object, secretOf) => {
    await OPERATOR_MODELS.find((model) => model.system === system)?.standsOutside(cloud, object, secretOf);
  };
  if (objects !== undefined) await livingOutside(sandbox, putOutside, categories);
  return {
    sandbox,
    cluster,
    time,
    began: objects === undefined ? 'empty' : 'like the target',
    nodes,
    onChange: (listener) => sandbox.tap((change, by) => listener(seenOf(change, by))),
    lives: (uid) => sandbox.api.byUid(uid) !== undefined,
    during: (work) => time.during(work),
    acting: (system, resource) => {
      const acts = operators.acts(system, resource, categories(resource));
      return acts === undefined ? 'none' : acts ? 'acts' : 'idle';
    },
    unknown: (system, object) => OPERATOR_MODELS.find((model) => model.system === system)?.unknown(object),
    standsOutside: putOutside,
    outside: () => outsideOf(cloud, sandbox.clock.now()),
    webhooksNotAsked: () => [...webhooks.names].sort(),
    leftOut: () => unserved,
    writes: () => cluster.writes,
    waited: () => time.waited,
    async close() {
      await time.stop();
      stopNoting();
      await sandbox.close();
    },
  };
}

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io' as ResourceName;

function seenOf(change: StoreChange, by: string | undefined): SeenChange {
  const { kind, now } = change;
  const { namespace, name = '' } = now.object.metadata;
  return {
    kind,
    key: keyTextOf(now.resource, namespace, name),
    object: now.object,
    ...('before' in change ? { before: change.before.object } : {}),
    ...(by === undefined ? {} : { by }),
  };
}

/** What living objects of the target name outside exists too. */
async function livingOutside(
  sandbox: Sandbox,
  put: Stage['standsOutside'],
  categories: (resource: ResourceName) => readonly string[],
): Promise<void> {
  const custom = [...sandbox.api.list(DEFINITIONS)].flatMap(({ metadata }) => metadata.name as ResourceName);
  const secretOf = async (namespace: string, name: string): Promise<KubeObject | undefined> =>
    sandbox.api.get('secrets' as ResourceName, namespace, name);
  for (const resource of custom) {
    if (!categories(resource).includes('managed')) continue;
    for (const object of sandbox.api.list(resource))
      for (const { system } of OPERATOR_MODELS) await put(system, object, secretOf);
  }
}

function outsideOf(cloud: Cloud, now: number): Outside {
  const short = ({ kind, id }: OutsideThing): OutsideThing => ({ kind, id });
  const created = cloud.log.filter(({ verb }) => verb === 'Create').map(short);
  const fresh = new Set(created.map(({ kind, id }) => `${kind}/${id}`));
  return {
    created,
    deleted: cloud.log.filter(({ verb }) => verb === 'Delete').map(short),
    twice: cloud
      .duplicates(now)
      .filter((group) => group.some(({ kind, id }) => fresh.has(`${kind}/${id}`)))
      .map((group) => group.map(short)),
  };
}
