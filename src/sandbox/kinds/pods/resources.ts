import { qualifiedName } from '../../schema/metadata/names.ts';
import { each, invalidValue, required } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { nanoOf } from '../quantity.ts';
import { type Body, entries } from '../values.ts';

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];
const isStandard = (name: string): boolean => STANDARD.includes(name) || name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** Requests and limits of a container. */
export function validateResources(resources: Body | undefined, field: string): Problem[] {
  const found: Problem[] = [];
  const limits = new Map(entries(resources, 'limits'));
  for (const [name, value] of limits) {
    found.push(
      ...resourceName(name, `${field}.limits[${name}]`),
      ...quantity(name, String(value), `${field}.limits[${name}]`),
    );
  }
  for (const [name, value] of entries(resources, 'requests')) {
    const place = `${field}.requests`;
    found.push(...resourceName(name, `${place}[${name}]`), ...quantity(name, String(value), `${place}[${name}]`));
    const limit = limits.get(name);
    if (limit === undefined) {
      if (!isOvercommit(name))
        found.push(required(`${field}.limits`, 'Limit must be set for non overcommitable resources'));
      continue;
    }
    if (!isOvercommit(name) && nanoOf(value) !== nanoOf(limit)) {
      found.push(invalidValue(place, value, `must be equal to ${name} limit of ${String(limit)}`));
    } else if (nanoOf(value) > nanoOf(limit)) {
      found.push(invalidValue(place, value, `must be less than or equal to ${name} limit of ${String(limit)}`));
    }
  }
  return found;
}
const isOvercommit = (name: string): boolean => isNative(name) && !name.startsWith('hugepages-');

function resourceName(name: string, field: string): Problem[] {
  const found = each(field, name, qualifiedName(name));
  if (found.length > 0) return found;
  if (!name.includes('/') && !isStandard(name)) {
    return [
      invalidValue(field, name, 'must be a standard resource type or fully qualified'),
      invalidValue(field, name, 'must be a standard resource for containers'),
    ];
  }
  return [];
}

/** An amount that may not be negative and, for whole things, not broken. */
export function quantity(name: string, value: string, field: string): Problem[] {
  const nano = nanoOf(value);
  const found: Problem[] = nano < 0n ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];
  if (!isNative(name) && nano % 1_000_000_000n !== 0n) found.push(invalidValue(field, value, 'must be an integer'));
  return found;
}
