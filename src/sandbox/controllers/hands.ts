import type { Answer } from '../../cluster/port.ts';
import type { JsonObject, KubeObject } from '../../objects/json.ts';
import { type ResourceName, resourceName } from '../../objects/key.ts';
import { controllerUser, type User } from '../access/user.ts';
import type { ControllerContext } from './controller.ts';

/** A write that the server refused; the controller tries again later unless it knows better. */
export class WriteRefused extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly { readonly reason: string }[];

  constructor(answer: Extract<Answer, { kind: 'rejected' }>) {
    super(answer.message);
    this.name = 'WriteRefused';
    this.status = answer.status;
    this.reason = answer.reason;
    this.causes = answer.causes;
  }
}
/** Whether the server refused for this reason (`NotFound`, `AlreadyExists`, `Conflict`, ...). */
export const refusedAs = (error: unknown, ...reasons: readonly string[]): boolean =>
  error instanceof WriteRefused && reasons.includes(error.reason);
/** Creates in a namespace that is going away are given up silently, as the real controllers do. */
export const namespaceTerminates = (error: unknown): boolean =>
  error instanceof WriteRefused && error.causes.some(({ reason }) => reason === 'NamespaceTerminating');

export interface Deleting {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly graceSeconds?: number;
}

/** An object as patches and deletes name it. */
interface Named {
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** The writes of one controller, under its user and field manager; each throws `WriteRefused` when it is refused. */
export interface Hands {
  create(resource: ResourceName, namespace: string | undefined, body: object): Promise<KubeObject>;
  update(resource: ResourceName, object: KubeObject): Promise<KubeObject>;
  updateStatus(resource: ResourceName, object: KubeObject): Promise<KubeObject>;
  /** PUT of another subresource: `finalize`, `binding`. */
  put(resource: ResourceName, object: KubeObject, subresource: string): Promise<KubeObject>;
  patch(
    resource: ResourceName,
    object: Named,
    kind: 'merge' | 'strategic',
    body: object,
    subresource?: string,
  ): Promise<KubeObject>;
  /** False when the object was gone already. */
  remove(resource: ResourceName, object: Named, how?: Deleting): Promise<boolean>;
}

export const CONTROLLER_MANAGER = 'kube-controller-manager';

/** The group-less and the dotted name of a resource. */
export const resource = (text: string): ResourceName => {
  const dot = text.indexOf('.');
  return dot < 0 ? resourceName('', text) : resourceName(text.slice(dot + 1), text.slice(0, dot));
};

/** `user`: the name of a service account in kube-system, or a whole user. */
export function handsOf(context: ControllerContext, user: string | User, manager = CONTROLLER_MANAGER): Hands {
  const { api } = context;
  const as = { user: typeof user === 'string' ? controllerUser(user) : user, manager };
  const at = (resource: ResourceName, { metadata: { name = '', namespace } }: Named) => ({
    resource,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  });
  const put = async (resource: ResourceName, object: KubeObject, subresource?: string): Promise<KubeObject> =>
    accepted(
      await api.update(at(resource, object), object as unknown as JsonObject, {
        ...as,
        ...(subresource === undefined ? {} : { subresource }),
      }),
    );
  return {
    async create(resource, namespace, body) {
      const where = namespace === undefined ? { resource } : { resource, namespace };
      return accepted(await api.create(where, body as JsonObject, as));
    },
    update: (resource, object) => put(resource, object),
    updateStatus: (resource, object) => put(resource, object, 'status'),
    put,
    async patch(resource, object, kind, body, subresource) {
      const options = subresource === undefined ? as : { ...as, subresource };
      return accepted(await api.patch(at(resource, object), { kind, body: owned(body) }, options));
    },
    async remove(resource, object, how = {}) {
      const answer = await api.delete(at(resource, object), { ...as, ...how });
      if (answer.kind === 'rejected' && answer.status === 404) return false;
      accepted(answer);
      return true;
    },
  };
}

function accepted(answer: Answer): KubeObject {
  if (answer.kind === 'rejected') throw new WriteRefused(answer);
  return answer.object;
}

/** A copy that the server may keep, without undefined members. */
const owned = (body: object): JsonObject => copyOf(body) as JsonObject;

/** A deep copy of JSON; members that are undefined are left out. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) copy[key] = copyOf(member);
  }
  return copy as T;
}
