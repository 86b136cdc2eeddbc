import type { Resource } from './resource.ts';

/** What a managed resource's management and deletion policies allow (crossplane-gitops 3: the truth table). */
export interface Policy {
  readonly paused: boolean;
  /** Why the combination is refused; then nothing runs. */
  readonly invalid?: string;
  readonly onlyObserve: boolean;
  readonly create: boolean;
  readonly update: boolean;
  readonly delete: boolean;
}

const SUPPORTED = [
  '*',
  '',
  'Observe',
  'Create,Delete,LateInitialize,Observe,Update',
  'Create,Delete,Observe,Update',
  'Create,LateInitialize,Observe,Update',
  'Create,Observe,Update',
  'Delete,LateInitialize,Observe,Update',
  'Delete,Observe,Update',
  'LateInitialize,Observe,Update',
  'Observe,Update',
  'Create,Delete,LateInitialize,Observe',
  'Create,Delete,Observe',
  'Create,Observe',
  'Create,LateInitialize,Observe',
  'Delete,Observe',
];

export function policyOf(managed: Resource): Policy {
  const list = (managed.spec?.managementPolicies as readonly string[] | undefined) ?? ['*'];
  const orphan = managed.spec?.deletionPolicy === 'Orphan';
  const text = [...new Set(list)].sort().join(',');
  const all = list.includes('*');
  const may = (action: string): boolean => all || list.includes(action);
  return {
    paused: list.length === 0,
    ...(SUPPORTED.includes(text)
      ? {}
      : { invalid: `\`spec.managementPolicies\` is set to a non-supported value: ${JSON.stringify(list)}` }),
    onlyObserve: text === 'Observe',
    create: may('Create'),
    update: may('Update'),
    // Orphan loses against a list that names Delete explicitly: the surprise of the table.
    delete: orphan ? !all && list.includes('Delete') : may('Delete'),
  };
}
