import { resourceName } from '../objects/key.ts';
import { type Access, makeAccess } from './access/access.ts';
import type { User } from './access/user.ts';
import { conversionCaller } from './admission/conversion-caller.ts';
import type { AdmissionPlugin } from './admission/plugin.ts';
import type { WebhookCaller } from './admission/webhooks/caller.ts';
import { httpCaller } from './admission/webhooks/http-caller.ts';
import type { ObjectApi } from './api/api.ts';
import { builtInKinds } from './api/built-in-kinds.ts';
import { Catalog } from './api/catalog.ts';
import { objectApi, storeView } from './api/object-api.ts';
import type { ServerParts } from './api/parts.ts';
import type { Clock } from './clock.ts';
import type { KindRules } from './kinds/kind-rules.ts';
import { builtInTypes } from './schema/built-in.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './schema/metadata/object-meta.ts';
import type { ConversionCaller } from './schema/structural/custom-kind.ts';
import { customKinds } from './schema/structural/registry.ts';
import { seededUid } from './seeded-random.ts';
import { serverDecoding } from './server-decoding.ts';
import { serverFields } from './server-fields.ts';
import { DiscoveryDocuments } from './serving/discovery.ts';
import type { ServingParts } from './serving/serving-parts.ts';
import { Watches } from './serving/watch.ts';
import { ObjectStore } from './storage/object-store.ts';
import type { StoreView } from './storage/store-view.ts';

const SERVICES = resourceName('', 'services');

/** What admission may ask for. */
export interface AdmissionParts {
  readonly view: StoreView;
  readonly access: Access;
  readonly catalog: Catalog;
  /** Who is asked in place of webhooks. */
  readonly webhooks?: WebhookCaller;
  /** With a real clock: lets other work go on for so many milliseconds. */
  pause?(milliseconds: number): Promise<void>;
  /** The API that the chain guards. */
  api(): ObjectApi;
}

export interface ServerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly authorization: 'rbac' | 'always-allow';
  readonly tokens: ReadonlyMap<string, User>;
  readonly rules: readonly KindRules[];
  readonly webhooks?: WebhookCaller;
  /** How conversion webhooks are called; default: as the others, through the Services that are there. */
  readonly conversion?: ConversionCaller;
  /** With a real clock: lets other work go on for so many milliseconds. */
  pause?(milliseconds: number): Promise<void>;
  admission(parts: AdmissionParts): readonly AdmissionPlugin[];
  log(line: string): void;
}

/** The API server: everything that stands between a request and the store, put together. */
export function makeServer(options: ServerOptions): ServingParts {
  const { clock, random } = options;
  const store = new ObjectStore();
  const newUid = (): string => seededUid(random);
  let catalog: Catalog | undefined;
  const made = (): Catalog => {
    if (catalog === undefined) throw new Error('asked before there is a catalog');
    return catalog;
  };
  const view = storeView(() => ({ store, catalog: made() }));
  const conversion =
    options.conversion ??
    conversionCaller(options.webhooks ?? httpCaller(), (namespace, name) => view.get(SERVICES, namespace, name));
  const custom = customKinds(conversion);
  catalog = new Catalog(builtInKinds(options.rules), custom);
  const { authorization, tokens } = options;
  const access = makeAccess({ store: view, clock, authorization, tokens, newUid });
  const types = builtInTypes();
  const typeOf: ServerParts['typeOf'] = (kind, version) =>
    kind.custom?.typeOf(version) ??
    types.typeOf({ group: kind.group, version, kind: kind.kind }) ?? { kind: 'untyped' };
  const admission: AdmissionPlugin[] = [];
  const api: ServerParts = {
    store,
    view,
    clock,
    catalog,
    fields: serverFields(typeOf),
    decoding: serverDecoding,
    typeOf,
    admission,
    authorize: (permission) =>
      access.require({
        user: permission.user,
        verb: permission.verb,
        group: permission.group,
        resource: permission.resource,
        ...(permission.subresource === undefined ? {} : { subresource: permission.subresource }),
        namespace: permission.namespace,
        name: permission.name,
      }),
    metadataProblems: (next, kind) =>
      validateObjectMeta(next, { resource: kind.resource, namespaced: kind.namespaced }),
    metadataChanges: validateObjectMetaUpdate,
    random,
    newUid,
  };
  const objects = objectApi(api);
  const asked = {
    ...(options.webhooks === undefined ? {} : { webhooks: options.webhooks }),
    ...(options.pause === undefined ? {} : { pause: options.pause }),
  };
  admission.push(...options.admission({ view, access, catalog, api: () => objects, ...asked }));
  store.subscribe((change) => {
    custom.onChange(change);
    access.onChange(change);
  });
  return {
    api,
    access,
    discovery: new DiscoveryDocuments(catalog),
    watches: new Watches(store),
    log: options.log,
  };
}
