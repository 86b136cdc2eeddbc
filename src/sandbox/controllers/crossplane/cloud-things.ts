import { isJsonObject, type JsonObject } from '../../../objects/json.ts';
import type { Actor, Cloud, Thing } from '../../cloud/cloud.ts';
import type { External } from './external.ts';
import { MARKS } from './marks.ts';
import { annotation, type Resource } from './resource.ts';

/**
 * Managed resources that stand for things of the cloud. `spec.forProvider.fields.idMode: named` is a thing that bears its own
 * name (a bucket), anything else one whose identity the cloud makes (a database): without external-name it is not found again.
 */
export function cloudThings(cloud: Cloud, actor: () => Actor): External {
  const kindOf = (managed: Resource): string => (isNamed(managed) ? 'bucket' : 'db');
  const idOf = (managed: Resource): string | undefined => annotation(managed, MARKS.externalName);
  return {
    namesItself: isNamed,
    async observe(managed) {
      const id = idOf(managed);
      const thing = id === undefined || id === '' ? undefined : cloud.observe(actor(), kindOf(managed), id);
      if (thing === undefined) return { exists: false, upToDate: false, details: {} };
      return {
        exists: true,
        upToDate: JSON.stringify(thing.settings) === JSON.stringify(settingsOf(managed)),
        details: isNamed(managed) ? {} : { endpoint: base64(thing.endpoint) },
        atProvider: {},
      };
    },
    async create(managed) {
      const id = isNamed(managed) ? idOf(managed) : undefined;
      const thing = cloud.create(actor(), {
        kind: kindOf(managed),
        ...(id === undefined ? {} : { id }),
        settings: settingsOf(managed),
        tags: tagsOf(managed),
      });
      return isNamed(managed) ? { details: {} } : { externalName: thing.id, details: secretsOf(thing) };
    },
    async update(managed) {
      cloud.update(actor(), kindOf(managed), idOf(managed) ?? '', settingsOf(managed));
    },
    async delete(managed) {
      cloud.delete(actor(), kindOf(managed), idOf(managed) ?? '');
    },
  };
}

const fieldsOf = (managed: Resource): JsonObject => {
  const forProvider = managed.spec?.forProvider;
  const fields = isJsonObject(forProvider) ? forProvider.fields : undefined;
  return isJsonObject(fields) ? fields : {};
};
const isNamed = (managed: Resource): boolean => fieldsOf(managed).idMode === 'named';
const settingsOf = (managed: Resource): JsonObject =>
  Object.fromEntries(Object.entries(fieldsOf(managed)).sort(([a], [b]) => (a < b ? -1 : 1)));
/** Whom it serves, as upjet's tags would tell; nothing in them says from which cluster. */
const tagsOf = (managed: Resource): Readonly<Record<string, string>> => ({
  claim: `${managed.metadata.labels?.[MARKS.claimNamespace] ?? ''}/${managed.metadata.labels?.[MARKS.claimName] ?? ''}`,
  resource: annotation(managed, MARKS.resourceName) ?? managed.metadata.name ?? '',
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secretsOf = (thing: Thing): Readonly<Record<string, string>> => ({
  endpoint: base64(thing.endpoint),
  password: base64(thing.password),
});
