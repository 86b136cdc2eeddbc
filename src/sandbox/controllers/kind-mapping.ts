import { isJsonObject, type JsonObject } from '../../objects/json.ts';
import { type ResourceName, resourceName } from '../../objects/key.ts';
import type { ObjectApi } from '../api/api.ts';
import { recordedDocument, recordedGroupVersions } from '../recorded/recorded.ts';
import { resource } from './hands.ts';

/** Where the objects of a kind stand. */
export interface KindPlace {
  readonly resource: ResourceName;
  readonly namespaced: boolean;
}

const DEFINITIONS = resource('customresourcedefinitions.apiextensions.k8s.io');
let builtIn: ReadonlyMap<string, KindPlace> | undefined;

function recordedKinds(): ReadonlyMap<string, KindPlace> {
  if (builtIn !== undefined) return builtIn;
  const places = new Map<string, KindPlace>();
  for (const path of recordedGroupVersions()) {
    const document = recordedDocument(path);
    const version = String(document?.groupVersion ?? '');
    const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
    for (const served of (document?.resources ?? []) as readonly JsonObject[]) {
      const name = String(served.name);
      if (name.includes('/')) continue;
      const key = `${version} ${String(served.kind)}`;
      places.set(key, { resource: resourceName(group, name), namespaced: served.namespaced === true });
    }
  }
  builtIn = places;
  return places;
}

/** The resource of an apiVersion and kind that is served now; undefined for what the server does not know (yet). */
export function kindPlace(api: ObjectApi, apiVersion: string, kind: string): KindPlace | undefined {
  const known = recordedKinds().get(`${apiVersion} ${kind}`);
  if (known !== undefined) return known;
  const slash = apiVersion.indexOf('/');
  const [group, version] = [apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1)];
  for (const definition of api.list(DEFINITIONS)) {
    const { spec } = definition as { readonly spec?: unknown };
    if (!isJsonObject(spec) || spec.group !== group || !isJsonObject(spec.names) || spec.names.kind !== kind) continue;
    const versions = (spec.versions ?? []) as readonly JsonObject[];
    const found = resourceName(group, String(spec.names.plural));
    if (!versions.some(({ name, served }) => name === version && served === true) || !api.serves(found)) continue;
    return { resource: found, namespaced: spec.scope === 'Namespaced' };
  }
  return undefined;
}
