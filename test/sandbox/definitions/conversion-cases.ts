import { CRDS } from './definition-of.ts';
import type { Step } from './sides.ts';

const versions = (storage: string): object[] =>
  ['v1', 'v2'].map((name) => ({
    name,
    served: true,
    storage: name === storage,
    subresources: { status: {} },
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: {
          spec: { type: 'object', properties: { [name]: { type: 'string' }, both: { type: 'string', default: name } } },
          status: { type: 'object', properties: { s: { type: 'string' } } },
        },
      },
    },
  }));
const definition = (plural: string, conversion: object, storage = 'v1'): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.turn.example` },
  spec: {
    group: 'turn.example',
    scope: 'Namespaced',
    names: { plural, kind: `K${plural}` },
    conversion,
    versions: versions(storage),
  },
});
const at = (plural: string, version: string, name = ''): string =>
  `/apis/turn.example/${version}/namespaces/default/${plural}${name === '' ? '' : `/${name}`}`;
const object = (plural: string, version: string, name: string): object => ({
  apiVersion: `turn.example/${version}`,
  kind: `K${plural}`,
  metadata: { name },
  spec: { [version]: 'x' },
});

/** Plurals name what the webhook does: it is told apart by the path of its URL. */
export const WEBHOOKS = [
  'goods',
  'downs',
  'absents',
  'fails',
  'uids',
  'names',
  'kinds',
  'labels',
  'fews',
  'versions',
  'errors',
  'reviews',
] as const;

export function conversionSteps(url: (behaviour: string) => string, caBundle: string): Step[] {
  const webhook = (plural: string): object => ({
    strategy: 'Webhook',
    webhook: {
      conversionReviewVersions: ['v1'],
      clientConfig:
        plural === 'absents'
          ? { service: { namespace: 'default', name: 'nobody', path: '/convert' } }
          : plural === 'downs'
            ? { url: 'https://127.0.0.1:1/convert' }
            : { url: url(plural), caBundle },
    },
  });
  return [
    { method: 'POST', path: CRDS, body: definition('plains', { strategy: 'None' }) },
    ...WEBHOOKS.map((plural) => ({ method: 'POST', path: CRDS, body: definition(plural, webhook(plural)) })),
    ...['plains', ...WEBHOOKS].flatMap((plural): Step[] => [
      { method: 'POST', path: at(plural, 'v1'), body: object(plural, 'v1', 'a') },
      { method: 'GET', path: at(plural, 'v2', 'a') },
      { method: 'GET', path: at(plural, 'v2') },
      { method: 'GET', path: at(plural, 'v1', 'a') },
      { method: 'POST', path: at(plural, 'v2'), body: object(plural, 'v2', 'b') },
      {
        method: 'PATCH',
        path: at(plural, 'v2', 'a'),
        type: 'application/merge-patch+json',
        body: { metadata: { labels: { x: 'y' } } },
      },
    ]),
  ];
}

/** What the webhook answers, by its behaviour. */
export function answer(
  behaviour: string,
  review: { request: { uid: string; desiredAPIVersion: string; objects: Record<string, unknown>[] } },
): { status: number; body: unknown } {
  const { uid, desiredAPIVersion, objects } = review.request;
  const converted = objects.map((each) => {
    const copy = JSON.parse(JSON.stringify(each)) as Record<string, unknown>;
    const metadata = copy.metadata as Record<string, unknown>;
    copy.apiVersion = behaviour === 'versions' ? 'turn.example/v9' : desiredAPIVersion;
    if (behaviour === 'names') metadata.name = 'other';
    if (behaviour === 'kinds') copy.kind = 'Other';
    if (behaviour === 'labels') metadata.labels = { 'a b': 'c' };
    return copy;
  });
  if (behaviour === 'errors') return { status: 500, body: 'broken' };
  const result = behaviour === 'fails' ? { status: 'Failure', message: 'cannot convert' } : { status: 'Success' };
  return {
    status: 200,
    body: {
      apiVersion: behaviour === 'reviews' ? 'apiextensions.k8s.io/v1beta1' : 'apiextensions.k8s.io/v1',
      kind: 'ConversionReview',
      response: {
        uid: behaviour === 'uids' ? 'wrong' : uid,
        result,
        convertedObjects: behaviour === 'fews' ? [] : converted,
      },
    },
  };
}
