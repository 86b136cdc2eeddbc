import type { KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { invalid } from '../../status/problem.ts';
import { forbiddenAttempt, podOf } from '../attempts.ts';
import type { AdmissionPlugin, Attempt } from '../plugin.ts';
import type { ContainerShape, MetaShape, PodShape, PodSpecShape } from '../shapes.ts';
import { described, findings } from './evaluate.ts';
import { policyOf, policyText, samePolicy, stricter } from './policy.ts';

const NAMESPACES = 'namespaces' as ResourceName;
const PODS = 'pods' as ResourceName;
const WORKLOADS = new Set([
  'replicationcontrollers',
  'podtemplates',
  'replicasets.apps',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
]);
const FREE_SUBRESOURCES = ['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status'];
/** How many Pods a new level is tried on. */
const MOST_PODS = 3000;

type Labelled = { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
interface Template {
  readonly metadata?: MetaShape;
  readonly spec?: PodSpecShape;
}

/** The Pod Security Standards as a Namespace's labels ask for them; warnings for what only makes Pods. */
export const POD_SECURITY: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(attempt) {
    if (attempt.operation === 'DELETE') return;
    if (attempt.group === '' && attempt.plural === 'namespaces') validateNamespace(attempt);
    else if (attempt.group === '' && attempt.plural === 'pods') validatePod(attempt);
    else if (WORKLOADS.has(attempt.group === '' ? attempt.plural : `${attempt.plural}.${attempt.group}`))
      validateWorkload(attempt);
  },
};

function validateNamespace(attempt: Attempt): void {
  if ((attempt.subresource ?? '') !== '') return;
  const { policy, problems } = policyOf((attempt.object as Labelled | undefined)?.metadata?.labels);
  const name = ((attempt.object?.metadata as MetaShape | undefined)?.name ?? attempt.name) as string;
  const old = attempt.before === undefined ? undefined : policyOf(attempt.before.metadata.labels);
  if (problems.length > 0 && JSON.stringify(problems) !== JSON.stringify(old?.problems))
    throw invalid('', 'Namespace', name, problems);
  if (old === undefined) return;
  const [now, then] = [policy.enforce, old.policy.enforce];
  if (samePolicy(now, then) || now.level === 'privileged') return;
  if (now.minor === then.minor && !stricter(now.level, then.level)) return;
  const counted = new Map<string, { first: string; count: number }>();
  const pods = prioritized([...attempt.context.store.list(PODS, name)]);
  for (const pod of pods.slice(0, MOST_PODS)) {
    const own = pod.metadata.name ?? '';
    const found = findings(now, pod.metadata as MetaShape, pod.spec as PodSpecShape);
    if (found.length === 0) continue;
    const text = found.map(({ reason }) => reason).join(', ');
    const known = counted.get(text);
    if (known === undefined) counted.set(text, { first: own, count: 1 });
    else counted.set(text, { first: own < known.first ? own : known.first, count: known.count + 1 });
  }
  if (pods.length > MOST_PODS)
    attempt.context.warn(
      `new PodSecurity enforce level only checked against the first ${MOST_PODS} of ${pods.length} existing pods`,
    );
  if (counted.size === 0) return;
  attempt.context.warn(
    `existing pods in namespace ${JSON.stringify(name)} violate the new PodSecurity enforce level ${JSON.stringify(policyText(now))}`,
  );
  const lines = [...counted].map(([text, { first, count }]) => {
    const others = count === 1 ? '' : ` (and ${count - 1} other pod${count === 2 ? '' : 's'})`;
    return `${first}${others}: ${text}`;
  });
  for (const line of lines.sort()) attempt.context.warn(line);
}

/** One Pod of each controller first, then the rest. */
function prioritized(pods: readonly KubeObject[]): KubeObject[] {
  const seen = new Set<string>();
  const [first, rest]: [KubeObject[], KubeObject[]] = [[], []];
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
    if (owner !== undefined && seen.has(owner)) rest.push(pod);
    else first.push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...rest];
}

function validatePod(attempt: Attempt): void {
  if (FREE_SUBRESOURCES.includes(attempt.subresource ?? '')) return;
  const pod = podOf(attempt.object);
  const policy = policyFor(attempt);
  if (pod === undefined || policy === undefined) return;
  if (attempt.operation === 'UPDATE' && !significant(pod, podOf(attempt.before))) return;
  const broken = findings(policy.enforce, pod.metadata, pod.spec);
  if (broken.length > 0)
    throw forbiddenAttempt(
      attempt,
      `violates PodSecurity ${JSON.stringify(policyText(policy.enforce))}: ${described(broken)}`,
    );
  warn(attempt, pod.metadata, pod.spec);
}

function policyFor(attempt: Attempt) {
  const namespace = attempt.context.store.get(NAMESPACES, undefined, attempt.namespace ?? '');
  return namespace === undefined ? undefined : policyOf(namespace.metadata.labels).policy;
}

function warn(attempt: Attempt, metadata: MetaShape, spec: PodSpecShape): void {
  const policy = policyFor(attempt)?.warn;
  if (policy === undefined) return;
  const found = findings(policy, metadata, spec);
  if (found.length > 0)
    attempt.context.warn(`would violate PodSecurity ${JSON.stringify(policyText(policy))}: ${described(found)}`);
}

function validateWorkload(attempt: Attempt): void {
  if ((attempt.subresource ?? '') !== '') return;
  const object = attempt.object as
    | { template?: Template; spec?: { template?: Template; jobTemplate?: { spec?: { template?: Template } } } }
    | undefined;
  const template =
    attempt.plural === 'podtemplates'
      ? object?.template
      : attempt.plural === 'cronjobs'
        ? object?.spec?.jobTemplate?.spec?.template
        : object?.spec?.template;
  if (template?.spec !== undefined) warn(attempt, template.metadata ?? {}, template.spec);
}

/** Of a Pod only images and ephemeral containers may change in a way that matters here. */
function significant(now: PodShape, before: PodShape | undefined): boolean {
  if (before === undefined) return true;
  const images = (list: readonly ContainerShape[] | undefined): string =>
    JSON.stringify((list ?? []).map(({ image }) => image ?? ''));
  if (images(now.spec.containers) !== images(before.spec.containers)) return true;
  if (images(now.spec.initContainers) !== images(before.spec.initContainers)) return true;
  const old = new Map((before.spec.ephemeralContainers ?? []).map(({ name, image }) => [name, image]));
  return (now.spec.ephemeralContainers ?? []).some(({ name, image }) => !old.has(name) || old.get(name) !== image);
}
