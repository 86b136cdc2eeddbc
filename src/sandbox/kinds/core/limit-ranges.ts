import type { KubeObject, MutableJson } from '../../../objects/json.ts';
import { qualifiedName } from '../../schema/metadata/names.ts';
import { duplicate, each, forbiddenField, invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { rulesOf } from '../plain-rules.ts';
import { nanoOf } from '../quantity.ts';
import { type Body, child, entries, fill, items, made, text } from '../values.ts';

/** Limits follow maxima, requests follow limits, then minima; for containers only. */
function defaultLimits(range: Body): void {
  for (const limit of items(child(range, 'spec'), 'limits')) {
    if (text(limit, 'type') !== 'Container') continue;
    const follow = (target: string, source: string): void => {
      for (const [name, value] of entries(limit, source)) fill(made(limit, target), name, value as MutableJson);
    };
    follow('default', 'max');
    follow('defaultRequest', 'default');
    follow('defaultRequest', 'min');
  }
}

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];
const OF_CONTAINERS = ['cpu', 'memory', 'ephemeral-storage'];
const OTHERS = ['storage', 'pods', 'services', 'secrets', 'configmaps', 'persistentvolumeclaims', 'resourcequotas'];

function resourceName(type: string, name: string, field: string): Problem[] {
  const found = each(field, name, qualifiedName(name));
  if (found.length > 0 || name.includes('/')) return found;
  const ofContainers = OF_CONTAINERS.includes(name) || name.startsWith('hugepages-');
  if (!ofContainers && !OTHERS.includes(name) && !/^(requests|limits)\./.test(name))
    found.push(invalidValue(field, name, 'must be a standard resource type or fully qualified'));
  if ((type === 'Pod' || type === 'Container') && !ofContainers)
    found.push(invalidValue(field, name, 'must be a standard resource for containers'));
  return found;
}

function typeProblems(type: string, field: string): Problem[] {
  const found = each(field, type, qualifiedName(type));
  if (found.length > 0 || type.includes('/') || TYPES.includes(type)) return found;
  return [invalidValue(field, type, 'must be a standard limit type or fully qualified')];
}

type Amounts = ReadonlyMap<string, string>;
const amountsOf = (limit: Body, key: string): Amounts =>
  new Map(entries(limit, key).map(([name, value]) => [name, String(value)]));

/** What the amounts of one resource say about each other. */
function relations(name: string, limit: Readonly<Record<string, Amounts>>, field: string): Problem[] {
  const found: Problem[] = [];
  const of = (key: string): string | undefined => limit[key]?.get(name);
  const [min, max, given, asked, ratio] = [
    of('min'),
    of('max'),
    of('default'),
    of('defaultRequest'),
    of('maxLimitRequestRatio'),
  ];
  const above = (a: string | undefined, b: string | undefined): a is string =>
    a !== undefined && b !== undefined && nanoOf(a) > nanoOf(b);
  const wrong = (key: string, value: string | undefined, said: string): void => {
    found.push(invalidValue(`${field}.${key}[${name}]`, value, said));
  };
  if (above(min, max)) wrong('min', min, `min value ${min} is greater than max value ${max}`);
  if (above(min, asked))
    wrong('defaultRequest', asked, `min value ${min} is greater than default request value ${asked}`);
  if (above(asked, max))
    wrong('defaultRequest', asked, `default request value ${asked} is greater than max value ${max}`);
  if (above(asked, given))
    wrong('defaultRequest', asked, `default request value ${asked} is greater than default limit value ${given}`);
  if (above(min, given)) wrong('default', min, `min value ${min} is greater than default value ${given}`);
  if (above(given, max)) wrong('default', max, `default value ${given} is greater than max value ${max}`);
  if (ratio !== undefined && nanoOf(ratio) < 1_000_000_000n)
    wrong('maxLimitRequestRatio', ratio, `ratio ${ratio} is less than 1`);
  if (ratio !== undefined && min !== undefined && max !== undefined) {
    const most = Number(nanoOf(max)) / Number(nanoOf(min));
    if (Number(nanoOf(ratio)) / 1e9 > most)
      wrong('maxLimitRequestRatio', ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`);
  }
  const exact = name.startsWith('hugepages-') || (name.includes('/') && !name.includes('kubernetes.io/'));
  if (exact && given !== undefined && asked !== undefined && nanoOf(given) !== nanoOf(asked))
    wrong('defaultRequest', asked, `default value ${given} must equal to defaultRequest value ${asked} in ${name}`);
  return found;
}

function validate(range: KubeObject): Problem[] {
  const found: Problem[] = [];
  const types = new Set<string>();
  items(child(range, 'spec'), 'limits').forEach((limit, at) => {
    const field = `spec.limits[${at}]`;
    const type = text(limit, 'type');
    found.push(...typeProblems(type, `${field}.type`));
    if (types.has(type)) found.push(duplicate(`${field}.type`, type));
    types.add(type);
    const ofPods = type === 'Pod';
    const amounts: Record<string, Amounts> = {};
    const take = (key: string): void => {
      amounts[key] = amountsOf(limit, key);
      for (const name of amounts[key].keys()) found.push(...resourceName(type, name, `${field}.${key}[${name}]`));
    };
    take('max');
    take('min');
    for (const key of ['default', 'defaultRequest']) {
      if (!ofPods) take(key);
      else if (entries(limit, key).length > 0)
        found.push(forbiddenField(`${field}.${key}`, "may not be specified when `type` is 'Pod'"));
    }
    if (type === 'PersistentVolumeClaim' && !amounts.min?.has('storage') && !amounts.max?.has('storage')) {
      const said = 'either minimum or maximum storage value is required, but neither was provided';
      found.push(required(`${field}.limits`, said));
    }
    take('maxLimitRequestRatio');
    const names = new Set(Object.values(amounts).flatMap((one) => [...one.keys()]));
    for (const name of names) found.push(...relations(name, amounts, field));
  });
  return found;
}

export const LIMIT_RANGES = rulesOf('limitranges', {
  createOnUpdate: true,
  defaults: defaultLimits,
  validateCreate: validate,
  validateUpdate: validate,
});
