import type { KubeObject } from '../../../objects/json.ts';
import type { KindRules, WriteContext } from '../kind-rules.ts';
import { type Body, child, count, deep, entries, has, items, text, texts } from '../values.ts';
import { keyPairProblem } from './key-pair.ts';
import { fractionWarnings, hostNameWarnings, oldNodeLabel, podWarnings } from './pod-warnings.ts';

/** Warnings of a write that is valid; `before` is undefined on a create. */
type Warnings = (next: KubeObject, before: KubeObject | undefined) => readonly string[];

const nameOf = (object: KubeObject): string => object.metadata.name ?? '';
const regenerated = (next: KubeObject, before: KubeObject | undefined): boolean =>
  before === undefined || next.metadata.generation !== before.metadata.generation;

/** Kinds that make Pods of a template look at it again only when their spec has changed. */
const templated =
  (named: boolean, ...path: readonly string[]): Warnings =>
  (next, before) => [
    ...(named && before === undefined ? hostNameWarnings(nameOf(next), 'Pod names and hostnames') : []),
    ...(regenerated(next, before) ? podWarnings(deep(next, ...path), path.join('.')) : []),
  ];

function claimSpec(spec: Body | undefined, path: string): string[] {
  const resources = child(spec, 'resources');
  return ['requests', 'limits'].flatMap((key) =>
    fractionWarnings(entries(resources, key), ['storage'], `${path}.resources.${key}`),
  );
}

function ofSecret(secret: KubeObject): string[] {
  if (text(secret, 'type') !== 'kubernetes.io/tls') return [];
  const data = child(secret, 'data');
  const pem = (key: string): string => Buffer.from(text(data, key), 'base64').toString('latin1');
  const problem = keyPairProblem(pem('tls.crt'), pem('tls.key'));
  return problem === undefined ? [] : [problem];
}

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';
const BETA_MOUNTS = 'volume.beta.kubernetes.io/mount-options';
const CLASS_SAID = 'deprecated since v1.8; use "storageClassName" attribute instead';
const OLD_SOURCES: readonly (readonly [string, string, string])[] = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

function ofVolume(volume: KubeObject): string[] {
  const annotations = volume.metadata.annotations ?? {};
  const spec = child(volume, 'spec');
  const found: string[] = [];
  if (BETA_CLASS in annotations) found.push(`metadata.annotations[${BETA_CLASS}]: ${CLASS_SAID}`);
  if (BETA_MOUNTS in annotations)
    found.push(`metadata.annotations[${BETA_MOUNTS}]: deprecated since v1.31; use "mountOptions" attribute instead`);
  if (text(spec, 'persistentVolumeReclaimPolicy') === 'Recycle')
    found.push(
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    );
  const terms = items(deep(spec, 'nodeAffinity', 'required'), 'nodeSelectorTerms');
  terms.forEach((term, at) => {
    items(term, 'matchExpressions').forEach((one, index) => {
      const said = oldNodeLabel(text(one, 'key'));
      const field = `spec.nodeAffinity.required.nodeSelectorTerms[${at}].matchExpressions[${index}].key`;
      if (said !== undefined) found.push(`${field}: ${text(one, 'key')} is ${said}`);
    });
  });
  for (const [key, told, said] of OLD_SOURCES) if (has(spec, key)) found.push(`spec.${told}: ${said}`);
  return found;
}

function ofService(service: KubeObject): string[] {
  const found: string[] = [];
  const spec = child(service, 'spec');
  const hints = 'service.kubernetes.io/topology-aware-hints';
  if (hints in (service.metadata.annotations ?? {}))
    found.push(`annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  const external = texts(spec, 'externalIPs').length > 0;
  if (texts(spec, 'clusterIPs')[0] === 'None') {
    if (text(spec, 'loadBalancerIP') !== '') found.push('spec.loadBalancerIP is ignored for headless services');
    if (external) found.push('spec.externalIPs is ignored for headless services');
    if (text(spec, 'sessionAffinity') !== 'None') found.push('spec.SessionAffinity is ignored for headless services');
  }
  const named = text(spec, 'type') === 'ExternalName';
  if (named && external) found.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!named && text(spec, 'externalName') !== '')
    found.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  return found;
}

const MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

const WARNINGS: Readonly<Record<string, Warnings>> = {
  pods: (pod, before) =>
    before === undefined
      ? [...hostNameWarnings(nameOf(pod), "the Pod's hostname"), ...podWarnings(pod as unknown as Body, '')]
      : [],
  podtemplates: templated(false, 'template'),
  replicationcontrollers: templated(true, 'spec', 'template'),
  'deployments.apps': templated(true, 'spec', 'template'),
  'replicasets.apps': templated(true, 'spec', 'template'),
  'daemonsets.apps': templated(false, 'spec', 'template'),
  'statefulsets.apps': (set, before) => [
    ...templated(false, 'spec', 'template')(set, before),
    ...items(set.spec, 'volumeClaimTemplates').flatMap((claim, at) =>
      claimSpec(child(claim, 'spec'), `spec.volumeClaimTemplates[${at}]${before === undefined ? '' : '.Spec'}`),
    ),
    ...(count(set.spec, 'revisionHistoryLimit') < 0
      ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
      : []),
  ],
  'jobs.batch': templated(true, 'spec', 'template'),
  'cronjobs.batch': (job, before) => [
    ...templated(true, 'spec', 'jobTemplate', 'spec', 'template')(job, before),
    ...(before !== undefined && text(job.spec, 'schedule').includes('TZ')
      ? [
          'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
        ]
      : []),
  ],
  secrets: ofSecret,
  services: ofService,
  persistentvolumes: ofVolume,
  persistentvolumeclaims: (claim) => [
    ...(BETA_CLASS in (claim.metadata.annotations ?? {}) ? [`metadata.annotations[${BETA_CLASS}]: ${CLASS_SAID}`] : []),
    ...claimSpec(child(claim, 'spec'), 'spec'),
  ],
  'ingresses.networking.k8s.io': (ingress, before) =>
    before === undefined &&
    'kubernetes.io/ingress.class' in (ingress.metadata.annotations ?? {}) &&
    !has(ingress.spec, 'ingressClassName')
      ? ['annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead']
      : [],
  serviceaccounts: (account, before) =>
    account.metadata.annotations?.[MOUNTABLE] === undefined || before?.metadata.annotations?.[MOUNTABLE] !== undefined
      ? []
      : [
          `metadata.annotations[${MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ],
  'endpointslices.discovery.k8s.io': (slice, before) =>
    before === undefined && text(slice, 'addressType') === 'FQDN' ? ['addressType: FQDN endpoints are deprecated'] : [],
};

/** The rules of a kind, with what the server warns of when nothing is wrong. */
export function warned(rules: KindRules): KindRules {
  const warnings = WARNINGS[rules.resource];
  if (warnings === undefined) return rules;
  const tell = (next: KubeObject, before: KubeObject | undefined, context: WriteContext): void => {
    for (const text of warnings(next, before)) context.warn(text);
  };
  return {
    ...rules,
    validateCreate(object, context) {
      const found = rules.validateCreate?.(object, context) ?? [];
      if (found.length === 0) tell(object, undefined, context);
      return found;
    },
    validateUpdate(next, before, context) {
      const found = rules.validateUpdate?.(next, before, context) ?? [];
      if (found.length === 0) tell(next, before, context);
      return found;
    },
  };
}
