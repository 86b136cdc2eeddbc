import type { Made } from './api-objects.ts';

/** Small objects of a world, with no more in them than the server asks for. */
export const namespace = (name: string, labels: Record<string, string> = {}): Made => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
export const configMap = (at: string, metadata: object = {}, more: object = {}): Made => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { ...placeOf(at), ...metadata },
  data: { of: at },
  ...more,
});
export const secret = (at: string, more: object = {}): Made => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: placeOf(at),
  stringData: { of: at },
  ...more,
});
const container = (image: string) => ({ name: 'main', image });
export const podSpec = (image = 'example.org/app:1') => ({ containers: [container(image)] });
export const pod = (at: string, spec: object = podSpec()): Made => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: placeOf(at),
  spec,
});
/** Deployment and StatefulSet alike. */
export const workload = (kind: 'Deployment' | 'StatefulSet', at: string, more: object = {}, labels = {}): Made => {
  const { name } = placeOf(at);
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { ...placeOf(at), labels },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec() },
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      ...more,
    },
  };
};
export const job = (at: string, more: object = {}): Made => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: placeOf(at),
  spec: { template: { spec: { ...podSpec(), restartPolicy: 'Never' } }, ...more },
});
export const service = (at: string, spec: object): Made => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: placeOf(at),
  spec,
});
/** An endpoint that says of itself that it is ready, of a Service without selector: no controller makes or removes it. */
export const readyEndpoint = (at: string): Made => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { ...placeOf(at), labels: { 'kubernetes.io/service-name': placeOf(at).name } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['192.0.2.7'], conditions: { ready: true } }],
  ports: [{ port: 443 }],
});
export const webhook = (name: string, at: string, groups: readonly string[], resources: readonly string[]): Made => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name },
  webhooks: [
    {
      name: 'judge.example.org',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      clientConfig: { service: placeOf(at) },
      rules: [{ apiGroups: groups, apiVersions: ['*'], operations: ['CREATE'], resources }],
      timeoutSeconds: 1,
    },
  ],
});
const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export interface Version {
  readonly name: string;
  readonly schema?: object;
  readonly status?: boolean;
}
/** The last version is stored. */
export const definition = (
  group: string,
  kind: string,
  versions: readonly Version[] = [{ name: 'v1', status: true }],
): Made => {
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: `${singular}s`, singular, kind, listKind: `${kind}List` },
      versions: versions.map(({ name, schema, status }, index) => ({
        name,
        served: true,
        storage: index === versions.length - 1,
        schema: { openAPIV3Schema: schema ?? ANYTHING },
        ...(status === true ? { subresources: { status: {} } } : {}),
      })),
    },
  };
};
export function placeOf(at: string): { readonly name: string; readonly namespace?: string } {
  const slash = at.indexOf('/');
  return slash < 0 ? { name: at } : { namespace: at.slice(0, slash), name: at.slice(slash + 1) };
}
