import type { KubeObject } from '../../src/objects/json.ts';
import { BUILT_IN_CONTROLLERS } from '../../src/sandbox/controllers/built-in.ts';
import { cnpg } from '../../src/sandbox/controllers/cnpg/cnpg.ts';
import { databaseOutside } from '../../src/sandbox/controllers/cnpg/outside.ts';
import type { ReconcileOptions } from '../../src/sandbox/controllers/cnpg/reconcile.ts';
import type { ControllerMaker } from '../../src/sandbox/controllers/controller.ts';
import type { CnpgRow } from './cnpg-rows.ts';
import type { Outcome } from './row.ts';
import { Scene } from './scene.ts';

/** Plays one row on a fresh cluster with a controller manager and without kubelets. */
export async function playCnpg(
  objects: readonly KubeObject[],
  { steps, recorded }: CnpgRow,
  options: ReconcileOptions & { readonly without?: readonly ControllerMaker[] } = {},
): Promise<Outcome> {
  const scene = await Scene.open(BUILT_IN_CONTROLLERS.filter((one) => options.without?.includes(one) !== true));
  const maker = cnpg(databaseOutside(), options);
  const mine = objects.filter(
    (one) =>
      one.metadata.namespace === 'a-team' &&
      (one.kind === 'Cluster' ||
        one.metadata.name === 'cnpg-default-monitoring' ||
        one.metadata.ownerReferences?.some((owner) => owner.kind === 'Cluster') === true),
  );
  const wanted = (kinds: readonly string[]): KubeObject[] =>
    kinds.flatMap((kind) => mine.filter((one) => kind === one.kind || kind === `${one.kind} ${one.metadata.name}`));
  try {
    await scene.post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a-team' } });
    const definitions = objects.filter(
      (one) => one.kind === 'CustomResourceDefinition' && one.metadata.name?.endsWith('.postgresql.cnpg.io'),
    );
    await scene.restore(definitions, { owners: 'stripped', actBetween: false });
    await scene.settle();
    scene.nothingRefused();
    const done = new Set<string>();
    for (const step of steps) {
      if (step.do === 'run operator') await scene.start(maker);
      else if (step.do === 'wait') await scene.wait(step.seconds);
      else if (step.do === 'webhooks') {
        const configurations = objects.filter(
          (one) => one.metadata.name?.startsWith('cnpg-') && one.kind.endsWith('WebhookConfiguration'),
        );
        await scene.restore(configurations, { owners: 'stripped' });
      } else if (step.do === 'new Cluster') {
        const { metadata, spec } = JSON.parse(
          wanted(['Cluster'])[0]?.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'] ?? '{}',
        ) as { metadata: object; spec: object };
        await scene.post({ apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', metadata, spec });
      } else {
        const chosen = wanted(step.kinds).filter((one) => !done.has(one.metadata.uid ?? ''));
        for (const one of chosen) done.add(one.metadata.uid ?? '');
        await scene.restore(chosen, { owners: step.owners, actBetween: step.atOnce !== true });
        if (step.atOnce === true) await scene.settle();
      }
    }
    return looked(scene, recorded, mine);
  } finally {
    await scene.close();
  }
}

const OWNED = [
  'persistentvolumeclaims',
  'services',
  'secrets',
  'serviceaccounts',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'jobs.batch',
  'poddisruptionbudgets.policy',
  'leases.coordination.k8s.io',
  'configmaps',
];

function looked(scene: Scene, recorded: Outcome, captured: readonly KubeObject[]): Outcome {
  const namespace = 'a-team';
  const cluster = scene.get('clusters.postgresql.cnpg.io', namespace, 'silly-demo');
  const status = (cluster?.status ?? {}) as {
    phase?: string;
    conditions?: readonly { type: string; status: string }[];
  };
  const claim = scene.get('persistentvolumeclaims', namespace, 'silly-demo-1');
  const services = scene.list('services', namespace);
  const before = (name: string): KubeObject | undefined =>
    [...scene.restored.values()].find((one) => one.kind === 'Service' && one.metadata.name === name);
  const owned = (one: KubeObject): boolean =>
    one.metadata.ownerReferences?.some((owner) => owner.uid === cluster?.metadata.uid && owner.controller === true) ===
    true;
  const keyOf = (one: KubeObject): string => `${one.kind} ${one.metadata.name}`;
  const all = OWNED.flatMap((plural) => scene.list(plural, namespace));
  const times = (part: string): number => scene.log.filter((line) => line.includes(part)).length;
  const data = (one: KubeObject | undefined): string =>
    JSON.stringify((one as { data?: object } | undefined)?.data ?? {});
  const secrets = captured.filter((one) => one.kind === 'Secret' && one.metadata.name !== 'silly-demo-app');
  const minted = ['kube-root-ca.crt', 'default'];
  const outcome: Record<string, Outcome[string]> = {
    phase: status.phase ?? '',
    Initialized: status.conditions?.find(({ type }) => type === 'Initialized')?.status ?? '-',
    'refusals grow': times('refusing to reconcile service') > 3,
    'waits grow': times('Selected PVC is not ready yet') > 10,
    Jobs: scene.list('jobs.batch', namespace).map((one) => one.metadata.name ?? ''),
    Pods: scene.list('pods', namespace).map((one) => one.metadata.name ?? ''),
    'Services kept': services
      .filter((one) => before(one.metadata.name ?? '')?.metadata.uid === one.metadata.uid)
      .map((one) => one.metadata.name ?? ''),
    'Services made again, owned': services
      .filter((one) => before(one.metadata.name ?? '')?.metadata.uid !== one.metadata.uid && owned(one))
      .map((one) => one.metadata.name ?? ''),
    'resourceVersions of Services': services.every(
      (one) => before(one.metadata.name ?? '')?.metadata.resourceVersion === one.metadata.resourceVersion,
    )
      ? 'untouched'
      : 'changed',
    'PVC status': claim?.metadata.annotations?.['cnpg.io/pvcStatus'] ?? 'none',
    'PVC owners': (claim?.metadata.ownerReferences ?? []).map(
      ({ kind, name, controller }) => `${kind} ${name}, controller: ${controller === true}`,
    ),
    'owned by the Cluster, controller: true': all.filter(owned).map(keyOf),
    'not owned': all
      .filter((one) => (one.metadata.ownerReferences ?? []).length === 0 && !minted.includes(one.metadata.name ?? ''))
      .map(keyOf),
    'refused writes': scene.refused.map(({ object, status: code }) => `${object} ${code}`),
    'refused with failed calling webhook': scene.refused.every(({ message }) =>
      message.includes('failed calling webhook'),
    ),
    'contents of the certificates': secrets.every((one) => data(one) !== data(scene.now(one))) ? 'new' : 'as captured',
  };
  for (const name of Object.keys(recorded))
    if (name.startsWith('log: ')) outcome[name] = scene.log.some((line) => line.includes(name.slice('log: '.length)));
  return outcome;
}
