import type { JsonObject, KubeObject, MutableJsonObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import type { ControllerContext } from '../controller.ts';
import { copyOf } from '../hands.ts';
import { applyComposed } from './apply.ts';
import type { Composing } from './composing.ts';
import { type Details, readDetails, secretPlace } from './connection.ts';
import { MARKS } from './marks.ts';
import { composedName } from './names.ts';
import { isReady } from './readiness.ts';
import { annotation, asController, foreignController, type Resource, uidOf } from './resource.ts';
import { patchFromComposite, patchToComposite, type Template, templatesOf } from './template.ts';

export interface ComposedState {
  readonly name: string;
  readonly synced: boolean;
  readonly ready: boolean;
}
/** `composite` is the composite as it was last written. */
export type Composed =
  | {
      readonly kind: 'composed';
      readonly composite: Resource;
      readonly resources: readonly ComposedState[];
      readonly details: Details;
      /** Status fields that patches wrote. */
      readonly status: JsonObject;
    }
  | { readonly kind: 'failed'; readonly composite: Resource; readonly why: string };

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
}
interface Rendered {
  readonly template: Template;
  readonly resource: ResourceName;
  readonly body: MutableJsonObject & { metadata: MutableJsonObject };
}

/**
 * Observes what `resourceRefs` names, renders the templates, writes the references, and only then the resources. What a reference
 * names and is not there is forgotten: it gets another name. That is where duplicates come from (lab 6).
 */
export async function compose(by: Composing, given: Resource, revision: Resource): Promise<Composed> {
  const { context, kinds, writer, flavour, resource } = by;
  const templates = templatesOf(revision.spec ?? {});
  const observed = new Map<string, { ref: Reference; object: KubeObject }>();
  const undesired: { ref: Reference; object: KubeObject; name: string }[] = [];
  for (const ref of (given.spec?.resourceRefs ?? []) as readonly unknown[] as readonly Reference[]) {
    const found = ref.name === undefined ? undefined : referent(by, ref, given);
    if (found === undefined) continue;
    // 2.x pretends that what another one controls does not exist; 1.20 finds it and fails to apply it.
    if (flavour.version === '2.3.4' && foreignController(found, uidOf(given)) !== undefined) continue;
    const name = annotation(found, MARKS.resourceName);
    if (name === undefined)
      return {
        kind: 'failed',
        composite: given,
        why: `encountered composed resource without required "${MARKS.resourceName}" annotation`,
      };
    if (templates.some((template) => template.name === name)) observed.set(name, { ref, object: found });
    else undesired.push({ ref, object: found, name });
  }
  for (const one of undesired) {
    const foreign = foreignController(one.object, uidOf(given));
    if (foreign !== undefined)
      return {
        kind: 'failed',
        composite: given,
        why: `refusing to delete composed resource ${JSON.stringify(one.name)} that is controlled by ${foreign.kind} ${JSON.stringify(foreign.name)}`,
      };
    const plural = kinds.resourceOf(one.ref.apiVersion, one.ref.kind);
    if (plural !== undefined) await writer.remove(plural, one.object);
  }
  const rendered: Rendered[] = [];
  for (const template of templates) {
    const one = render(by, template, given, observed.get(template.name)?.object);
    if (one === undefined)
      return { kind: 'failed', composite: given, why: `no matches for kind ${JSON.stringify(template.base.kind)}` };
    rendered.push(one);
  }
  let composite = await withReferences(by, given, rendered);
  const applied = new Map<Template, KubeObject>();
  for (const { template, resource: plural, body } of rendered) {
    const outcome = await applyComposed(by, plural, body, composite);
    if (outcome.kind === 'applied') applied.set(template, outcome.object);
    else if (outcome.kind === 'foreign')
      return {
        kind: 'failed',
        composite,
        why: `cannot apply composed resource ${JSON.stringify(template.name)}: ${outcome.why}`,
      };
  }
  const status: MutableJsonObject = { spec: copyOf(composite.spec ?? {}) as MutableJsonObject, status: {} };
  const details: Record<string, string> = {};
  const states: ComposedState[] = [];
  for (const { template } of rendered) {
    const object = applied.get(template);
    states.push({
      name: template.name,
      synced: object !== undefined,
      ready: object !== undefined && isReady(object as Resource, template),
    });
    if (object === undefined) continue;
    patchToComposite(status, object, template.patches);
    Object.assign(details, detailsOf(context, object, template));
  }
  composite = await withSpec(by, composite, status.spec as JsonObject);
  return { kind: 'composed', composite, resources: states, details, status: status.status as JsonObject };

  async function withSpec(_: Composing, of: Resource, spec: JsonObject): Promise<Resource> {
    return (await writer.update(resource, { ...of, spec })) as Resource;
  }
}

