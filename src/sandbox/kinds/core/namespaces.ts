import type { KubeObject } from '../../../objects/json.ts';
import { qualifiedName } from '../../schema/metadata/names.ts';
import { each, invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import type { SubresourceRules } from '../kind-rules.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { type Body, child, fillEmpty, made, text, texts } from '../values.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

function labelName(namespace: Body): void {
  const meta = made(namespace, 'metadata');
  const name = text(meta, 'name');
  if (name !== '') made(meta, 'labels')[NAME_LABEL] = name;
}
function validateFinalizers(namespace: KubeObject): Problem[] {
  return texts(namespace.spec, 'finalizers').flatMap((name) => {
    const found = each('spec.finalizers', name, qualifiedName(name));
    if (name.includes('/') || name === 'kubernetes') return found;
    return [
      ...found,
      ...each('spec.finalizers', name, ['name is neither a standard finalizer name nor is it fully qualified']),
    ];
  });
}

/** /finalize changes the finalizers of the spec, and nothing else of it. */
const FINALIZE: SubresourceRules = {
  prepare(next, before) {
    const finalizers = texts(next.spec, 'finalizers');
    next.spec = { ...child(before, 'spec') };
    if (finalizers.length === 0) delete (next.spec as Body).finalizers;
    else (next.spec as Body).finalizers = [...finalizers];
    keepStatus(next, before);
  },
  validate: (next) =>
    texts(next.spec, 'finalizers').flatMap((name, at) => {
      const field = `spec.finalizers[${at}]`;
      const found = each(field, name, qualifiedName(name));
      if (name.includes('/') || name === 'kubernetes') return found;
      return [...found, ...each(field, name, ['name is neither a standard finalizer name nor is it fully qualified'])];
    }),
};

export const NAMESPACES = rulesOf('namespaces', {
  defaults(namespace) {
    labelName(namespace);
    fillEmpty(made(namespace, 'status'), 'phase', 'Active');
  },
  prepareCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const spec = made(namespace, 'spec');
    const finalizers = [...texts(spec, 'finalizers')];
    spec.finalizers = finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'];
    labelName(namespace);
  },
  prepareUpdate(next, before) {
    const finalizers = texts(before.spec, 'finalizers');
    const spec = made(next, 'spec');
    if (finalizers.length === 0) delete spec.finalizers;
    else spec.finalizers = [...finalizers];
    keepStatus(next, before);
    labelName(next);
  },
  prepareStatus(next, before) {
    next.spec = (child(before, 'spec') ?? {}) as Body;
  },
  validateCreate: validateFinalizers,
  validateUpdate: validateFinalizers,
  validateStatus(next) {
    const phase = text(child(next, 'status'), 'phase');
    const [wanted, state] =
      next.metadata.deletionTimestamp === undefined ? ['Active', 'empty'] : ['Terminating', 'not empty'];
    const said = `may only be '${wanted}' if \`deletionTimestamp\` is ${state}`;
    return phase === wanted ? [] : [invalidValue('status.Phase', phase, said)];
  },
  subresources: { finalize: FINALIZE },
  selectable: (namespace) => ({
    'status.phase': text(child(namespace, 'status'), 'phase'),
    name: namespace.metadata.name ?? '',
  }),
});
