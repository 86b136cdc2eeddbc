import type { Plan } from '../../plan/plan.ts';

/** From where to where a plan leads. */
export function planHead({
  point,
  target,
  policy,
  digest,
}: Pick<Plan, 'point' | 'target' | 'policy' | 'digest'>): string {
  const { namespaces, selector } = policy.selection;
  const selected = [
    ...(namespaces === undefined ? [] : [`Namespaces ${namespaces.join(', ')}`]),
    ...(selector === undefined ? [] : [`selector ${selector}`]),
  ];
  const itself = point.fingerprint === target.fingerprint ? ', the captured cluster itself' : '';
  return [
    `from    ${point.id}: ${point.cluster} (${point.version}) as of ${point.takenAt}${point.complete ? '' : ', INCOMPLETE'}`,
    `into    ${target.name} (${target.version}, fingerprint ${target.fingerprint}${itself})`,
    ...(selected.length === 0 ? [] : [`only    ${selected.join('; ')}`]),
    `plan    ${digest.slice(0, 16)}`,
    '',
  ].join('\n');
}
