import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { incompleteness } from '../../src/capture/incompleteness.ts';
import { openCluster } from '../../src/cluster/open.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { PointManifest } from '../../src/vault/vault.ts';
import { ask } from '../control-plane/api.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../control-plane/fixture.ts';

export interface Bench extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly cluster: Cluster;
}
export async function bench(options: ControlPlaneOptions = {}): Promise<Bench> {
  const plane = await startControlPlane({ controllerManager: false, ...options });
  const cluster = await openCluster({ kubeconfig: plane.kubeconfig });
  return {
    plane,
    cluster,
    async [Symbol.asyncDispose]() {
      await cluster.close();
      await plane.stop();
    },
  };
}
export async function create(plane: ControlPlane, path: string, made: object): Promise<void> {
  const { status, body: text } = await ask(plane, 'POST', path, made);
  assert.ok(status < 300, `${path}: ${status} ${text}`);
}
export const configMap = (name: string) => ({ metadata: { name }, data: { name } });
export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
export const codes = (point: PointManifest) => incompleteness(point).map(({ what, code }) => `${what} ${code}`);

/** The same cluster, with something happening before each list. */
export function interrupted(cluster: Cluster, before: (resource: string) => Promise<void>): Cluster {
  return new Proxy(cluster, {
    get(target, name) {
      if (name === 'list')
        return async (...args: Parameters<Cluster['list']>) => {
          await before(args[0].resource);
          return target.list(...args);
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await pause(100);
  }
  assert.fail(`never happened: ${what}`);
}

export const VERSION_SCHEMA = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
export const NOWHERE = {
  strategy: 'Webhook',
  webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:9/convert' } },
};
export function crd(plural: string, storage: string, conversion: object) {
  const versions = ['v1', 'v2'].map((name) => ({
    name,
    served: true,
    storage: name === storage,
    schema: VERSION_SCHEMA,
  }));
  const kind = plural.replace(/^./, (first) => first.toUpperCase());
  const names = { plural, singular: plural.slice(0, -1), kind, listKind: `${kind}List` };
  return {
    metadata: { name: `${plural}.example.org` },
    spec: { group: 'example.org', scope: 'Namespaced', names, versions, conversion },
  };
}
export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const THING = (kind: string, version: string, name: string) => ({
  apiVersion: `example.org/${version}`,
  kind,
  metadata: { name },
  spec: { zeta: 1, alpha: 'ü' },
});
