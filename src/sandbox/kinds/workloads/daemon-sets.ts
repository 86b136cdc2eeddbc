import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { percent } from '../../schema/metadata/names.ts';
import { invalidValue, nonNegative, notSupported, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { firstGeneration, nextGeneration } from '../generation.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { defaultTemplate, validateTemplate } from '../pods/pod-template.ts';
import { isEmptySelector, selectorText, validateSelector } from '../selectors.ts';
import { type Body, child, count, fill, fillEmpty, made, text } from '../values.ts';
import { selectorUnchanged } from './deployments.ts';
import { validateCounters, validateIntOrPercent, validateLasting, validateTemplateLabels } from './replicas.ts';

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function defaults(set: Body): void {
  // Every body has it once it is in its version, and its writer owns it.
  fill(made(made(set, 'metadata'), 'annotations'), TEMPLATE_GENERATION, '0');
  const spec = made(set, 'spec');
  const strategy = made(spec, 'updateStrategy');
  fillEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = made(strategy, 'rollingUpdate');
    fill(rolling, 'maxUnavailable', 1);
    fill(rolling, 'maxSurge', 0);
  }
  fill(spec, 'revisionHistoryLimit', 10);
  defaultTemplate(made(spec, 'template'));
  // The server's own form of a DaemonSet always has the count, so that whoever writes one owns it.
  fillEmpty(made(made(set, 'metadata'), 'annotations'), TEMPLATE_GENERATION, '0');
}

function validate(set: KubeObject): Problem[] {
  const spec = child(set, 'spec') ?? {};
  const found = [...validateSelector(child(spec, 'selector'), 'spec.selector'), ...validateTemplateLabels(spec)];
  const selector = child(spec, 'selector');
  if (selector !== undefined && isEmptySelector(selector)) {
    found.push(invalidValue('spec.selector', selectorText(selector), 'empty selector is invalid for daemonset'));
  }
  found.push(...validateTemplate(child(spec, 'template'), 'spec.template'), ...validateLasting(spec, 'DaemonSet'));
  found.push(...nonNegative('spec.minReadySeconds', count(spec, 'minReadySeconds')));
  const strategy = child(spec, 'updateStrategy') ?? {};
  const type = text(strategy, 'type');
  if (type !== 'RollingUpdate' && type !== 'OnDelete') {
    found.push(notSupported('spec.updateStrategy', { Type: type, RollingUpdate: null }, ['RollingUpdate', 'OnDelete']));
  } else if (type === 'RollingUpdate') {
    const rolling = child(strategy, 'rollingUpdate') ?? {};
    const place = 'spec.updateStrategy.rollingUpdate';
    found.push(...validateIntOrPercent(rolling.maxUnavailable, `${place}.maxUnavailable`, percent));
    found.push(...validateIntOrPercent(rolling.maxSurge, `${place}.maxSurge`, percent));
    const zero = (value: unknown): boolean => Number.parseInt(String(value ?? 0), 10) === 0;
    if (zero(rolling.maxUnavailable) && zero(rolling.maxSurge)) {
      found.push(required(`${place}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
    }
  }
  return [...found, ...nonNegative('spec.revisionHistoryLimit', count(spec, 'revisionHistoryLimit'))];
}

const COUNTERS = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'];

/** The count of templates is an annotation in apps/v1; the spec has no field for it. */
function annotate(set: Body, generation: number): void {
  made(made(set, 'metadata'), 'annotations')[TEMPLATE_GENERATION] = String(generation);
}
const templateGeneration = (set: KubeObject): number => Number(set.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);

export const DAEMON_SETS = rulesOf('apps/daemonsets', {
  defaults,
  prepareCreate(set) {
    set.status = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
    firstGeneration(set);
    const told = Number(made(made(set, 'metadata'), 'annotations')[TEMPLATE_GENERATION] ?? 0);
    annotate(set, told < 1 || Number.isNaN(told) ? 1 : told);
  },
  prepareUpdate(next, before) {
    keepStatus(next, before);
    nextGeneration(next, before);
    const [now, was] = [child(next.spec, 'template'), child(before.spec, 'template')];
    const changed = !sameJson((now ?? null) as Json, (was ?? null) as Json);
    annotate(next, templateGeneration(before) + (changed ? 1 : 0));
  },
  validateCreate: validate,
  validateUpdate: (next, before) => [...selectorUnchanged(next, before), ...validate(next)],
  validateStatus: (next) => validateCounters(child(next, 'status'), [...COUNTERS, 'observedGeneration'], []),
});

export const CONTROLLER_REVISIONS = rulesOf('apps/controllerrevisions', {
  validateCreate(revision) {
    const found = nonNegative('revision', count(revision, 'revision'));
    if (revision.data === undefined || revision.data === null) found.push(required('data', 'data is mandatory'));
    else if (typeof revision.data !== 'object' || Array.isArray(revision.data)) {
      found.push(required('data', 'data must be a valid JSON object'));
    }
    return found;
  },
  validateUpdate(next, before) {
    const found = nonNegative('revision', count(next, 'revision'));
    if (!sameJson((next.data ?? null) as Json, (before.data ?? null) as Json)) {
      found.push(invalidValue('data', next.data, 'field is immutable'));
    }
    return found;
  },
});
