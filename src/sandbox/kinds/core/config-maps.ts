import type { KubeObject } from '../../../objects/json.ts';
import { configKey } from '../../schema/metadata/names.ts';
import { each, invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { rulesOf } from '../plain-rules.ts';
import { entries } from '../values.ts';
import { byteCount, DATA_LIMIT, validateImmutable } from './payload.ts';

function validate(object: KubeObject): Problem[] {
  const found: Problem[] = [];
  const binary = new Map(entries(object, 'binaryData'));
  let size = 0;
  for (const [key, value] of entries(object, 'data')) {
    found.push(...each(`data[${key}]`, key, configKey(key)));
    if (binary.has(key)) found.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    size += Buffer.byteLength(String(value));
  }
  for (const [key, value] of binary) {
    found.push(...each(`binaryData[${key}]`, key, configKey(key)));
    size += byteCount(value);
  }
  if (size > DATA_LIMIT)
    found.push({ kind: 'too-long', field: '[]', detail: `may not be more than ${DATA_LIMIT} bytes` });
  return found;
}

export const CONFIG_MAPS = rulesOf('configmaps', {
  validateCreate: validate,
  validateUpdate: (next, before) => [...validateImmutable(next, before, ['data', 'binaryData']), ...validate(next)],
});
