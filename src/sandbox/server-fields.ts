import type { JsonObject, KubeObject, MutableJsonObject } from '../objects/json.ts';
import { groupOf, versionOf } from '../objects/key.ts';
import { served } from './api/conversion.ts';
import type { Fields, FieldsOfWrite, ServerParts } from './api/parts.ts';
import { type ApplyWrite, applyConfiguration } from './fields/apply-configuration.ts';
import { configurationProblems } from './fields/configuration-problems.ts';
import type { FieldSet } from './fields/field-set.ts';
import type { OtherVersion, WriteShape } from './fields/ownership.ts';
import { recordUpdate } from './fields/record-update.ts';
import { resetFields } from './fields/reset-fields.ts';
import { strategicMerge } from './fields/strategic-merge.ts';
import { emptyObject } from './schema/go-shape.ts';
import { refusal } from './status/refusal.ts';

/** An object cannot be had in the version of one of its owners; the message says which field has no place there. */
class NoSuchForm extends Error {}

/** The corridor `fields` in the shape that the verbs use. */
export function serverFields(typeOf: ServerParts['typeOf']): Fields {
  const shapeOf = (write: FieldsOfWrite): WriteShape => shapeFor(write, typeOf);
  return {
    record(next, before, write) {
      try {
        recordUpdate({
          ...shapeOf(write),
          live: before as unknown as JsonObject | undefined,
          next,
          manager: write.manager,
          now: write.now,
          ...(before === undefined ? { empty: emptyOf(write) } : {}),
        });
      } catch (error) {
        if (!(error instanceof NoSuchForm)) throw error;
        // Nobody owns anything any more (lab 8).
        delete (next.metadata as MutableJsonObject).managedFields;
      }
    },
    strategic: strategicMerge,
    apply(before, configuration, write) {
      const { namespace, name } = (configuration as unknown as KubeObject).metadata ?? {};
      return applied({
        ...shapeOf(write),
        live: before as unknown as JsonObject | undefined,
        applied: configuration,
        manager: write.manager,
        force: write.force,
        now: write.now,
        kind: write.kind.kind,
        empty: emptyOf(write),
        ...(namespace === undefined ? {} : { namespace }),
        name: name ?? '',
      });
    },
  };
}

function applied(write: ApplyWrite): MutableJsonObject {
  try {
    return applyConfiguration(write);
  } catch (error) {
    if (error instanceof NoSuchForm) throw refusal({ code: 500, message: error.message });
    throw error;
  }
}

const emptyOf = ({ kind, apiVersion }: FieldsOfWrite): JsonObject =>
  emptyObject({ group: kind.group, version: versionOf(apiVersion), kind: kind.kind });

function shapeFor({ kind, type, apiVersion, subresource }: FieldsOfWrite, typeOf: ServerParts['typeOf']): WriteShape {
  const hasStatus = kind.versions.get(versionOf(apiVersion))?.subresources.has('status') === true;
  const reset: FieldSet | undefined = resetFields(kind.resource, subresource ?? '', hasStatus);
  const otherVersion = (other: string): OtherVersion | undefined => {
    const version = versionOf(other);
    const isServed = kind.versions.has(version) && groupOf(other) === kind.group;
    // Of a kind that a webhook converts the owners of other versions are forgotten, as when the webhook is down.
    if (!isServed || kind.custom?.convertsWithoutWebhook(versionOf(apiVersion), version) === false) return undefined;
    const type = typeOf(kind, version);
    const convert = (object: JsonObject): JsonObject => {
      if (kind.custom === undefined)
        return served(kind, object as unknown as KubeObject, version) as unknown as JsonObject;
      // What the other version has no field for is not pruned here.
      const renamed = { ...object, apiVersion: other };
      const problem = configurationProblems(renamed, type);
      if (problem !== undefined) throw new NoSuchForm(problem);
      return renamed;
    };
    return { type, convert };
  };
  return { type, apiVersion, subresource: subresource ?? '', reset, otherVersion };
}
