import type { KubeObject } from '../../src/objects/json.ts';
import { controllerOf } from '../../src/objects/owners.ts';
import { Cloud } from '../../src/sandbox/cloud/cloud.ts';
import type { ControllerMaker } from '../../src/sandbox/controllers/controller.ts';
import { cloudProvider, crossplane, kubernetesProvider } from '../../src/sandbox/controllers/crossplane/crossplane.ts';
import { garbageCollector } from '../../src/sandbox/controllers/garbage-collector.ts';
import { copyOf } from '../../src/sandbox/controllers/hands.ts';
import { namespaceController } from '../../src/sandbox/controllers/namespaces.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Editable, Scene } from './scene.ts';

export interface CrossplaneOptions {
  readonly version?: '1.20.11' | '2.3.4';
  /** Left out when a test breaks the world to see rows go red. */
  readonly garbage?: boolean;
  /** What is taken from every object on its way, as a bad restore or a broken model would. */
  readonly break?: 'external-name' | 'resourceRef';
}
const CLAIM_KIND = 'SQLClaim';

/** The cluster of lab 6: what was captured of it, the cloud and the second cluster that outlived it, and a fresh control plane. */
export class CrossplaneWorld {
  readonly scene: Scene;
  readonly cloud: Cloud;
  readonly second: Sandbox;
  readonly core: ControllerMaker;
  readonly providers: readonly ControllerMaker[];
  readonly collector: ControllerMaker | undefined;
  readonly #objects: readonly KubeObject[];
  readonly #namespaceUid: string;
  readonly #broken: CrossplaneOptions['break'];
  /** Length of the cloud's log when the target began. */
  #mark = 0;
  #known = new Set<string>();
  readonly xrGenerations: number[] = [];

  private constructor(
    scene: Scene,
    cloud: Cloud,
    second: Sandbox,
    objects: readonly KubeObject[],
    options: CrossplaneOptions,
  ) {
    this.scene = scene;
    this.cloud = cloud;
    this.second = second;
    this.#objects = objects;
    this.core = crossplane({ version: options.version ?? '1.20.11' });
    this.providers = [cloudProvider(cloud), kubernetesProvider(() => second.api)];
    this.#broken = options.break;
    this.collector = options.garbage === false ? undefined : garbageCollector;
    this.#namespaceUid = second.api.get('namespaces' as never, undefined, 'ext-my-db')?.metadata.uid ?? '';
  }

