import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import type { Scene } from './scene.ts';

/** A UID that nothing in the target has. */
export const STALE = '00000000-0000-4000-8000-00000000dead';
export const metadata = (name: string, more: JsonObject = {}): JsonObject => ({ name, namespace: 'team', ...more });
export const configMap = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadata(name, more),
});
export const gone = (object: KubeObject | undefined): string => (object === undefined ? 'deleted' : 'kept');
export const things = (versions: readonly string[], storage: string, down = false): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: versions.map((name) => ({
      name,
      served: true,
      storage: name === storage,
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    })),
    conversion: down
      ? {
          strategy: 'Webhook',
          webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:9/convert' } },
        }
      : { strategy: 'None' },
  },
});
export const thing = (version: string, name = 'one'): JsonObject => ({
  apiVersion: `example.com/${version}`,
  kind: 'Thing',
  metadata: metadata(name),
  spec: { size: 1 },
});
export const volume = (name: string, source: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Delete',
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'team', name: `${name}-claim`, uid: STALE },
    ...source,
  },
});
export const podSpec: JsonObject = { containers: [{ name: 'app', image: 'example.com/app:1' }] };
/** The code that a POST was answered with. */
export const code = async (scene: Scene, body: JsonObject): Promise<number> => (await scene.post(body)).status;
