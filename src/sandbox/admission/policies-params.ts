import type { KubeObject } from '../../objects/json.ts';
import { labelsMatch } from './label-match.ts';
import type { Attempt } from './plugin.ts';
import type { PolicyBindingSpec, PolicyParts, PolicySpec } from './policies-shapes.ts';

/** The parameters of a binding, one judgement each; undefined stands for none. */
export type Params = { readonly objects: readonly (KubeObject | undefined)[] } | { readonly error: string };

export function paramsFor(spec: PolicySpec, binding: PolicyBindingSpec, attempt: Attempt, parts: PolicyParts): Params {
  const { paramKind } = spec;
  const { paramRef } = binding;
  if (paramKind === undefined || paramRef === undefined) return { objects: [undefined] };
  const kind = parts.paramResource(paramKind.apiVersion, paramKind.kind);
  if (kind === undefined)
    return {
      error: `paramKind kind \`&ParamKind{APIVersion:${paramKind.apiVersion},Kind:${paramKind.kind},}\` not known`,
    };
  let namespace: string | undefined;
  if (kind.namespaced) {
    namespace = paramRef.namespace || attempt.namespace;
    if (!namespace)
      return { error: 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources' };
  } else if (paramRef.namespace)
    return { error: 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`' };
  const { store } = attempt.context;
  const objects: KubeObject[] = [];
  if (paramRef.name) {
    const found = store.get(kind.resource, namespace, paramRef.name);
    if (found !== undefined) objects.push(found);
  } else if (paramRef.selector !== undefined) {
    for (const object of store.list(kind.resource, namespace))
      if (labelsMatch(paramRef.selector, object.metadata.labels)) objects.push(object);
  } else return { error: 'one of name or selector must be provided' };
  if (objects.length === 0 && paramRef.parameterNotFoundAction === 'Deny')
    return { error: 'no params found for policy binding with `Deny` parameterNotFoundAction' };
  return { objects };
}
