import { isJsonObject, type MutableJsonObject } from '../../objects/json.ts';
import type { DeleteOptions } from '../api/delete.ts';
import { invalid, type Problem } from '../status/problem.ts';
import { badRequest } from '../status/refusal.ts';
import { flag, integer } from './list-options.ts';

/** What the query of a create, update or patch says of the write. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly manager: string | undefined;
  readonly validation: 'Ignore' | 'Warn' | 'Strict';
  readonly force: boolean | undefined;
  readonly options: MutableJsonObject;
}

const LONGEST_MANAGER = 128;

export function writeOptions(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  apply = false,
): WriteOptions {
  const dryRun = query.getAll('dryRun');
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  const force = flag(query, 'force');
  const problems: Problem[] = [];
  if (kind === 'PatchOptions') {
    if (apply && manager === '')
      problems.push({ kind: 'required', field: 'fieldManager', detail: 'is required for apply patch' });
    if (!apply && force !== undefined)
      problems.push({ kind: 'forbidden', field: 'force', detail: 'may not be specified for non-apply patch' });
  }
  problems.push(...managerProblems(manager), ...dryRunProblems(dryRun));
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(validation))
    problems.push({
      kind: 'not-supported',
      field: 'fieldValidation',
      value: validation,
      supported: ['', 'Ignore', 'Strict', 'Warn'],
    });
  if (problems.length > 0) throw invalid('meta.k8s.io', kind, '', problems);
  const options: MutableJsonObject = { kind, apiVersion: 'meta.k8s.io/v1' };
  if (dryRun.length > 0) options.dryRun = dryRun;
  if (manager !== '') options.fieldManager = manager;
  if (validation !== '') options.fieldValidation = validation;
  if (force !== undefined && kind === 'PatchOptions') options.force = force;
  return {
    dryRun: dryRun.length > 0,
    manager: manager === '' ? undefined : manager,
    validation: validation === '' ? 'Warn' : (validation as 'Ignore' | 'Warn' | 'Strict'),
    force,
    options,
  };
}

function managerProblems(manager: string): Problem[] {
  const found: Problem[] = [];
  if (manager.length > LONGEST_MANAGER)
    found.push({ kind: 'too-long', field: 'fieldManager', detail: `may not be more than ${LONGEST_MANAGER} bytes` });
  const at = manager.search(/[\u0000-\u001f\u007f]/);
  if (at >= 0)
    found.push({
      kind: 'invalid',
      field: 'fieldManager',
      value: manager,
      detail: `invalid character '\\x${manager.charCodeAt(at).toString(16).padStart(2, '0')}' (at position ${at})`,
    });
  return found;
}

function dryRunProblems(values: readonly string[]): Problem[] {
  return values.some((value) => value !== 'All')
    ? [{ kind: 'not-supported', field: 'dryRun', value: [...values], supported: ['All'] }]
    : [];
}

/** The options of a delete: from its body, else from its query. */
export function deleteOptions(
  body: MutableJsonObject | undefined,
  query: URLSearchParams,
): { readonly remove: DeleteOptions; readonly dryRun: boolean; readonly options: MutableJsonObject } {
  const given = body ?? optionsOfQuery(query);
  const { propagationPolicy, orphanDependents, gracePeriodSeconds, preconditions, dryRun } = given;
  const own = body?.kind;
  if (own !== undefined && own !== 'DeleteOptions')
    throw badRequest(`decoded object cannot be converted to DeleteOptions`);
  const problems: Problem[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined)
    problems.push({
      kind: 'invalid',
      field: 'propagationPolicy',
      value: propagationPolicy,
      detail: 'orphanDependents and deletionPropagation cannot be both set',
    });
  if (propagationPolicy !== undefined && !POLICIES.includes(String(propagationPolicy)))
    problems.push({
      kind: 'not-supported',
      field: 'propagationPolicy',
      value: propagationPolicy,
      supported: [...POLICIES, 'nil'],
    });
  const dry = Array.isArray(dryRun) ? dryRun.map(String) : [];
  problems.push(...dryRunProblems(dry));
  if (problems.length > 0) throw invalid('meta.k8s.io', 'DeleteOptions', '', problems);
  const wanted = isJsonObject(preconditions) ? preconditions : {};
  const remove: DeleteOptions = {
    ...(typeof gracePeriodSeconds === 'number' ? { graceSeconds: gracePeriodSeconds } : {}),
    ...(typeof wanted.uid === 'string' ? { uid: wanted.uid } : {}),
    ...(typeof wanted.resourceVersion === 'string' ? { resourceVersion: wanted.resourceVersion } : {}),
    ...(typeof propagationPolicy === 'string'
      ? { propagation: propagationPolicy as NonNullable<DeleteOptions['propagation']> }
      : {}),
    ...(typeof orphanDependents === 'boolean' ? { orphanDependents } : {}),
  };
  return { remove, dryRun: dry.length > 0, options: { ...given, kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1' } };
}

const POLICIES = ['Foreground', 'Background', 'Orphan'];

function optionsOfQuery(query: URLSearchParams): MutableJsonObject {
  const grace = integer(query, 'gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const orphan = flag(query, 'orphanDependents');
  const dryRun = query.getAll('dryRun');
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === null || policy === '' ? {} : { propagationPolicy: policy }),
    ...(orphan === undefined ? {} : { orphanDependents: orphan }),
    ...(dryRun.length === 0 ? {} : { dryRun }),
  };
}
