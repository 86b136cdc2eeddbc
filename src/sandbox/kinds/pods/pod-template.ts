import { validateAnnotations, validateLabels } from '../../schema/metadata/object-meta.ts';
import { forbiddenField } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { type Body, child, items, made } from '../values.ts';
import { validatePodSpec } from './pod-spec.ts';
import { defaultPodSpec } from './pod-spec-defaults.ts';

/** Defaults of a template: of its spec only, never of what only Pods get. */
export function defaultTemplate(template: Body): void {
  defaultPodSpec(made(template, 'spec'));
}

export function validateTemplate(template: Body | undefined, field: string): Problem[] {
  const meta = child(template, 'metadata');
  const found = [
    ...validateLabels(stringMap(meta, 'labels'), `${field}.labels`),
    ...validateAnnotations(stringMap(meta, 'annotations'), `${field}.annotations`),
    ...validatePodSpec(child(template, 'spec') ?? {}, `${field}.spec`),
  ];
  if (items(child(template, 'spec'), 'ephemeralContainers').length > 0) {
    found.push(forbiddenField(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  }
  return found;
}
export const stringMap = (holder: unknown, key: string): Readonly<Record<string, string>> | undefined =>
  child(holder, key) as Readonly<Record<string, string>> | undefined;
