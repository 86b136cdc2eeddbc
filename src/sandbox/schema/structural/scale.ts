import { isJsonObject } from '../../../objects/json.ts';
import type { Problem } from '../../status/problem.ts';
import type { ScalePaths } from './custom-kind.ts';
import { goType } from './go-type.ts';

const MOST = 2_147_483_647;

export function scaleSpecProblems(object: unknown, scale: ScalePaths | undefined): Problem[] {
  return scale === undefined ? [] : countProblems(object, scale.specReplicasPath);
}

export function scaleStatusProblems(object: unknown, scale: ScalePaths | undefined): Problem[] {
  if (scale === undefined) return [];
  const problems = countProblems(object, scale.statusReplicasPath);
  const path = scale.labelSelectorPath;
  if (path !== undefined) {
    const found = at(object, path, 'string');
    if ('error' in found) problems.push({ kind: 'invalid', field: path, value: '', detail: found.error });
  }
  return problems;
}

function countProblems(object: unknown, path: string): Problem[] {
  const found = at(object, path, 'int64');
  const told = (value: unknown, detail: string): Problem[] => [{ kind: 'invalid', field: path, value, detail }];
  if ('error' in found) return told(0, found.error);
  const count = (found.value as number | undefined) ?? 0;
  if (count < 0) return told(count, 'should be a non-negative integer');
  return count > MOST ? told(count, `should be less than or equal to ${MOST}`) : [];
}

function at(object: unknown, path: string, type: 'int64' | 'string'): { value: unknown } | { error: string } {
  const names = path.replace(/^\./, '').split('.');
  let value: unknown = object;
  for (const [index, name] of names.entries()) {
    if (!isJsonObject(value)) {
      const where = `.${names.slice(0, index).join('.')}`;
      return {
        error: `${where} accessor error: ${shown(value)} is of the type ${goType(value)}, expected map[string]interface{}`,
      };
    }
    if (!Object.hasOwn(value, name)) return { value: undefined };
    value = value[name];
  }
  const fits = type === 'string' ? typeof value === 'string' : typeof value === 'number' && Number.isInteger(value);
  if (fits) return { value };
  return {
    error: `.${names.join('.')} accessor error: ${shown(value)} is of the type ${goType(value)}, expected ${type}`,
  };
}

const shown = (value: unknown): string =>
  value === null ? '<nil>' : typeof value === 'object' ? JSON.stringify(value) : String(value);
