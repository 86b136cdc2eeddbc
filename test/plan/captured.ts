import { createHash } from 'node:crypto';
import { type Survey, startSurvey } from '../../src/knowledge/survey.ts';
import type { CapturedResource } from '../../src/knowledge/vocabulary.ts';
import type { KubeObject } from '../../src/objects/json.ts';
import {
  groupOf,
  type KeyText,
  keyTextOf,
  type ResourceName,
  resourceName,
  type Uid,
  versionOf,
} from '../../src/objects/key.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { AmendStep, CreateStep, Plan, Policy, Step } from '../../src/plan/plan.ts';
import type { ExistingObject, TargetFacts } from '../../src/plan/target-facts.ts';

type Fields = Record<string, unknown>;
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'PersistentVolume',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'StorageClass',
  'PriorityClass',
  'Node',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'APIService',
  'FlowSchema',
]);

/** A UID that a name always gets, so that tests read the same every time. */
export function uidOf(name: string): Uid {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uid;
}

/** A captured cluster, told object by object. */
export class Captured {
  readonly objects: KubeObject[] = [];
  readonly #plurals = new Map<string, string>();

  namespace(name: string, metadata: Fields = {}): KubeObject {
    return this.object('v1', 'Namespace', undefined, name, { status: { phase: 'Active' } }, metadata);
  }
  /** `Widget` of `example.io/v1` with its CustomResourceDefinition. */
  definition(
    kind: string,
    group = 'example.io',
    options: {
      namespaced?: boolean;
      categories?: string[];
      status?: boolean;
      plural?: string;
      versions?: string[];
    } = {},
  ): KubeObject {
    const plural = options.plural ?? `${kind.toLowerCase()}s`;
    this.#plurals.set(`${group}/${kind}`, plural);
    if (options.namespaced === false) CLUSTER_SCOPED.add(kind);
    const versions = (options.versions ?? ['v1']).map((name, index) => ({
      name,
      served: true,
      storage: index === 0,
      ...(options.status === false ? {} : { subresources: { status: {} } }),
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    }));
    return this.object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', undefined, `${plural}.${group}`, {
      spec: {
        group,
        scope: options.namespaced === false ? 'Cluster' : 'Namespaced',
        names: { plural, kind, categories: options.categories ?? [] },
        versions,
      },
      status: { conditions: [{ type: 'Established', status: 'True' }] },
    });
  }
  object(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
    fields: Fields = {},
    metadata: Fields = {},
  ): KubeObject {
    const made = {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid: uidOf(`${kind}/${namespace ?? ''}/${name}`),
        resourceVersion: '7',
        creationTimestamp: '2026-11-21T09:00:00Z',
        ...metadata,
      },
      ...fields,
    } as KubeObject;
    this.objects.push(made);
    return made;
  }
  configMap(namespace: string, name: string, metadata: Fields = {}, data: Fields = { a: 'b' }): KubeObject {
    return this.object('v1', 'ConfigMap', namespace, name, { data }, metadata);
  }

  plural(apiVersion: string, kind: string): string {
    const known = this.#plurals.get(`${groupOf(apiVersion)}/${kind}`);
    if (known !== undefined) return known;
    const lower = kind.toLowerCase();
    return lower.endsWith('s')
      ? `${lower}es`
      : lower.endsWith('y') && !lower.endsWith('ey')
        ? `${lower.slice(0, -1)}ies`
        : lower === 'endpoints'
          ? lower
          : `${lower}s`;
  }
  resourceOf(object: KubeObject): ResourceName {
    return resourceName(groupOf(object.apiVersion), this.plural(object.apiVersion, object.kind));
  }
  keyOf(object: KubeObject): KeyText {
    return keyTextOf(this.resourceOf(object), object.metadata.namespace, object.metadata.name ?? '');
  }
  resources(): CapturedResource[] {
    const byResource = new Map<ResourceName, CapturedResource>();
    for (const object of this.objects) {
      const resource = this.resourceOf(object);
      byResource.set(resource, {
        resource,
        version: versionOf(object.apiVersion),
        kind: object.kind,
        namespaced: object.metadata.namespace !== undefined,
        served: [versionOf(object.apiVersion)],
      });
    }
    return [...byResource.values()];
  }
  survey(selection?: Policy['selection']): Survey {
    const entries = this.objects.map((object, row) => ({
      row,
      resource: this.resourceOf(object),
      namespace: object.metadata.namespace,
      name: object.metadata.name ?? '',
      uid: object.metadata.uid as Uid,
      digest: `digest-${row}`,
    }));
    const definitions = this.objects.filter((object) => object.kind === 'CustomResourceDefinition');
    const surveyor = startSurvey({
      resources: this.resources(),
      entries,
      definitions,
      ...(selection === undefined ? {} : { selection }),
    });
    for (const [row, object] of this.objects.entries()) surveyor.add(row, object, JSON.stringify(object));
    return surveyor.finish();
  }
  /** The plan for an empty target that serves the built-in kinds. */
  plan(target: Partial<TargetFacts> = {}, policy: Partial<Policy> = {}): Plan {
    const survey = this.survey(policy.selection);
    const builtIn = this.resources().filter(
      ({ resource }) => survey.vocabulary.ofResource(resource)?.definition === undefined,
    );
    return makePlan({
      survey,
      point: {
        id: 'point',
        fingerprint: uidOf('captured'),
        cluster: 'captured',
        version: 'v1.34.4',
        takenAt: '2026-11-21T09:00:00Z',
        complete: true,
        objects: this.objects.length,
      },
      target: {
        fingerprint: uidOf('target'),
        name: 'target',
        version: 'v1.34.4',
        resources: builtIn.map(({ resource, version, kind, namespaced }) => ({
          group: resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '',
          resource: resource.split('.', 1)[0] ?? '',
          kind,
          namespaced,
          versions: [version],
          verbs: ['create'],
          hasStatus: true,
        })),
        existing: new Map(),
        workloads: [],
        webhooks: [],
        droppedFields: new Map(),
        ...target,
      },
      policy: { selection: {}, fieldOwnership: 'all', ...policy },
    });
  }
}

export function ownerOf(object: KubeObject, controller = true): Fields {
  return {
    ownerReferences: [
      {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name: object.metadata.name,
        uid: object.metadata.uid,
        controller,
        blockOwnerDeletion: true,
      },
    ],
  };
}
export function createOf(plan: Plan, key: string): CreateStep {
  const step = plan.steps.find((one) => one.kind === 'create' && one.target.key === key);
  if (step?.kind !== 'create')
    throw new Error(`the plan does not create ${key}; it has ${plan.steps.map((one) => one.id).join(', ')}`);
  return step;
}
export function amendsOf(plan: Plan, key: string): AmendStep[] {
  return plan.steps.filter((one): one is AmendStep => one.kind === 'amend' && one.target.key === key);
}
export function omissionOf(plan: Plan, key: string): string | undefined {
  const omission = plan.omissions.find((one) => one.key === key);
  return omission === undefined ? undefined : `${omission.kind} ${omission.reason.code}`;
}
export function isBefore(plan: Plan, first: string, next: string): boolean {
  const place = (id: string): number => plan.steps.findIndex((step: Step) => step.id === id);
  return place(first) >= 0 && place(next) >= 0 && place(first) < place(next);
}
export function existing(
  uid: Uid,
  content: ExistingObject['content'] = { kind: 'equal' },
  owners: readonly Uid[] = [],
  terminating = false,
): ExistingObject {
  return { uid, terminating, owners, content };
}
