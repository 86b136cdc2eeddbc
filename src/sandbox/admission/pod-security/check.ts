import type { ContainerShape, PodSpecShape } from '../shapes.ts';

/** What a check found, in the server's words. */
export interface Finding {
  readonly reason: string;
  readonly detail: string;
}
/** One check of the Pod Security Standards. */
export interface Check {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** First minor version of the policies that has it. */
  readonly since: number;
  /** The check of baseline that it takes the place of. */
  readonly replaces?: string;
  find(spec: PodSpecShape, annotations: Readonly<Record<string, string>>, minor: number): Finding | undefined;
}

export const quoted = (items: readonly string[]): string => (items.length === 0 ? '' : `"${items.join('", "')}"`);
export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);
export const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort();
/** `container "a"`, `containers "a", "b"`. */
export const containers = (names: readonly string[]): string =>
  `${plural('container', 'containers', names.length)} ${quoted(names)}`;

export const allContainers = (spec: PodSpecShape): ContainerShape[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...(spec.ephemeralContainers ?? []),
];

/** The containers of which something bad can be said, and all that was said. */
export function collect(
  spec: PodSpecShape,
  bad: (container: ContainerShape) => readonly string[],
): { names: string[]; values: string[] } {
  const names: string[] = [];
  const values: string[] = [];
  for (const container of allContainers(spec)) {
    const found = bad(container);
    if (found.length === 0) continue;
    names.push(container.name);
    values.push(...found);
  }
  return { names, values: sorted(values) };
}

/** The Pod itself and the containers that set something wrong: `pod and container "a"`; '' when nobody does. */
export function setters(pod: boolean, names: readonly string[]): string {
  return [...(pod ? ['pod'] : []), ...(names.length === 0 ? [] : [containers(names)])].join(' and ');
}
