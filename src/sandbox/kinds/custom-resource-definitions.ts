import { isJsonObject, type KubeObject, type MutableJson, type MutableJsonObject } from '../../objects/json.ts';
import { resourceName } from '../../objects/key.ts';
import { sameJson } from '../../objects/same-json.ts';
import { timestamp } from '../clock.ts';
import { specOf, statusOf } from '../schema/structural/definition.ts';
import {
  changedDefinitionProblems,
  changedStatusProblems,
  newDefinitionProblems,
} from '../schema/structural/definition-problems.ts';
import { formatCheck } from '../schema/structural/formats.ts';
import { someSchema } from '../schema/structural/schema-json.ts';
import type { KindRules, WriteContext } from './kind-rules.ts';

export const DEFINITIONS = resourceName('apiextensions.k8s.io', 'customresourcedefinitions');
/** Holds a definition until its instances are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** CustomResourceDefinitions. Their validation includes that of metadata, because names depend on the spec. */
export const CUSTOM_RESOURCE_DEFINITIONS: KindRules = {
  resource: DEFINITIONS,
  generation: true,
  unconditionalUpdate: false,

  defaults(object) {
    const { spec } = object;
    if (!isJsonObject(spec)) return;
    const wanted = spec as MutableJsonObject;
    const { names } = wanted;
    if (isJsonObject(names)) {
      const given = names as MutableJsonObject;
      const kind = typeof given.kind === 'string' ? given.kind : '';
      if (!given.singular && kind !== '') given.singular = kind.toLowerCase();
      if (!given.listKind && kind !== '') given.listKind = `${kind}List`;
    }
    wanted.conversion ??= { strategy: 'None' };
    const service = clientService(wanted);
    if (service !== undefined) service.port ??= 443;
    if (!isJsonObject(object.status)) return;
    const status = object.status as MutableJsonObject;
    if (!Array.isArray(status.storedVersions) || status.storedVersions.length === 0)
      status.storedVersions = storageNames(object);
  },

  prepareCreate(object) {
    object.status = {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: storageNames(object),
    };
    (object.metadata as MutableJsonObject).generation = 1;
  },

  prepareUpdate(next, before) {
    next.status = structuredCopy(before.status);
    const metadata = next.metadata as MutableJsonObject;
    const generation = before.metadata.generation ?? 0;
    metadata.generation = sameJson(next.spec, before.spec as never) ? generation : generation + 1;
    const status = next.status as MutableJsonObject;
    const stored = Array.isArray(status.storedVersions) ? status.storedVersions : [];
    status.storedVersions = [...stored, ...storageNames(next).filter((name) => !stored.includes(name))];
  },

  validateCreate(object, context) {
    warnOfFormats(object, undefined, context);
    return newDefinitionProblems(object);
  },
  validateUpdate(next, before, context) {
    warnOfFormats(next, before, context);
    return changedDefinitionProblems(next, before);
  },
  validateStatus: (next, before) => changedStatusProblems(next, before),
};

function clientService(spec: MutableJsonObject): MutableJsonObject | undefined {
  let value: unknown = spec.conversion;
  for (const name of ['webhook', 'clientConfig', 'service']) value = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(value) ? (value as MutableJsonObject) : undefined;
}

const structuredCopy = (value: unknown): MutableJson => JSON.parse(JSON.stringify(value ?? {})) as MutableJson;

/** The first storage version, as a list. */
function storageNames(object: MutableJsonObject | KubeObject): string[] {
  const version = (specOf(object as unknown as KubeObject)?.versions ?? []).find(({ storage }) => storage);
  return version === undefined ? [] : [version.name];
}

function warnOfFormats(next: KubeObject, before: KubeObject | undefined, context: WriteContext): void {
  const old = new Set(before === undefined ? [] : unknownFormats(before));
  for (const format of unknownFormats(next))
    if (!old.has(format)) context.warn(`unrecognized format ${JSON.stringify(format)}`);
}

function unknownFormats(definition: KubeObject): string[] {
  const found: string[] = [];
  for (const version of specOf(definition).versions ?? [])
    someSchema(version.schema?.openAPIV3Schema, (schema) => {
      if (schema.format && schema.type === 'string' && formatCheck(schema.format) === undefined)
        found.push(schema.format);
      return false;
    });
  return found;
}

/**
 * What a first DELETE does to a definition, in place of the usual marking: the deletion's time, the finalizer and the
 * condition Terminating in one write. Later deletes go the usual way.
 */
export function markedForDeletion(definition: KubeObject, now: number): MutableJsonObject {
  const marked = structuredCopy(definition) as MutableJsonObject;
  const metadata = marked.metadata as MutableJsonObject;
  metadata.deletionTimestamp ??= timestamp(now);
  const finalizers = Array.isArray(metadata.finalizers) ? metadata.finalizers : [];
  if (!finalizers.includes(CLEANUP_FINALIZER)) metadata.finalizers = [...finalizers, CLEANUP_FINALIZER];
  marked.status = withCondition(
    definition,
    {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    },
    now,
  );
  return marked;
}

/** One condition to be set. */
export interface NewCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** The status of a definition with one condition set, its transition time kept when the status stays the same. */
export function withCondition(definition: KubeObject, condition: NewCondition, now: number): MutableJsonObject {
  const status = structuredCopy(statusOf(definition)) as MutableJsonObject;
  const conditions = (Array.isArray(status.conditions) ? status.conditions : []) as MutableJsonObject[];
  const old = conditions.find(({ type }) => type === condition.type);
  const { type, status: value, reason, message } = condition;
  const lastTransitionTime =
    old !== undefined && old.status === value ? (old.lastTransitionTime ?? timestamp(now)) : timestamp(now);
  const made: MutableJsonObject = { lastTransitionTime, message, reason, status: value, type };
  status.conditions =
    old === undefined ? [...conditions, made] : conditions.map((each) => (each === old ? made : each));
  return status;
}
