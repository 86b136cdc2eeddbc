import type { KubeObject } from '../../../objects/json.ts';
import { type ResourceName, resourceName } from '../../../objects/key.ts';
import { sameJson } from '../../../objects/same-json.ts';
import type { StoreChange } from '../../storage/store.ts';
import type { ConversionCaller, CustomKind } from './custom-kind.ts';
import { conditionIsTrue, specOf, statusOf } from './definition.ts';
import { customKind } from './kind.ts';

const DEFINITIONS = resourceName('apiextensions.k8s.io', 'customresourcedefinitions');

/** The custom kinds that the definitions in the store make; kept up by every change of the store. */
export interface CustomKinds {
  /** To be told every change; changes of other resources are ignored. True when what is served changed. */
  onChange(change: StoreChange): boolean;
  /** Served: established, or at least its names are accepted. */
  get(resource: ResourceName): CustomKind | undefined;
  byKind(group: string, kind: string): CustomKind | undefined;
  /** All that discovery shows, by group and plural name. */
  established(): readonly CustomKind[];
  /** Counts up whenever something that is served changed: for caches of discovery and documents. */
  readonly generation: number;
}

export function customKinds(call: ConversionCaller): CustomKinds {
  const kinds = new Map<ResourceName, CustomKind>();
  let generation = 0;
  const remove = (resource: ResourceName): boolean => {
    if (!kinds.delete(resource)) return false;
    generation += 1;
    return true;
  };
  return {
    onChange(change) {
      if (change.now.resource !== DEFINITIONS) return false;
      const { object } = change.now;
      const { group, names } = specOf(object);
      const resource = resourceName(group, names.plural ?? '');
      if (change.kind === 'deleted' || !isServed(object)) return remove(resource);
      const before = kinds.get(resource);
      if (before !== undefined && sameService(before.definition, object)) return false;
      kinds.set(resource, customKind(object, call));
      generation += 1;
      return true;
    },
    get: (resource) => kinds.get(resource),
    byKind: (group, kind) => [...kinds.values()].find((each) => each.group === group && each.kind === kind),
    established: () =>
      [...kinds.values()]
        .filter((kind) => kind.established)
        .sort((a, b) => (a.group === b.group ? compare(a.plural, b.plural) : compare(a.group, b.group))),
    get generation() {
      return generation;
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const isServed = (definition: KubeObject): boolean =>
  conditionIsTrue(definition, 'NamesAccepted') || conditionIsTrue(definition, 'Established');

/** Whether nothing that is served differs; a change of a label, say, keeps what was compiled. */
function sameService(a: KubeObject, b: KubeObject): boolean {
  if (a.metadata.uid !== b.metadata.uid) return false;
  for (const type of ['Established', 'Terminating'])
    if (conditionIsTrue(a, type) !== conditionIsTrue(b, type)) return false;
  return (
    sameJson(a.spec as never, b.spec as never) &&
    sameJson(statusOf(a).acceptedNames as never, statusOf(b).acceptedNames as never)
  );
}
