import type { JsonObject, KubeObject } from '../../../objects/json.ts';
import { controllerOf } from '../../../objects/owners.ts';
import type { ControllerContext } from '../controller.ts';
import { SECRETS } from './kinds.ts';
import { CONNECTION_TYPE } from './marks.ts';
import { asController, uidOf } from './resource.ts';
import type { Writer } from './writer.ts';

/** Keys to base64. */
export type Details = Readonly<Record<string, string>>;
export interface SecretPlace {
  readonly name: string;
  readonly namespace: string;
}
interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Details;
}

/** What an apply that must be able to take control came to; `refused` is the sentence of crossplane-runtime. */
export type Published = { readonly kind: 'unchanged' | 'written' } | { readonly kind: 'refused'; readonly why: string };

/** `spec.writeConnectionSecretToRef`; of a claim the namespace is its own. */
export function secretPlace(object: KubeObject): SecretPlace | undefined {
  const { writeConnectionSecretToRef: ref } = (object.spec ?? {}) as {
    writeConnectionSecretToRef?: Partial<SecretPlace>;
  };
  const namespace = ref?.namespace ?? object.metadata.namespace;
  return ref?.name === undefined || namespace === undefined ? undefined : { name: ref.name, namespace };
}

export const readDetails = (context: ControllerContext, place: SecretPlace): Details =>
  (context.api.get(SECRETS, place.namespace, place.name) as Secret | undefined)?.data ?? {};

/**
 * Writes details into the connection secret of an object: keys are added to those that are there, none is taken away. A secret
 * that nobody controls is taken over if it is of the type, but not when it holds exactly these details already (so a claim's
 * secret stays without its owner, lab 6); one that another UID controls is refused.
 */
export async function publish(
  context: ControllerContext,
  writer: Writer,
  owner: KubeObject,
  details: Details,
): Promise<Published> {
  const place = secretPlace(owner);
  if (place === undefined) return { kind: 'unchanged' };
  const there = context.api.get(SECRETS, place.namespace, place.name) as Secret | undefined;
  const ownerReferences = [asController(owner)] as unknown as JsonObject[];
  if (there === undefined) {
    const metadata = { ...place, ownerReferences };
    const body = { apiVersion: 'v1', kind: 'Secret', metadata, type: CONNECTION_TYPE, data: details };
    await writer.create(SECRETS, place.namespace, body);
    return { kind: 'written' };
  }
  const controller = controllerOf(there);
  if (controller === undefined && there.type !== CONNECTION_TYPE)
    return {
      kind: 'refused',
      why: `refusing to modify uncontrolled secret of type ${JSON.stringify(there.type ?? '')}`,
    };
  if (controller !== undefined && controller.uid !== uidOf(owner))
    return { kind: 'refused', why: `existing secret is not controlled by UID ${JSON.stringify(uidOf(owner))}` };
  if (same(there.data ?? {}, details)) return { kind: 'unchanged' };
  const next = await writer.patch(SECRETS, there, 'merge', { metadata: { ownerReferences }, data: details });
  return { kind: next.metadata.resourceVersion === there.metadata.resourceVersion ? 'unchanged' : 'written' };
}

const same = (a: Details, b: Details): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
