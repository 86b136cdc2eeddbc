import type { KubeObject } from '../../src/objects/json.ts';
import type { CrossplaneRow } from './crossplane-rows.ts';
import { type CrossplaneWorld, gitClaim } from './crossplane-world.ts';
import { atLeast, type Outcome } from './row.ts';

/** Plays the steps and looks at everything that any row records. */
export async function playCrossplane(world: CrossplaneWorld, { steps, recorded }: CrossplaneRow): Promise<Outcome> {
  const { scene } = world;
  const noted: Record<string, Outcome[string]> = {};
  world.count();
  let secretRevisions = new Map<string, string>();
  let waited = 0;
  for (const step of steps) {
    if (step.do === 'run') {
      if (step.who === 'crossplane') noted['namespace before Crossplane'] = world.namespace();
      if (world.managed().length > 0 && step.who === 'everything') {
        world.count();
        secretRevisions = revisions(world);
      }
      const who =
        step.who === 'crossplane'
          ? [world.core]
          : step.who === 'providers'
            ? world.providers
            : [...world.providers, world.core];
      // Of several that act at once the collector comes last, so that the others see what it is about to take.
      const last = step.who === 'everything' && world.collector !== undefined ? [world.collector] : [];
      scene.stop(...last);
      await scene.start(...who, ...last);
    } else if (step.do === 'restore')
      await scene.restore(world.captured(...step.kinds), {
        owners: step.owners,
        edit: (object) => {
          step.edit?.(object);
          world.damage(object);
        },
        actBetween: step.atOnce !== true,
      });
    else if (step.do === 'claim from Git') await scene.post(gitClaim());
    else if (step.do === 'hold Namespace') await world.holdNamespace(step.held);
    else {
      await scene.wait(step.seconds);
      waited += step.seconds;
      if (waited === 30)
        noted['generation of the XR after 30 s'] = atLeast(100, world.composite()?.metadata.generation ?? 0);
    }
  }
  return { ...looked(world, secretRevisions, recorded), ...noted };
}

const CAPTURED_NAMES = ['my-db-dd57h-kgk8g', 'my-db-dd57h-b6f25', 'my-db-dd57h-n66vf'];
const revisions = (world: CrossplaneWorld): Map<string, string> =>
  new Map(
    world
      .captured('Secret')
      .map((one) => [one.metadata.name ?? '', world.scene.now(one)?.metadata.resourceVersion ?? '']),
  );
const password = (object: KubeObject): boolean =>
  (object as { data?: Record<string, string> }).data?.password !== undefined;

function looked(world: CrossplaneWorld, secrets: ReadonlyMap<string, string>, recorded: Outcome): Outcome {
  const { scene } = world;
  const xr = world.composite();
  const managed = world.managed();
  const ownedBy = (uid: string | undefined): KubeObject[] =>
    managed.filter((one) =>
      one.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.controller === true),
    );
  const generation = (kind: string, template?: string): number =>
    scene.now(world.one(kind, template))?.metadata.generation ?? 0;
  const external = (kind: string, template: string): string =>
    scene.now(world.one(kind, template))?.metadata.annotations?.['crossplane.io/external-name'] ?? '';
  const connection = scene.list('secrets').filter((one) => one.type === 'connection.crossplane.io/v1alpha1');
  const ofXr = scene.get('secrets', 'crossplane-system', 'a94f6701-f72b-491f-9107-bdde7b06d9f0');
  const fresh = scene.get('secrets', 'crossplane-system', `${xr?.metadata.uid}-db`) as { data?: object } | undefined;
  const refs = ((xr?.spec ?? {}) as { resourceRefs?: { name: string }[] }).resourceRefs ?? [];
  const databases = world.cloud.things(scene.sandbox.clock.now()).filter(({ kind }) => kind === 'db');
  const kept = [...scene.restored].every(([, object]) => {
    const now = scene.now(object);
    return now === undefined ? object.kind === 'Secret' : now.metadata.uid === object.metadata.uid;
  });
  const outcome: Record<string, Outcome[string]> = {
    creates: world.creates,
    deletes: world.deletes,
    made: world.made,
    claim: world.conditions(world.claim()),
    'refused writes': scene.refused.map(({ object, status }) => `${object} ${status}`),
    composites: world.composites().map((one) => one.metadata.name ?? ''),
    'composites with a new suffix': world.composites().filter((one) => one.metadata.name !== 'my-db-dd57h').length,
    'managed resources': managed.length,
    'managed resources owned by the XR': ownedBy(xr?.metadata.uid).length,
    'ownerless managed resources': managed
      .filter((one) => (one.metadata.ownerReferences ?? []).length === 0)
      .map((one) => world.conditions(one)),
    'managed resources being deleted': managed.filter((one) => one.metadata.deletionTimestamp !== undefined).length,
    'references of the XR to captured names': refs.filter(({ name }) => CAPTURED_NAMES.includes(name)).length,
    "owner of the XR's Secret": (ofXr?.metadata.ownerReferences ?? [])
      .map(({ kind, name }) => `${kind} ${name}`)
      .join(),
    'connection Secrets': connection.length,
    'Secrets with a password': connection.filter(password).length,
    'keys of Secret <uid>-db': Object.keys(fresh?.data ?? {}),
    'restored Secrets': [...secrets].every(([name, revision]) =>
      scene.list('secrets').some((one) => one.metadata.name === name && one.metadata.resourceVersion === revision),
    )
      ? 'untouched'
      : 'written',
    'UIDs of what was restored': kept ? 'kept' : 'changed',
    'generation of claim': generation('SQLClaim'),
    'generation of XR': generation('XSQL'),
    'generation of bucket': generation('NopResource', 'bucket'),
    'generation of Object': generation('Object'),
    'generation of db': generation('NopResource', 'db'),
    'endpoint of the claim': world.detail('endpoint'),
    'password of the claim': world.detail('password'),
    'external-name of bucket': external('NopResource', 'bucket'),
    'external-name of Object': external('Object', 'ns'),
    'databases of the claim': databases.length,
    'databases made': world.cloud.log.filter(({ verb, kind }) => verb === 'Create' && kind === 'db').length,
    warnings: [...scene.messages].filter((message) => message.startsWith('cannot')),
    namespace: world.namespace(),
    'the captured Namespace': world.namespace() === 'kept' ? 'kept' : 'gone',
  };
  for (const name of Object.keys(recorded))
    if (name.startsWith('said: ')) outcome[name] = scene.said(name.slice('said: '.length));
  return outcome;
}