function referent({ context, kinds }: Composing, ref: Reference, composite: Resource): KubeObject | undefined {
  const plural = kinds.resourceOf(ref.apiVersion, ref.kind);
  return plural === undefined ? undefined : context.api.get(plural, composite.metadata.namespace, ref.name ?? '');
}

function render(
  { context, kinds, flavour }: Composing,
  template: Template,
  composite: Resource,
  existing: KubeObject | undefined,
): Rendered | undefined {
  const body = copyOf(template.base) as MutableJsonObject & { metadata: MutableJsonObject };
  const resource = kinds.resourceOf(String(body.apiVersion), String(body.kind));
  if (resource === undefined) return undefined;
  body.metadata ??= {};
  patchFromComposite(body, composite, template.patches);
  const prefix = `${composite.metadata.labels?.[MARKS.composite] ?? composite.metadata.name}-`;
  const name = existing?.metadata.name ?? body.metadata.name;
  const free = (): string => {
    for (;;) {
      const one = composedName(flavour, prefix, uidOf(composite), template.name, () => context.random());
      if (flavour.version !== '1.20.11' || context.api.get(resource, undefined, one) === undefined) return one;
    }
  };
  const label = (mark: string): string => composite.metadata.labels?.[mark] ?? '';
  Object.assign(body.metadata, {
    name: name ?? free(),
    generateName: prefix,
    ...(existing?.metadata.namespace === undefined ? {} : { namespace: existing.metadata.namespace }),
    annotations: {
      ...(body.metadata.annotations as MutableJsonObject | undefined),
      [MARKS.resourceName]: template.name,
    },
    labels: {
      ...(body.metadata.labels as MutableJsonObject | undefined),
      [MARKS.composite]: label(MARKS.composite),
      [MARKS.claimName]: label(MARKS.claimName),
      [MARKS.claimNamespace]: label(MARKS.claimNamespace),
    },
    ownerReferences: [asController(composite)],
  });
  return { template, resource, body };
}

/** The references are written before the resources exist: a crash leaks none. */
async function withReferences(
  { writer, flavour, resource }: Composing,
  composite: Resource,
  rendered: readonly Rendered[],
): Promise<Resource> {
  const refs = rendered.map(({ body }) => ({
    apiVersion: String(body.apiVersion),
    kind: String(body.kind),
    name: String(body.metadata.name),
  }));
  if (flavour.version === '1.20.11')
    return (await writer.update(resource, {
      ...composite,
      spec: { ...composite.spec, resourceRefs: refs },
    })) as Resource;
  const key = ({ apiVersion, kind, name }: Reference): string => `${apiVersion} ${kind} ${name}`;
  return (await writer.apply(
    resource,
    {
      apiVersion: composite.apiVersion,
      kind: composite.kind,
      metadata: { name: composite.metadata.name },
      spec: { resourceRefs: refs.sort((a, b) => (key(a) < key(b) ? -1 : 1)) },
    },
    'apiextensions.crossplane.io/composite',
  )) as Resource;
}

function detailsOf(context: ControllerContext, object: KubeObject, template: Template): Details {
  const place = secretPlace(object);
  const all = place === undefined ? {} : readDetails(context, place);
  const found: Record<string, string> = {};
  for (const { name, fromConnectionSecretKey, value } of template.connectionDetails) {
    const one = value === undefined ? all[fromConnectionSecretKey ?? name] : Buffer.from(value).toString('base64');
    if (one !== undefined) found[name] = one;
  }
  return found;
}
