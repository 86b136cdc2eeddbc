import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { type NewCondition, withCondition } from '../kinds/custom-resource-definitions.ts';
import {
  conditionIsTrue,
  conditionOf,
  type DefinitionNames,
  specOf,
  statusOf,
} from '../schema/structural/definition.ts';
import { copyOf } from './hands.ts';

/** Whether a definition has a condition already, times aside. */
export function holds(definition: KubeObject, { type, status, reason, message }: NewCondition): boolean {
  const old = conditionOf(definition, type);
  return old !== undefined && old.status === status && old.reason === reason && old.message === message;
}

export const withStatus = (definition: KubeObject, status: MutableJsonObject): KubeObject => ({
  ...copyOf(definition),
  status,
});

/** The definition with the names that it gets and the two conditions; undefined when nothing changes. */
export function acceptNames(definition: KubeObject, all: readonly KubeObject[], now: number): KubeObject | undefined {
  const wanted = specOf(definition).names;
  const granted: DefinitionNames = statusOf(definition).acceptedNames ?? {};
  if (sameNames(wanted, granted)) return undefined;
  const taken = { resources: new Set<string>(), kinds: new Set<string>() };
  for (const other of all) {
    if (specOf(other).group !== specOf(definition).group) continue;
    const names = statusOf(other).acceptedNames ?? {};
    for (const name of [names.plural, names.singular, ...(names.shortNames ?? [])]) if (name) taken.resources.add(name);
    for (const name of [names.kind, names.listKind]) if (name) taken.kinds.add(name);
  }
  const next: { -readonly [Name in keyof DefinitionNames]: DefinitionNames[Name] } = { ...granted };
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const claim = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    used: ReadonlySet<string>,
    reason: string,
  ): void => {
    const name = wanted[field] ?? '';
    if (name !== (granted[field] ?? '') && used.has(name))
      conflict = { reason, message: `${JSON.stringify(name)} is already in use` };
    else next[field] = name;
  };
  claim('plural', taken.resources, 'PluralConflict');
  claim('singular', taken.resources, 'SingularConflict');
  const clashing = (wanted.shortNames ?? []).filter(
    (name) => !granted.shortNames?.includes(name) && taken.resources.has(name),
  );
  if (clashing.length > 0) {
    const told = clashing.map((name) => `${JSON.stringify(name)} is already in use`);
    conflict = { reason: 'ShortNamesConflict', message: told.length === 1 ? (told[0] ?? '') : `[${told.join(', ')}]` };
  } else if (wanted.shortNames === undefined) delete next.shortNames;
  else next.shortNames = wanted.shortNames;
  claim('kind', taken.kinds, 'KindConflict');
  claim('listKind', taken.kinds, 'ListKindConflict');
  if (wanted.categories === undefined) delete next.categories;
  else next.categories = wanted.categories;
  const accepted: NewCondition =
    conflict === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...conflict };
  if (sameNames(next, granted) && holds(definition, accepted)) return undefined;
  const step = withStatus(definition, withCondition(definition, accepted, now));
  (step.status as MutableJsonObject).acceptedNames = copyOf(next) as never;
  if (conditionIsTrue(definition, 'Established')) return step;
  const installing: NewCondition =
    conflict === undefined
      ? { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
      : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
  return withStatus(step, withCondition(step, installing, now));
}

function sameNames(a: DefinitionNames, b: DefinitionNames): boolean {
  const plain = ({
    plural = '',
    singular = '',
    kind = '',
    listKind = '',
    shortNames,
    categories,
  }: DefinitionNames) => ({
    plural,
    singular,
    kind,
    listKind,
    shortNames: shortNames ?? [],
    categories: categories ?? [],
  });
  return sameJson(plain(a) as never, plain(b) as never);
}