  /** Definitions, XRD and Composition stand, Crossplane is stopped; cloud and second cluster hold what production had made. */
  static async open(objects: readonly KubeObject[], options: CrossplaneOptions = {}): Promise<CrossplaneWorld> {
    const scene = await Scene.open([namespaceController]);
    const second = await scene.follower();
    const cloud = new Cloud(3, { deletionTakes: { db: 10_000 } });
    const tags = (resource: string): Record<string, string> => ({ claim: 'team-a/my-db', resource });
    cloud.put({
      kind: 'db',
      id: 'db-6b0c57f803',
      settings: { idMode: 'generated', size: 'small' },
      tags: tags('db'),
      endpoint: 'db-6b0c57f803.cloud.demo.io',
      password: '301791f485',
    });
    const bucket = { kind: 'bucket', id: 'my-db-dd57h-b6f25', settings: { idMode: 'named' }, tags: tags('bucket') };
    cloud.put({ ...bucket, endpoint: '', password: '' });
    const as = {
      user: { name: 'admin', groups: ['system:masters'] },
      manager: 'provider-kubernetes/my-db-dd57h-n66vf',
    };
    const metadata = { name: 'ext-my-db', labels: { by: 'crossplane' } };
    await second.api.create({ resource: 'namespaces' as never }, { apiVersion: 'v1', kind: 'Namespace', metadata }, as);
    const inside = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'work', namespace: 'ext-my-db' } };
    await second.api.create({ resource: 'configmaps' as never, namespace: 'ext-my-db' }, inside, as);
    const world = new CrossplaneWorld(scene, cloud, second, objects, options);
    await world.#install(options);
    scene.sandbox.tap(({ kind, now }) => {
      if (kind !== 'deleted' && now.resource === 'xsqls.demo.io')
        world.xrGenerations.push(now.object.metadata.generation ?? 0);
    });
    if (world.collector !== undefined) await scene.start(world.collector);
    return world;
  }

  async #install({ version }: CrossplaneOptions): Promise<void> {
    const { scene } = this;
    for (const name of ['crossplane-system', 'team-a'])
      await scene.post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const crds = this.#objects.filter(
      (one) => one.kind === 'CustomResourceDefinition' && controllerOf(one) === undefined,
    );
    await scene.restore(crds, { owners: 'stripped', actBetween: false });
    await scene.settle();
    const piped = version === '2.3.4' ? { edit: asPipeline } : {};
    await scene.restore(this.captured('Composition'), { owners: 'stripped', ...piped });
    await scene.restore(this.captured('CompositionRevision'), { owners: 'relinked', ...piped });
    await scene.restore(this.captured('CompositeResourceDefinition'), { owners: 'stripped' });
    await scene.start(this.core);
    await scene.wait(2);
    scene.stop(this.core);
    scene.nothingRefused();
  }

  /** Captured objects of some kinds, in the order of the kinds and then of names. */
  captured(...kinds: readonly string[]): KubeObject[] {
    return kinds.flatMap((kind) =>
      this.#objects
        .filter((one) => one.kind === kind && (kind !== 'Secret' || one.type === 'connection.crossplane.io/v1alpha1'))
        .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1)),
    );
  }
  one(kind: string, template?: string): KubeObject {
    const found = this.captured(kind).find(
      (one) =>
        template === undefined || one.metadata.annotations?.['crossplane.io/composition-resource-name'] === template,
    );
    if (found === undefined) throw new Error(`nothing was captured of ${kind} ${template ?? ''}`);
    return found;
  }

  /** Breaks an object when a test asked for it. */
  damage(object: Editable): void {
    if (this.#broken === 'external-name') delete object.metadata.annotations?.['crossplane.io/external-name'];
    if (this.#broken === 'resourceRef') delete object.spec?.resourceRef;
  }

  /** From here on what the cloud is asked, and what appears, is counted. */
  count(): void {
    this.#mark = this.cloud.log.length;
    this.#known = new Set(this.everything().map(keyOf));
  }
  get creates(): number {
    return this.cloud.count('Create', this.#mark);
  }
  get deletes(): number {
    return this.cloud.count('Delete', this.#mark);
  }
  /** Names of what appeared since `count`, with the composite's new UID written `<uid>`. */
  get made(): readonly string[] {
    const uid = this.composite()?.metadata.uid ?? '-';
    return this.everything()
      .map(keyOf)
      .filter((key) => !this.#known.has(key))
      .map((key) => key.replaceAll(uid, '<uid>'))
      .sort();
  }
  everything(): KubeObject[] {
    const plurals = [
      'secrets',
      'xsqls.demo.io',
      'sqlclaims.demo.io',
      'nopresources.nop.crossplane.io',
      'objects.kubernetes.crossplane.io',
    ];
    return plurals.flatMap((plural) => this.scene.list(plural));
  }

  managed(): KubeObject[] {
    return [
      ...this.scene.list('nopresources.nop.crossplane.io'),
      ...this.scene.list('objects.kubernetes.crossplane.io'),
    ];
  }
  composites(): KubeObject[] {
    return this.scene.list('xsqls.demo.io');
  }
  composite(): KubeObject | undefined {
    return this.scene.get('xsqls.demo.io', undefined, 'my-db-dd57h') ?? this.composites()[0];
  }
  claim(): KubeObject | undefined {
    return this.scene.get('sqlclaims.demo.io', 'team-a', 'my-db');
  }

  /** `True/True` of Synced and Ready with their reasons. */
  conditions(object: KubeObject | undefined): string {
    const { conditions = [] } = (object?.status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
    const of = (type: string): string => conditions.find((one) => one.type === type)?.status ?? '-';
    return `Synced=${of('Synced')} Ready=${of('Ready')}`;
  }
  reason(object: KubeObject | undefined, type: string): string {
    const { conditions = [] } = (object?.status ?? {}) as { conditions?: readonly { type: string; reason: string }[] };
    return conditions.find((one) => one.type === type)?.reason ?? '-';
  }

  /** Whether the claim's Secret holds what it held, something else, or nothing. */
  detail(key: 'endpoint' | 'password'): string {
    const secret = this.scene.get('secrets', 'team-a', 'my-db-conn') as { data?: Record<string, string> } | undefined;
    const before = this.captured('Secret').find((one) => one.metadata.name === 'my-db-conn') as
      | { data?: Record<string, string> }
      | undefined;
    const value = secret?.data?.[key];
    return value === undefined ? 'none' : value === before?.data?.[key] ? 'old' : 'new';
  }

  async holdNamespace(held: boolean): Promise<void> {
    const at = { resource: 'configmaps' as never, namespace: 'ext-my-db', name: 'work' };
    const body = { metadata: { finalizers: held ? ['example.com/slow'] : null } };
    const as = { user: { name: 'admin', groups: ['system:masters'] }, manager: 'people' };
    await this.second.api.patch(at, { kind: 'merge', body }, as);
  }

  /** What became of the Namespace in the second cluster. */
  namespace(): string {
    const now = this.second.api.get('namespaces' as never, undefined, 'ext-my-db');
    if (now === undefined) return 'gone';
    if (now.metadata.deletionTimestamp !== undefined) return 'going';
    const inside = this.second.api.get('configmaps' as never, 'ext-my-db', 'work') !== undefined;
    return now.metadata.uid === this.#namespaceUid ? (inside ? 'kept' : 'emptied') : 'made again, empty';
  }

  async close(): Promise<void> {
    await this.scene.close();
  }
}

const keyOf = (object: KubeObject): string => `${object.kind} ${object.metadata.name}`;
export const gitClaim = (): object => ({
  apiVersion: 'demo.io/v1alpha1',
  kind: CLAIM_KIND,
  metadata: { name: 'my-db', namespace: 'team-a' },
  spec: { size: 'small', writeConnectionSecretToRef: { name: 'my-db-conn' } },
});

/** 2.x has no `resources`: the same templates as the input of function-patch-and-transform. */
function asPipeline(composition: Editable): void {
  const spec = composition.spec ?? {};
  const { resources, ...rest } = copyOf(spec);
  composition.spec = {
    ...rest,
    mode: 'Pipeline',
    pipeline: [
      {
        step: 'patch-and-transform',
        functionRef: { name: 'function-patch-and-transform' },
        input: { apiVersion: 'pt.fn.crossplane.io/v1beta1', kind: 'Resources', resources },
      },
    ],
  };
  delete composition.spec.publishConnectionDetailsWithStoreConfigRef;
}
