import { isJsonObject, type JsonObject } from '../../objects/json.ts';
import { type ResourceName, resourceName, versionOf } from '../../objects/key.ts';
import type { KindRules } from '../kinds/kind-rules.ts';
import { recordedDocument, recordedGroupVersions, recordedStorageVersions } from '../recorded/recorded.ts';
import { apiVersionOf, type ServedKind, type ServedSubresource, type ServedVersion } from './served-kind.ts';

interface Draft {
  readonly entry: JsonObject;
  readonly group: string;
  readonly versions: Map<string, ServedVersion & { readonly subresources: Map<string, ServedSubresource> }>;
}

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

/** The kinds of the recorded discovery: what the pinned server serves by itself. */
export function builtInKinds(rules: readonly KindRules[]): readonly ServedKind[] {
  const drafts = new Map<string, Draft>();
  for (const path of recordedGroupVersions()) read(path, drafts);
  const stored = recordedStorageVersions();
  const ruleOf = new Map(rules.map((rule) => [rule.resource, rule]));
  return [...drafts].map(([name, { entry, group, versions }]) => {
    const resource = name as ResourceName;
    const storedAs = (group === 'events.k8s.io' ? 'events' : name) as ResourceName;
    const first = [...versions.keys()][0] ?? 'v1';
    const recorded = versionOf(stored[resource] ?? '');
    const storageVersion = versions.has(recorded) ? recorded : first;
    const kind = String(entry.kind);
    return {
      resource,
      storedAs,
      group,
      plural: String(entry.name),
      singular: String(entry.singularName ?? ''),
      kind,
      listKind: `${kind}List`,
      namespaced: entry.namespaced === true,
      shortNames: strings(entry.shortNames),
      categories: strings(entry.categories),
      versions,
      storageApiVersion: group === 'events.k8s.io' ? 'v1' : apiVersionOf(group, storageVersion),
      storageVersion,
      rules: ruleOf.get(resource) ?? ruleOf.get(storedAs),
      custom: undefined,
    };
  });
}

/** What every answer about these warns of. */
const DEPRECATED: Readonly<Record<string, string>> = {
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

function read(path: string, drafts: Map<string, Draft>): void {
  const document = recordedDocument(path);
  const groupVersion = String(document?.groupVersion ?? '');
  const slash = groupVersion.indexOf('/');
  const group = slash < 0 ? '' : groupVersion.slice(0, slash);
  const version = versionOf(groupVersion);
  const entries = (Array.isArray(document?.resources) ? document.resources : []).filter(isJsonObject);
  for (const entry of entries) {
    const [plural = '', sub] = String(entry.name).split('/');
    const name = resourceName(group, plural);
    let draft = drafts.get(name);
    if (draft === undefined) {
      if (sub !== undefined) continue;
      draft = { entry, group, versions: new Map() };
      drafts.set(name, draft);
    }
    if (sub === undefined) {
      const verbs = strings(entry.verbs);
      draft.versions.set(version, { name: version, verbs, deprecation: DEPRECATED[name], subresources: new Map() });
    } else
      draft.versions.get(version)?.subresources.set(sub, {
        name: sub,
        group: String(entry.group ?? group),
        version: String(entry.version ?? version),
        kind: String(entry.kind),
        verbs: strings(entry.verbs),
      });
  }
}
