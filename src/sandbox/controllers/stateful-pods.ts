import type { KubeObject, OwnerReference } from '../../objects/json.ts';
import type { ControllerContext } from './controller.ts';
import type { EventRecorder } from './events.ts';
import { type Hands, refusedAs, resource, WriteRefused } from './hands.ts';
import { podFromTemplate } from './pod-facts.ts';
import { templateOf } from './revisions.ts';
import type { ControllerRevision, Pod, PodVolume, StatefulSet } from './shapes.ts';

const CLAIMS = resource('persistentvolumeclaims');
const PODS = resource('pods');
const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';
export const REVISION_LABEL = 'controller-revision-hash';

export const revisionLabelOf = ({ metadata }: Pod): string => metadata.labels?.[REVISION_LABEL] ?? '';

/** The ordinal in the name of a Pod of the set; -1 when it is none of its. */
export function ordinalOf(pod: Pod, set: StatefulSet): number {
  const match = /^(.*)-(\d+)$/.exec(pod.metadata.name ?? '');
  return match?.[1] === set.metadata.name ? Number(match?.[2]) : -1;
}

const claimName = (template: KubeObject, set: StatefulSet, ordinal: number): string =>
  `${template.metadata.name}-${set.metadata.name}-${ordinal}`;

/** The Pod of one ordinal by the template of a revision. */
export function statefulPod(set: StatefulSet, ordinal: number, revision: ControllerRevision): KubeObject {
  const template = templateOf(revision) ?? set.spec.template;
  const made = podFromTemplate(template, set) as Pod;
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = {
    ...made.metadata.labels,
    [POD_NAME]: name,
    [POD_INDEX]: String(ordinal),
    [REVISION_LABEL]: revision.metadata.name ?? '',
  };
  const { serviceName = '' } = set.spec;
  return {
    ...made,
    metadata: { ...made.metadata, name, labels },
    spec: {
      ...made.spec,
      hostname: name,
      ...(serviceName === '' ? {} : { subdomain: serviceName }),
      ...volumesOf(set, ordinal, made.spec.volumes ?? []),
    },
  };
}

function volumesOf(set: StatefulSet, ordinal: number, own: readonly PodVolume[]): { volumes?: readonly PodVolume[] } {
  const templates = set.spec.volumeClaimTemplates ?? [];
  const claimed = templates.map((template) => ({
    name: template.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(template, set, ordinal) },
  }));
  const rest = own.filter(({ name }) => !claimed.some((volume) => volume.name === name));
  return claimed.length + rest.length === 0 ? {} : { volumes: [...claimed, ...rest] };
}

/** What the controller of StatefulSets writes with, and tells it with. */
export interface StatefulTools {
  readonly context: ControllerContext;
  readonly hands: Hands;
  readonly events: EventRecorder;
}

/** Creates the Pod and, before it, the claims that it lacks. */
export async function createStatefulPod(
  tools: StatefulTools,
  set: StatefulSet,
  ordinal: number,
  revision: ControllerRevision,
): Promise<void> {
  await toldOfPod(tools, set, 'create', `${set.metadata.name}-${ordinal}`, async () => {
    await createClaims(tools, set, ordinal);
    await tools.hands.create(PODS, set.metadata.namespace, statefulPod(set, ordinal, revision));
  });
}

export async function removeStatefulPod(tools: StatefulTools, set: StatefulSet, pod: Pod): Promise<void> {
  await toldOfPod(
    tools,
    set,
    'delete',
    pod.metadata.name ?? '',
    async () => void (await tools.hands.remove(PODS, pod)),
  );
}

async function toldOfPod(
  { events }: StatefulTools,
  set: StatefulSet,
  verb: 'create' | 'delete',
  pod: string,
  work: () => Promise<void>,
): Promise<void> {
  const what = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`;
  const title = verb === 'create' ? 'Create' : 'Delete';
  try {
    await work();
  } catch (error) {
    if (error instanceof WriteRefused && !refusedAs(error, 'AlreadyExists'))
      await events.warning(set, `Failed${title}`, `${what} failed error: ${error.message}`);
    throw error;
  }
  await events.normal(set, `Successful${title}`, `${what} successful`);
}

export async function createClaims(
  { context, hands, events }: StatefulTools,
  set: StatefulSet,
  ordinal: number,
): Promise<void> {
  const { namespace } = set.metadata;
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(template, set, ordinal);
    if (context.api.get(CLAIMS, namespace, name) !== undefined) continue;
    const { labels, annotations } = template.metadata;
    const owners = claimOwners(set, ordinal, undefined);
    const body = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        labels: { ...labels, ...set.spec.selector?.matchLabels },
        ...(annotations === undefined ? {} : { annotations }),
        ...(owners.length === 0 ? {} : { ownerReferences: owners }),
      },
      spec: template.spec,
    };
    const [pod, of] = [`Pod ${set.metadata.name}-${ordinal}`, `in StatefulSet ${set.metadata.name}`];
    try {
      await hands.create(CLAIMS, namespace, body);
      await events.normal(set, 'SuccessfulCreate', `create Claim ${name} ${pod} ${of} success`);
    } catch (error) {
      if (refusedAs(error, 'AlreadyExists')) continue;
      if (error instanceof WriteRefused) {
        const failed = `create Claim ${name} for ${pod} ${of} failed error: ${error.message}`;
        await events.warning(set, 'FailedCreate', failed);
      }
      throw error;
    }
  }
}

/** Who owns a claim by the retention policy: the set (deleted with it), its Pod (deleted when scaled down), nobody. */
function claimOwners(set: StatefulSet, ordinal: number, pod: Pod | undefined): readonly OwnerReference[] {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const condemned = ordinal >= (set.spec.ordinals?.start ?? 0) + (set.spec.replicas ?? 1);
  const { name = '', uid = '' } = set.metadata;
  const bySet =
    whenDeleted === 'Delete' ? [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true }] : [];
  if (whenScaled !== 'Delete' || !condemned || pod === undefined) return bySet;
  const of = { name: pod.metadata.name ?? '', uid: pod.metadata.uid ?? '' };
  return [{ apiVersion: 'v1', kind: 'Pod', ...of, controller: true }];
}

/** Puts the owners on claims that exist, as the policy and the size say now. */
export async function ownClaims(context: ControllerContext, hands: Hands, set: StatefulSet, pod: Pod): Promise<void> {
  const ordinal = ordinalOf(pod, set);
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const found = context.api.get(CLAIMS, set.metadata.namespace, claimName(template, set, ordinal));
    if (found === undefined || set.spec.persistentVolumeClaimRetentionPolicy === undefined) continue;
    const wanted = claimOwners(set, ordinal, pod);
    const old = found.metadata.ownerReferences ?? [];
    const ours = (uid: string): boolean => uid === set.metadata.uid || uid === pod.metadata.uid;
    const others = old.filter(({ uid }) => !ours(uid));
    const same =
      old.length === others.length + wanted.length && wanted.every(({ uid }) => old.some((one) => one.uid === uid));
    if (same) continue;
    await hands.update(CLAIMS, { ...found, metadata: { ...found.metadata, ownerReferences: [...others, ...wanted] } });
  }
}
