import { type ResourceName, resourceName } from '../../objects/key.ts';
import { firstGeneration, nextGeneration } from './generation.ts';
import type { KindRules } from './kind-rules.ts';
import type { Body } from './values.ts';

/** Rules of one resource, `apps/deployments`; the generation is counted by the rules themselves, never by the caller. */
export function rulesOf(path: string, rules: Omit<KindRules, 'resource' | 'generation'> = {}): KindRules {
  return { resource: resourceOf(path), generation: false, ...rules };
}
export function resourceOf(path: string): ResourceName {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? resourceName('', path) : resourceName(path.slice(0, slash), path.slice(slash + 1));
}

/** A kind with a status that only /status may write, and a generation that counts changes of the spec. */
export function withStatus(path: string, rules: Omit<KindRules, 'resource' | 'generation'> = {}): KindRules {
  const { prepareCreate, prepareUpdate } = rules;
  return rulesOf(path, {
    ...rules,
    prepareCreate(object, context) {
      delete object.status;
      firstGeneration(object);
      prepareCreate?.(object, context);
    },
    prepareUpdate(next, before, context) {
      keepStatus(next, before);
      prepareUpdate?.(next, before, context);
      nextGeneration(next, before);
    },
  });
}
/** A kind whose generation counts changes of some fields, without a status of its own. */
export function counted(
  path: string,
  fields: readonly string[],
  rules: Omit<KindRules, 'resource' | 'generation'> = {},
): KindRules {
  const { prepareCreate, prepareUpdate } = rules;
  return rulesOf(path, {
    ...rules,
    prepareCreate(object, context) {
      firstGeneration(object);
      prepareCreate?.(object, context);
    },
    prepareUpdate(next, before, context) {
      prepareUpdate?.(next, before, context);
      nextGeneration(next, before, fields);
    },
  });
}
export function keepStatus(next: Body, before: { readonly [field: string]: unknown }): void {
  if (before.status === undefined) delete next.status;
  else next.status = before.status as Body;
}
