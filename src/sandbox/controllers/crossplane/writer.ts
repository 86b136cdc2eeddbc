import type { JsonObject, KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { sameJson } from '../../../objects/same-json.ts';
import type { ControllerContext } from '../controller.ts';
import { copyOf, type Hands, handsOf, WriteRefused } from '../hands.ts';
import { CROSSPLANE_USER } from './marks.ts';
import type { Resource, Wanted } from './resource.ts';
import { conditionsWith } from './resource.ts';

/** The writes of Crossplane or a provider. */
export interface Writer extends Hands {
  /** Server-side apply with force; `manager` names the part of Crossplane. */
  apply(resource: ResourceName, body: JsonObject, manager: string, subresource?: string): Promise<KubeObject>;
  jsonPatch(resource: ResourceName, object: KubeObject, body: readonly JsonObject[]): Promise<KubeObject>;
  /** PUT of the status with conditions set anew and other fields beside them; writes nothing when it says so already. */
  status(
    resource: ResourceName,
    object: Resource,
    conditions: readonly Wanted[],
    fields?: JsonObject,
  ): Promise<Resource>;
}

export function writerOf(context: ControllerContext, manager: string): Writer {
  const hands = handsOf(context, CROSSPLANE_USER, manager);
  const at = (resource: ResourceName, { metadata: { name = '', namespace } }: KubeObject) => ({
    resource,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  });
  return {
    ...hands,
    // A PUT that changes nothing changes nothing on the server either: it is left out, for speed.
    update: (resource, object) =>
      sameJson(
        object as never,
        context.api.get(resource, object.metadata.namespace, object.metadata.name ?? '') as never,
      )
        ? Promise.resolve(object)
        : hands.update(resource, object),
    async apply(resource, body, applier, subresource) {
      const answer = await context.api.patch(
        at(resource, body as unknown as KubeObject),
        { kind: 'apply', body: copyOf(body), force: true },
        { user: CROSSPLANE_USER, manager: applier, ...(subresource === undefined ? {} : { subresource }) },
      );
      if (answer.kind === 'rejected') throw new WriteRefused(answer);
      return answer.object;
    },
    async jsonPatch(resource, object, body) {
      const answer = await context.api.patch(
        at(resource, object),
        { kind: 'json', body: copyOf(body) },
        { user: CROSSPLANE_USER, manager },
      );
      if (answer.kind === 'rejected') throw new WriteRefused(answer);
      return answer.object;
    },
    async status(resource, object, conditions, fields = {}) {
      const next = {
        ...(object.status ?? {}),
        ...fields,
        conditions: conditionsWith(object, context.clock.now(), ...conditions),
      };
      if (JSON.stringify(next) === JSON.stringify(object.status)) return object;
      return (await hands.updateStatus(resource, { ...object, status: next })) as Resource;
    },
  };
}
