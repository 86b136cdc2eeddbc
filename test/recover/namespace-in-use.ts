import assert from 'node:assert/strict';
import { capturePoint } from '../../src/capture/capture-point.ts';
import type { Accepted, Answer, Cluster, CollectionAddress, ObjectAddress } from '../../src/cluster/port.ts';
import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import type { Uid } from '../../src/objects/key.ts';
import type { RunTime } from '../../src/recover/run-time.ts';
import { openMemory } from '../../src/storage/memory.ts';
import { vaultOn } from '../../src/vault/open-vault.ts';
import type { PointReader } from '../../src/vault/vault.ts';
import type { Place } from '../scenarios/lost-and-recovered.ts';

export const at = (group: string, version: string, resource: string, namespace?: string): CollectionAddress =>
  namespace === undefined ? { group, version, resource } : { group, version, resource, namespace };
export const CONFIG_MAPS = at('', 'v1', 'configmaps', 'team-a');
export const WIDGETS = at('example.org', 'v1', 'widgets', 'team-a');

export function accepted(answer: Answer): Accepted {
  assert.equal(answer.kind, 'accepted', JSON.stringify(answer));
  return answer as Accepted;
}
export async function create(cluster: Cluster, place: CollectionAddress, body: object): Promise<KubeObject> {
  return accepted(await cluster.create(place, body as JsonObject, { fieldManager: 'maker' })).object;
}
export async function read(cluster: Cluster, place: ObjectAddress): Promise<KubeObject> {
  return accepted(await cluster.get(place)).object;
}
export async function eventually<T>(time: RunTime, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = time.now() + 20_000; time.now() < end; ) {
    const found = await look();
    if (found !== undefined) return found;
    await time.sleep(100);
  }
  throw new Error('it never came');
}

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'string' } } },
              status: {
                type: 'object',
                properties: { phase: { type: 'string' }, observedGeneration: { type: 'integer' } },
              },
            },
          },
        },
      },
    ],
  },
};
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };

/** A namespace in use, as a controller manager and several clients left it, captured. */
export async function capturedNamespace({ cluster, time }: Place): Promise<PointReader> {
  await create(cluster, at('', 'v1', 'namespaces'), {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team-a' },
  });
  const map = (name: string, owners: object[] = []) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'team-a', ownerReferences: owners },
    data: { a: name },
  });
  const owner = (of: KubeObject) => ({
    apiVersion: of.apiVersion,
    kind: of.kind,
    name: of.metadata.name,
    uid: of.metadata.uid,
  });
  const first = await create(cluster, CONFIG_MAPS, map('first'));
  const second = await create(cluster, CONFIG_MAPS, map('second', [owner(first)]));
  await create(cluster, CONFIG_MAPS, map('third', [owner(second)]));
  const apply = {
    kind: 'apply',
    force: false,
    body: { apiVersion: 'v1', kind: 'ConfigMap', data: { b: 'applied' } },
  } as const;
  const place = { ...CONFIG_MAPS, name: 'first' };
  accepted(
    await cluster.patch(place, apply, { uid: first.metadata.uid as Uid }, { fieldManager: 'kustomize-controller' }),
  );
  await create(cluster, at('apiextensions.k8s.io', 'v1', 'customresourcedefinitions'), definition);
  const widget = {
    apiVersion: 'example.org/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'team-a' },
    spec: { size: 'big' },
  };
  const made = await eventually(time, async () => {
    const answer = await cluster.create(WIDGETS, widget, { fieldManager: 'maker' });
    return answer.kind === 'accepted' ? answer.object : undefined;
  });
  const status = { kind: 'merge', body: { status: { phase: 'Ready', observedGeneration: 1 } } } as const;
  accepted(
    await cluster.patch(
      { ...WIDGETS, name: 'w' },
      status,
      { uid: made.metadata.uid as Uid },
      { subresource: 'status', fieldManager: 'operator' },
    ),
  );
  const spec = { replicas: 1, selector: { matchLabels: { app: 'web' } }, template };
  await create(cluster, at('apps', 'v1', 'deployments', 'team-a'), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'team-a' },
    spec,
  });
  const service = { selector: { app: 'web' }, clusterIP: '10.0.0.77', ports: [{ port: 80 }] };
  await create(cluster, at('', 'v1', 'services', 'team-a'), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'team-a' },
    spec: service,
  });
  await eventually(time, async () => {
    let pods = 0;
    await cluster.list(at('', 'v1', 'pods', 'team-a'), () => void pods++);
    return pods > 0 ? true : undefined;
  });
  const vault = vaultOn(openMemory());
  const manifest = await capturePoint({ cluster, vault, clock: { now: () => new Date() } });
  assert.equal(manifest.complete, true);
  return await vault.open(manifest.id);
}
