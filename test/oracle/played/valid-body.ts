import { at, type Body, listOf, textOf } from '../places.ts';

const CONTAINERS = [{ name: 'main', image: 'registry.example/app:1' }];
const THEN = '2026-11-21T09:30:00Z';

/** What a real server asks of a body before it takes it, beyond what the worlds say. `address`: a free address for a Service. */
export interface Surroundings {
  readonly address: () => string;
  /** The Deployment that controls a ReplicaSet, and whether this set is the first of its sets, which is the current one. */
  readonly deploymentOf: (body: Body) => { readonly deployment: Body; readonly first: boolean } | undefined;
}

type Fill = (body: Body, around: Surroundings) => void;

const specOf = (body: Body): Body => {
  if (typeof body.spec !== 'object' || body.spec === null) body.spec = {};
  return body.spec as Body;
};
const podSpec = (spec: unknown): Body => {
  const { nodeName: _, ...rest } = (spec ?? {}) as Body;
  return { ...rest, containers: listOf(rest.containers).length === 0 ? CONTAINERS : rest.containers };
};
const addLabels = (body: Body, labels: Body): void => {
  const metadata = body.metadata as Body;
  metadata.labels = { ...(metadata.labels as Body | undefined), ...labels };
};

/** By resource; what is not here is valid as it is. In place. */
const FILLS: Readonly<Record<string, Fill>> = {
  pods: (body) => {
    body.spec = podSpec(body.spec);
  },
  'replicasets.apps': (body, { deploymentOf }) => {
    const hash =
      textOf(at(body, 'metadata', 'name'))
        .split('-')
        .at(-1) ?? '';
    const found = deploymentOf(body);
    const app = (at(body, 'spec', 'selector', 'matchLabels') ?? {}) as Body;
    const labels = { ...app, 'pod-template-hash': hash };
    const [container] = CONTAINERS;
    const old = { containers: [{ ...container, image: `registry.example/app:${hash}` }] };
    const template = found?.first === true ? at(found.deployment, 'spec', 'template', 'spec') : old;
    const replicas =
      found === undefined ? at(body, 'spec', 'replicas') : found.first ? at(found.deployment, 'spec', 'replicas') : 0;
    body.spec = { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: template } };
    addLabels(body, labels);
  },
  'statefulsets.apps': (body) => {
    const spec = specOf(body);
    const labels = at(spec, 'selector', 'matchLabels') ?? {};
    spec.template = { metadata: { labels }, spec: podSpec({}) };
  },
  'jobs.batch': (body) => {
    const spec = specOf(body);
    const template = (spec.template ?? { metadata: { labels: {} }, spec: {} }) as Body;
    spec.template = { ...template, spec: { ...podSpec(template.spec), restartPolicy: 'Never' } };
    const end = listOf(at(body, 'status', 'conditions')).map((one) => textOf(at(one, 'type')))[0];
    if (end !== undefined) body.status = ended(end);
  },
  'cronjobs.batch': (body) => {
    const jobTemplate = { spec: { template: { spec: { ...podSpec({}), restartPolicy: 'Never' } } } };
    // The controller would delete finished Jobs beyond its default limits of 3 and 1, captured ones like any other.
    Object.assign(specOf(body), { jobTemplate, successfulJobsHistoryLimit: 9, failedJobsHistoryLimit: 9 });
  },
  services: (body, { address }) => {
    specOf(body).clusterIP = address();
  },
  persistentvolumeclaims: (body) => {
    specOf(body).resources = { requests: { storage: '1Gi' } };
  },
  limitranges: (body) => {
    specOf(body).limits = [{ type: 'Container', default: { cpu: '1' } }];
  },
  'validatingadmissionpolicies.admissionregistration.k8s.io': (body) => {
    const resourceRules = [
      { apiGroups: ['nothing.example.org'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['things'] },
    ];
    Object.assign(specOf(body), { matchConstraints: { resourceRules }, validations: [{ expression: 'true' }] });
  },
  'apiservices.apiregistration.k8s.io': (body) => {
    const group = textOf(at(body, 'metadata', 'name')).slice('v1.'.length);
    Object.assign(specOf(body), { group, insecureSkipTLSVerify: true });
  },
  'controllerrevisions.apps': (body) => {
    const set = textOf(at(body, 'metadata', 'name'))
      .split('-')
      .slice(0, -1)
      .join('-');
    addLabels(body, { app: set });
    body.data = { spec: {} };
  },
};

/** How a server tells that a Job has ended: all of it, or it refuses the status. */
function ended(type: string): Body {
  const condition = (name: string): Body => ({ type: name, status: 'True', lastTransitionTime: THEN });
  return type === 'Complete'
    ? {
        startTime: THEN,
        completionTime: THEN,
        succeeded: 1,
        uncountedTerminatedPods: {},
        conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
      }
    : {
        startTime: THEN,
        failed: 1,
        uncountedTerminatedPods: {},
        conditions: ['FailureTarget', 'Failed'].map((name) => ({ ...condition(name), reason: 'BackoffLimitExceeded' })),
      };
}

/** Makes a body of a world one that kube-apiserver 1.34 accepts. In place. */
export function makeValid(resource: string, body: Body, around: Surroundings): void {
  FILLS[resource]?.(body, around);
}
