import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Endpoint } from '../../../test/control-plane/api.ts';

/** Any Kubernetes object, as far as the demo looks into it. */
export interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly Owner[];
    readonly managedFields?: readonly Readonly<Record<string, unknown>>[];
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

const TRIES = 100;

/** Writes to one API server as one controller or person would: `manager` is the name in the managed fields. */
export class Api {
  readonly endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  /** POST; waits while the kind is not served yet. */
  async make(path: string, body: object, manager: string): Promise<Thing> {
    for (let tried = 1; ; tried++) {
      const { status, body: text } = await ask(this.endpoint, 'POST', `${path}?fieldManager=${manager}`, body);
      if (status === 201) return JSON.parse(text) as Thing;
      if ((status !== 404 && status !== 429) || tried === TRIES) throw new Error(`POST ${path}: ${status} ${text}`);
      await sleep(100);
    }
  }

  /** Merge patch of one object, or of its `/status`. */
  async change(path: string, body: object, manager: string): Promise<Thing> {
    const type = 'application/merge-patch+json';
    const answer = await ask(this.endpoint, 'PATCH', `${path}?fieldManager=${manager}`, body, type);
    if (answer.status !== 200) throw new Error(`PATCH ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Thing;
  }

  /** Server-side apply, as GitOps does it. */
  async apply(path: string, body: object, manager: string): Promise<Thing> {
    const type = 'application/apply-patch+yaml';
    const answer = await ask(this.endpoint, 'PATCH', `${path}?fieldManager=${manager}&force=true`, body, type);
    if (answer.status > 201) throw new Error(`APPLY ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Thing;
  }
}

export function ownerOf({ apiVersion, kind, metadata }: Thing): Owner {
  const { name, uid } = metadata;
  return { apiVersion, kind, name, uid, controller: true };
}

/** A definition whose objects may hold anything, with a status of its own. */
export function definition(
  group: string,
  plural: string,
  kind: string,
  scope: string,
  categories: readonly string[] = [],
) {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, categories },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** A Deployment of one container, which nothing here ever runs. */
export function deployment(name: string, labels: Readonly<Record<string, string>>, image: string, replicas = 1) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
