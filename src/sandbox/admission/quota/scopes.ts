import { meets } from '../../../objects/selector-shape.ts';
import type { PodShape, PodSpecShape } from '../shapes.ts';

/** One scope of a quota: `scopes` are such with operator Exists. */
export interface ScopeSelector {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
export interface QuotaSpec {
  readonly hard?: Readonly<Record<string, string>>;
  readonly scopes?: readonly string[];
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeSelector[] };
}

export const selectorsOf = (spec: QuotaSpec): ScopeSelector[] => [
  ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
  ...(spec.scopeSelector?.matchExpressions ?? []),
];

/** Whether a named thing (priority class, volume attributes class) is selected; undefined when the object names none. */
export const selects = ({ operator, values = [] }: ScopeSelector, value: string | undefined): boolean =>
  meets(operator, values, value);

export const isTerminating = (pod: PodShape): boolean => (pod.spec.activeDeadlineSeconds ?? -1) >= 0;

/** No container asks for or is limited in CPU or memory. */
function isBestEffort(spec: PodSpecShape): boolean {
  const sized = (list: Record<string, string> | undefined): boolean =>
    ['cpu', 'memory'].some((name) => list?.[name] !== undefined && list[name] !== '0');
  return ![
    spec.resources,
    ...[...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((one) => one.resources),
  ].some((resources) => sized(resources?.requests) || sized(resources?.limits));
}

interface Term {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: unknown;
  readonly podAffinityTerm?: Term;
}
function crossesNamespaces(spec: PodSpecShape): boolean {
  const affinity = spec.affinity as Record<string, Record<string, readonly Term[]> | undefined> | undefined;
  return ['podAffinity', 'podAntiAffinity'].some((kind) =>
    ['requiredDuringSchedulingIgnoredDuringExecution', 'preferredDuringSchedulingIgnoredDuringExecution'].some((when) =>
      (affinity?.[kind]?.[when] ?? []).some((term) => {
        const { namespaces = [], namespaceSelector } = term.podAffinityTerm ?? term;
        return namespaces.length > 0 || namespaceSelector !== undefined;
      }),
    ),
  );
}

/** Whether a Pod falls into a scope. */
export function podInScope(pod: PodShape, selector: ScopeSelector): boolean {
  switch (selector.scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return isBestEffort(pod.spec);
    case 'NotBestEffort':
      return !isBestEffort(pod.spec);
    case 'PriorityClass':
      return selects(selector, pod.spec.priorityClassName || undefined);
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(pod.spec);
    default:
      return false;
  }
}
