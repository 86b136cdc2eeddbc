import { randomBytes, randomInt } from 'node:crypto';
import { type Api, base64, DEFINITIONS, definition, deployment, ownerOf, type Thing } from './api.ts';

const HOME = 'crossplane-system';
const PLATFORM = 'platform.example.org';
const CLOUD = 'cloud.example.org';
const NAME = 'crossplane.io/external-name';
const SECRETS = `/api/v1/namespaces/${HOME}/secrets`;

/** Claims of two teams and what Crossplane makes of each: a composite, two managed resources, and Secrets named by UIDs. */
export async function makeCrossplane(api: Api): Promise<void> {
  await api.make('/api/v1/namespaces', { metadata: { name: HOME } }, 'helm');
  const operator = deployment('crossplane', { app: 'crossplane' }, 'registry.example.org/crossplane:v1.20.11');
  await api.make(`/apis/apps/v1/namespaces/${HOME}/deployments`, operator, 'helm');
  for (const body of [
    definition(PLATFORM, 'databases', 'Database', 'Namespaced', ['claim']),
    definition(PLATFORM, 'xdatabases', 'XDatabase', 'Cluster', ['composite']),
    definition(CLOUD, 'instances', 'Instance', 'Cluster', ['managed']),
    definition(CLOUD, 'buckets', 'Bucket', 'Cluster', ['managed']),
  ])
    await api.make(DEFINITIONS, body, 'crossplane');
  for (const team of ['team-a', 'team-b']) await makeClaim(api, team);
}

/** In the order in which the real one does it, so that every owner UID is real. */
async function makeClaim(api: Api, team: string): Promise<void> {
  const claims = `/apis/${PLATFORM}/v1/namespaces/${team}/databases`;
  const composites = `/apis/${PLATFORM}/v1/xdatabases`;
  const apiVersion = `${PLATFORM}/v1`;
  const claim = await api.make(
    claims,
    {
      apiVersion,
      kind: 'Database',
      metadata: { name: 'orders' },
      spec: { size: 'small', writeConnectionSecretToRef: { name: 'orders-conn' } },
    },
    'kubectl-create',
  );
  const claimRef = { apiVersion, kind: 'Database', namespace: team, name: 'orders' };
  const suffix = randomBytes(3).toString('hex').slice(0, 5);
  const composite = await api.make(
    composites,
    { apiVersion, kind: 'XDatabase', metadata: { name: `orders-${suffix}` }, spec: { size: 'small', claimRef } },
    'crossplane',
  );
  const { name, uid } = composite.metadata;
  await api.change(
    `${claims}/orders`,
    { spec: { resourceRef: { apiVersion, kind: 'XDatabase', name } } },
    'crossplane',
  );

  const password = randomBytes(12).toString('base64url');
  const instance = await makeManaged(api, composite, 'Instance', `db-${randomInt(1e9).toString(36)}`, {
    writeConnectionSecretToRef: { name: `${uid}-db`, namespace: HOME },
  });
  const bucket = await makeManaged(api, composite, 'Bucket', `${name}-backup`, {});
  const resourceRefs = [instance, bucket].map((one) => ({
    apiVersion: one.apiVersion,
    kind: one.kind,
    name: one.metadata.name,
  }));
  const writeConnectionSecretToRef = { name: uid, namespace: HOME };
  await api.change(`${composites}/${name}`, { spec: { resourceRefs, writeConnectionSecretToRef } }, 'crossplane');

  const data = { endpoint: base64(`${name}.db.example.org`), password: base64(password) };
  await makeSecret(api, SECRETS, `${uid}-db`, data, instance, 'provider-cloud');
  await makeSecret(api, SECRETS, uid, data, composite, 'crossplane');
  await makeSecret(api, `/api/v1/namespaces/${team}/secrets`, 'orders-conn', data, claim, 'crossplane');
  const status = { conditions: [condition('Synced'), condition('Ready')] };
  await api.change(`${composites}/${name}/status`, { status }, 'crossplane');
  await api.change(`${claims}/orders/status`, { status }, 'crossplane');
}

/** The provider writes the name of the thing outside when it has made it; no Git knows it. */
async function makeManaged(api: Api, composite: Thing, kind: string, outside: string, spec: object): Promise<Thing> {
  const plural = `${kind.toLowerCase()}s`;
  const name = `${composite.metadata.name}-${kind.toLowerCase()}`;
  const path = `/apis/${CLOUD}/v1/${plural}`;
  const made = await api.make(
    path,
    {
      apiVersion: `${CLOUD}/v1`,
      kind,
      metadata: {
        name,
        labels: { 'crossplane.io/composite': composite.metadata.name },
        ownerReferences: [{ ...ownerOf(composite), blockOwnerDeletion: true }],
      },
      spec: { deletionPolicy: 'Delete', forProvider: { region: 'eu-central' }, ...spec },
    },
    'crossplane',
  );
  const annotations = { [NAME]: outside, 'crossplane.io/external-create-succeeded': new Date().toISOString() };
  const finalizers = ['finalizer.managedresource.crossplane.io'];
  await api.change(`${path}/${name}`, { metadata: { annotations, finalizers } }, 'provider-cloud');
  const status = { conditions: [condition('Synced'), condition('Ready')], atProvider: { id: outside } };
  await api.change(`${path}/${name}/status`, { status }, 'provider-cloud');
  return made;
}

function makeSecret(api: Api, path: string, name: string, data: object, owner: Thing, manager: string): Promise<Thing> {
  const metadata = { name, ownerReferences: [ownerOf(owner)] };
  return api.make(path, { metadata, type: 'connection.crossplane.io/v1alpha1', data }, manager);
}

function condition(type: string) {
  return { type, status: 'True', reason: 'Available', lastTransitionTime: new Date().toISOString() };
}
