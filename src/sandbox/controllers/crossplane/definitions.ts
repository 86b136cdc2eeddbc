import type { KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { controllerOf } from '../../../objects/owners.ts';
import type { ControllerContext } from '../controller.ts';
import type { Condition } from '../shapes.ts';
import { AGAIN, DONE, type Reconciler, type Turn } from '../turns.ts';
import { definitionOf } from './definition-schema.ts';
import { CRDS, claimResource, compositeResource, XRDS, type Xrd } from './kinds.ts';
import { FINALIZERS } from './marks.ts';
import { asController, failed, isDeleted, type Resource, uidOf, withFinalizer, withoutFinalizer } from './resource.ts';
import type { Writer } from './writer.ts';

type Role = 'composite' | 'claim';
const MARK: Readonly<Record<Role, string>> = { composite: FINALIZERS.defined, claim: FINALIZERS.offered };

/**
 * CompositeResourceDefinitions: makes the CustomResourceDefinitions of composites and claims, owned by the XRD; takes over one that
 * nobody controls and refuses one that another UID controls. A deleted XRD deletes all its objects first, then the definitions.
 */
export function definitions(context: ControllerContext, writer: Writer): Reconciler {
  const { api } = context;
  return {
    keysOf({ now }) {
      if (now.resource === XRDS) return [now.object.metadata.name ?? ''];
      const owner = now.resource === CRDS ? controllerOf(now.object) : undefined;
      return owner?.kind === 'CompositeResourceDefinition' ? [owner.name] : [];
    },
    async turn(key) {
      const xrd = api.get(XRDS, undefined, key) as Xrd | undefined;
      if (xrd === undefined) return DONE;
      for (const role of rolesOf(xrd)) {
        const current = api.get(XRDS, undefined, key) as Xrd | undefined;
        if (current === undefined) return DONE;
        const turn = await (isDeleted(current) ? withdraw(current, role) : offer(current, role));
        if (turn !== DONE) return turn;
      }
      return DONE;
    },
  };

  async function offer(given: Xrd, role: Role): Promise<Turn> {
    let xrd = given;
    if (!xrd.metadata.finalizers?.includes(MARK[role])) {
      const finalizers = withFinalizer(xrd, MARK[role]);
      xrd = (await writer.patch(XRDS, xrd, 'merge', { metadata: { finalizers } })) as Xrd;
    }
    const wanted = definitionOf(xrd, role) as unknown as KubeObject;
    const there = api.get(CRDS, undefined, wanted.metadata.name ?? '');
    const controller = there === undefined ? undefined : controllerOf(there);
    const metadata = { ...wanted.metadata, ownerReferences: [asController(xrd)] };
    if (there === undefined) await writer.create(CRDS, undefined, { ...wanted, metadata });
    else if (controller !== undefined && controller.uid !== uidOf(xrd)) {
      const why = `cannot apply rendered ${role === 'claim' ? 'composite resource claim' : 'composite resource'} CustomResourceDefinition: existing object is not controlled by UID ${JSON.stringify(uidOf(xrd))}`;
      context.log(`${xrd.metadata.name}: ${why}`);
      await writer.status(XRDS, xrd as unknown as Resource, [failed(why)]);
      return AGAIN;
    } else if (controller === undefined)
      await writer.patch(CRDS, there, 'merge', { metadata: { ownerReferences: metadata.ownerReferences } });
    return established(xrd, role, wanted.metadata.name ?? '');
  }

  async function established(xrd: Xrd, role: Role, name: string): Promise<Turn> {
    const crd = api.get(CRDS, undefined, name) as Resource | undefined;
    const conditions = (crd?.status?.conditions ?? []) as readonly unknown[] as readonly Condition[];
    if (!conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return DONE;
    const current = api.get(XRDS, undefined, xrd.metadata.name ?? '') as unknown as Resource;
    const apiVersion = `${xrd.spec.group}/${xrd.spec.versions.find((one) => one.referenceable)?.name ?? ''}`;
    const controllers = {
      ...((current.status?.controllers as object | undefined) ?? {}),
      ...(role === 'claim'
        ? { compositeResourceClaimType: { apiVersion, kind: xrd.spec.claimNames?.kind ?? '' } }
        : { compositeResourceType: { apiVersion, kind: xrd.spec.names.kind } }),
    };
    const type = role === 'claim' ? 'Offered' : 'Established';
    const reason = role === 'claim' ? 'WatchingCompositeResourceClaim' : 'WatchingCompositeResource';
    await writer.status(XRDS, current, [{ type, status: 'True', reason }], { controllers });
    return DONE;
  }

  async function withdraw(xrd: Xrd, role: Role): Promise<Turn> {
    if (!xrd.metadata.finalizers?.includes(MARK[role])) return DONE;
    const resource = role === 'claim' ? claimResource(xrd) : compositeResource(xrd);
    const objects = resource === undefined ? [] : [...api.list(resource)];
    for (const object of objects) if (!isDeleted(object)) await writer.remove(resource as ResourceName, object);
    if (objects.length > 0) return AGAIN;
    const name = `${(role === 'claim' ? xrd.spec.claimNames : xrd.spec.names)?.plural}.${xrd.spec.group}`;
    const crd = api.get(CRDS, undefined, name);
    if (crd !== undefined && controllerOf(crd)?.uid === uidOf(xrd)) {
      if (!isDeleted(crd)) await writer.remove(CRDS, crd);
      return AGAIN;
    }
    await writer.patch(XRDS, xrd, 'merge', { metadata: { finalizers: withoutFinalizer(xrd, MARK[role]) } });
    return DONE;
  }
}

/** Claims go before composites, in both directions. */
const rolesOf = (xrd: Xrd): readonly Role[] =>
  xrd.spec.claimNames === undefined ? ['composite'] : ['claim', 'composite'];
