import { forbiddenField, invalidValue, nonNegative, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { validateTemplate } from '../pods/pod-template.ts';
import { isEmptySelector, selectorText, selects, sortedMap, validateSelector } from '../selectors.ts';
import { type Body, child, count, deep, has, text } from '../values.ts';

/** The selector of a workload: there, valid, not empty. `kind` as the message names it. */
export function validateOwnSelector(spec: Body, kind: string): Problem[] {
  const selector = child(spec, 'selector');
  if (selector === undefined) return [required('spec.selector')];
  const found = validateSelector(selector, 'spec.selector');
  if (found.some(({ field }) => field.includes('matchExpressions'))) {
    found.push(
      invalidValue('spec.selector', selectorText(selector), SELECTOR_FAULTS[kind] ?? 'invalid label selector'),
    );
  }
  if (isEmptySelector(selector)) {
    found.push(invalidValue('spec.selector', selectorText(selector), `empty selector is invalid for ${kind}`));
  }
  return found;
}

/** What is said of a selector that cannot be read, by kind. */
const SELECTOR_FAULTS: Readonly<Record<string, string>> = { statefulset: '' };
const isReadable = (selector: Body): boolean =>
  !validateSelector(selector, '').some(({ field }) => field.includes('matchExpressions'));

/** Whether the workload would find the Pods that it makes. */
export function validateTemplateLabels(spec: Body): Problem[] {
  const selector = child(spec, 'selector');
  const labels = deep(spec, 'template', 'metadata', 'labels');
  // No selector selects nothing, an empty one everything; what cannot be read is complained of elsewhere.
  if (selector !== undefined && (isEmptySelector(selector) || !isReadable(selector))) return [];
  if (selector !== undefined && selects(selector, labels)) return [];
  const said = '`selector` does not match template `labels`';
  return [invalidValue('spec.template.metadata.labels', sortedMap(labels), said)];
}

/** The template of a workload whose Pods always run. `kind` as the message names it. */
export function validateLastingTemplate(spec: Body, kind: string): Problem[] {
  const field = 'spec.template';
  const found = [...validateTemplateLabels(spec), ...validateTemplate(child(spec, 'template'), field)];
  return [...found, ...validateLasting(spec, kind)];
}
export function validateLasting(spec: Body, kind: string): Problem[] {
  const pod = deep(spec, 'template', 'spec');
  const found: Problem[] = [];
  const restart = text(pod, 'restartPolicy');
  if (restart !== 'Always') found.push(notSupported('spec.template.spec.restartPolicy', restart, ['Always']));
  if (has(pod, 'activeDeadlineSeconds')) {
    const said = `activeDeadlineSeconds in ${kind} is not Supported`;
    found.push(forbiddenField('spec.template.spec.activeDeadlineSeconds', said));
  }
  return found;
}

/** Counters of a status: none negative, none of `below` above `replicas`. */
export function validateCounters(
  status: Body | undefined,
  all: readonly string[],
  below: readonly string[],
): Problem[] {
  const found = all.flatMap((key) => nonNegative(`status.${key}`, count(status, key)));
  for (const key of below) {
    if (count(status, key) > count(status, 'replicas')) {
      found.push(invalidValue(`status.${key}`, count(status, key), 'cannot be greater than status.replicas'));
    }
  }
  return found;
}
/** A percentage or a count that may not be negative. */
export function validateIntOrPercent(
  value: unknown,
  field: string,
  percent: (text: string) => readonly string[],
): Problem[] {
  if (typeof value === 'string') return percent(value).map((said) => invalidValue(field, value, said));
  return nonNegative(field, typeof value === 'number' ? value : 0);
}
