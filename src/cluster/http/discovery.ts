import { isJsonObject, type Json, type JsonObject } from '../../objects/json.ts';
import { isFault, sentenceOf } from '../../outcome/fault.ts';
import type { DeadGroup, Discovery, ServedResource } from '../port.ts';
import { groupVersionPath } from './address.ts';
import { malformed } from './answer.ts';

/** GETs a JSON document; throws a coded Fault when the server refuses. */
export type GetJson = (path: string, accept: string) => Promise<JsonObject>;

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

interface Found {
  readonly resources: ServedResource[];
  readonly preferred: Record<string, readonly string[]>;
  readonly dead: DeadGroup[];
}

/** Asks both roots; each answers aggregated or legacy, as the server can. */
export async function discover(get: GetJson): Promise<Discovery> {
  const [core, groups] = await Promise.all([get('/api', AGGREGATED), get('/apis', AGGREGATED)]);
  const found: Found = { resources: [], preferred: {}, dead: [] };
  const legacy: { group: string; version: string }[] = [];
  for (const document of [core, groups]) {
    if (document.kind === 'APIGroupDiscoveryList') readAggregated(document, found);
    else legacy.push(...readLegacyRoot(document, found));
  }
  const lists = await Promise.all(legacy.map((at) => readGroupVersion(get, at.group, at.version)));
  for (const list of lists) {
    found.resources.push(...list.resources);
    found.dead.push(...list.dead);
  }
  return found;
}

function readAggregated(document: JsonObject, found: Found): void {
  for (const item of objectsIn(document.items)) {
    const group = isJsonObject(item.metadata) ? textOr(item.metadata.name, '') : '';
    const versions = objectsIn(item.versions);
    found.preferred[group] = versions.map((version) => text(version.version));
    for (const entry of versions) {
      const version = text(entry.version);
      if (entry.freshness === 'Stale')
        found.dead.push({ group, version, why: 'its server did not answer; discovery is stale' });
      else
        for (const served of objectsIn(entry.resources)) {
          const own = isJsonObject(served.responseKind) ? textOr(served.responseKind.kind, '') : '';
          found.resources.push({
            group,
            version,
            resource: text(served.resource),
            kind: own,
            namespaced: served.scope === 'Namespaced',
            verbs: texts(served.verbs),
            subresources: objectsIn(served.subresources).map((sub) => text(sub.subresource)),
            categories: texts(served.categories),
          });
        }
    }
  }
}

function readLegacyRoot(document: JsonObject, found: Found): { group: string; version: string }[] {
  if (document.kind === 'APIVersions') {
    const versions = texts(document.versions);
    found.preferred[''] = versions;
    return versions.map((version) => ({ group: '', version }));
  }
  if (document.kind !== 'APIGroupList') throw notDiscovery();
  return objectsIn(document.groups).flatMap((entry) => {
    const group = text(entry.name);
    const first = isJsonObject(entry.preferredVersion) ? textOr(entry.preferredVersion.version, '') : '';
    const versions = objectsIn(entry.versions).map((version) => text(version.version));
    found.preferred[group] = [
      ...versions.filter((version) => version === first),
      ...versions.filter((version) => version !== first),
    ];
    return versions.map((version) => ({ group, version }));
  });
}

async function readGroupVersion(
  get: GetJson,
  group: string,
  version: string,
): Promise<{ resources: ServedResource[]; dead: DeadGroup[] }> {
  let document: JsonObject;
  try {
    document = await get(groupVersionPath(group, version), 'application/json');
  } catch (error) {
    if (!isFault(error, 'REQUEST-REFUSED') && !isFault(error, 'MALFORMED-ANSWER') && !isFault(error, 'TIMED-OUT'))
      throw error;
    return { resources: [], dead: [{ group, version, why: sentenceOf(error) }] };
  }
  if (document.kind !== 'APIResourceList') throw notDiscovery();
  const entries = objectsIn(document.resources);
  const subresources = new Map<string, string[]>();
  for (const entry of entries) {
    const [parent = '', ...sub] = text(entry.name).split('/');
    if (sub.length > 0) subresources.set(parent, [...(subresources.get(parent) ?? []), sub.join('/')]);
  }
  const resources = entries
    .filter((entry) => !text(entry.name).includes('/'))
    .map((entry) => ({
      group,
      version,
      resource: text(entry.name),
      kind: text(entry.kind),
      namespaced: entry.namespaced === true,
      verbs: texts(entry.verbs),
      subresources: subresources.get(text(entry.name)) ?? [],
      categories: texts(entry.categories),
    }));
  return { resources, dead: [] };
}

function notDiscovery() {
  return malformed('discovery', 'is none');
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isJsonObject)) throw malformed('discovery', 'has a list of the wrong type');
  return value;
}

/** Kubernetes allows 253 characters for the longest of these names. */
const LONGEST_NAME = 253;

function texts(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed('discovery', 'has a list of the wrong type');
  return value.map(text);
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_NAME)
    throw malformed('discovery', 'lacks a name or has one that is no text');
  return value;
}

function textOr(value: Json | undefined, otherwise: string): string {
  return value === undefined ? otherwise : value === '' ? '' : text(value);
}
