import { compareText } from '../../objects/key.ts';
import { type Cause, type Refusal, refusal } from '../status/refusal.ts';
import { pathText } from './field-set.ts';
import { identityText, type Owner, type Owners } from './managers.ts';
import type { FieldConflict } from './ownership.ts';

/** The time is no part of a manager's identity, so that it is not told. */
function managerText({ manager, operation, apiVersion, subresource }: Owner): string {
  const who = `${JSON.stringify(manager)}${subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}

/** 409 of an apply that would change what others own: one cause a path, managers in the order of their names. */
export function conflictRefusal(conflicts: readonly FieldConflict[], owners: Owners): Refusal {
  const shown = conflicts.map(({ key, path }) => {
    const owner = owners.get(key);
    return owner === undefined
      ? { identity: '', manager: '', path: pathText(path) }
      : { identity: identityText(owner), manager: managerText(owner), path: pathText(path) };
  });
  const sorted = [...shown].sort((a, b) => compareText(a.identity, b.identity));
  const causes: Cause[] = sorted.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  return refusal({ code: 409, reason: 'Conflict', message: messageOf(sorted), details: { causes } });
}

function messageOf(shown: readonly { readonly manager: string; readonly path: string }[]): string {
  const [only] = shown;
  if (shown.length === 1 && only !== undefined)
    return `Apply failed with 1 conflict: conflict with ${only.manager}: ${only.path}`;
  const lines: string[] = [];
  let last: string | undefined;
  for (const { manager, path } of shown) {
    if (manager !== last) lines.push(`conflicts with ${manager}:`);
    last = manager;
    lines.push(`- ${path}`);
  }
  return `Apply failed with ${shown.length} conflicts: ${lines.join('\n')}`;
}
