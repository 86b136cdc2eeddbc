import { createHash } from 'node:crypto';
import type { JsonObject, KubeObject, MutableJsonObject } from '../../../objects/json.ts';
import { groupOf, type ResourceName } from '../../../objects/key.ts';
import { refusedAs } from '../hands.ts';
import type { Composing } from './composing.ts';
import { covers } from './covers.ts';
import { foreignController, type Resource, uidOf } from './resource.ts';
import { clearForeignManagers } from './upgrade.ts';

/** `invalid`: the server refused its content, which is reported and tried again. */
export type Applied =
  | { readonly kind: 'applied'; readonly object: KubeObject }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'foreign'; readonly why: string };

/** Writes one composed resource: 1.20 creates it or merges into it when it may control it; 2.x applies it server-side. */
export async function applyComposed(
  { context, writer, flavour }: Composing,
  resource: ResourceName,
  body: MutableJsonObject & { metadata: MutableJsonObject },
  composite: Resource,
): Promise<Applied> {
  const namespace = body.metadata.namespace as string | undefined;
  const there = context.api.get(resource, namespace, String(body.metadata.name));
  try {
    if (flavour.version === '2.3.4') {
      const manager = composedManager(composite);
      if (there !== undefined) await clearForeignManagers(writer, resource, there, manager);
      return { kind: 'applied', object: await writer.apply(resource, body as JsonObject, manager) };
    }
    if (there === undefined) return { kind: 'applied', object: await writer.create(resource, namespace, body) };
    if (foreignController(there, uidOf(composite)) !== undefined)
      return { kind: 'foreign', why: `existing object is not controlled by UID ${JSON.stringify(uidOf(composite))}` };
    if (covers(there, body)) return { kind: 'applied', object: there };
    return { kind: 'applied', object: await writer.patch(resource, there, 'merge', body) };
  } catch (error) {
    if (refusedAs(error, 'Invalid')) return { kind: 'invalid' };
    throw error;
  }
}

/** Its manager is made from the composite's name and the kind, not from UIDs, so that it survives a restore. */
function composedManager(composite: Resource): string {
  const kind = `${String(composite.kind)}.${groupOf(composite.apiVersion)}`;
  const digest = createHash('sha256').update(`${composite.metadata.name}${kind}`);
  return `apiextensions.crossplane.io/composed/${digest.digest('hex').slice(0, 32)}`;
}
