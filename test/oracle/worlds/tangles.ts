import type { Body } from '../places.ts';
import type { Builder, Made } from './builder.ts';

/** Loose objects, and the ownerships that no controller would make but clusters hold: missing, circular, across namespaces, of unknown kinds. */
export function loose(builder: Builder, namespace: string): void {
  const { random } = builder;
  const shape = random.below(5);
  if (shape === 0) custom(builder, namespace);
  else if (shape === 1)
    builder.add('storageclasses.storage.k8s.io', undefined, `class-${random.word()}`, {
      provisioner: 'csi.example.org',
    });
  else if (shape === 2)
    builder.add('secrets', namespace, `secret-${random.word()}`, { type: 'Opaque', data: { key: 'dmFsdWU=' } });
  else if (shape === 3)
    builder.add(
      'clusterroles.rbac.authorization.k8s.io',
      undefined,
      `role-${random.word()}`,
      { rules: [] },
      bootstrapping(random.chance(30)),
    );
  else builder.add('configmaps', namespace, `config-${random.word()}`, { data: { key: 'value' } });
  if (random.chance(8)) builder.add('leases.coordination.k8s.io', namespace, `lease-${random.word()}`, { spec: {} });
  if (random.chance(5)) builder.add('nodes', undefined, `node-${random.word()}`);
  if (random.chance(5))
    builder.add('pods', namespace, `bare-${random.word()}`, {
      spec: { containers: [] },
      status: { phase: random.one('Running', 'Succeeded', 'Pending') },
    });
}

const bootstrapping = (is: boolean): Body => (is ? { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } } : {});

/** Custom resources of kinds with several served versions. */
function custom(builder: Builder, namespace: string): void {
  const { random } = builder;
  const widgets = builder.define('example.org', 'Widget', 'Namespaced', ['v2', 'v1', 'v1beta1'], [], true);
  const gadgets = builder.define('example.org', 'Gadget', 'Cluster', ['v1', 'v1alpha1'], [], false);
  const body = (): Body => ({ spec: { size: random.below(9) }, status: { phase: 'Ready' } });
  if (random.chance(60)) builder.add(widgets, namespace, `widget-${random.word()}`, body());
  else builder.add(gadgets, undefined, `gadget-${random.word()}`, body());
}

const SELF_MADE =
  /^(pods|endpoints|endpointslices|replicasets|jobs|controllerrevisions|customresourcedefinitions|persistentvolumes|ipaddresses|nodes)$/;
const OF_THE_SERVER = /^(default|kube-system|kube-root-ca\.crt)$/;
const canBeOwned = (made: Made): boolean =>
  !SELF_MADE.test(made.kind.resource) &&
  !(made.kind.resource === 'namespaces' && OF_THE_SERVER.test(made.name)) &&
  made.body.type !== 'kubernetes.io/service-account-token';
const isOwned = (made: Made): boolean => (made.body.metadata as Body).ownerReferences !== undefined;

export function tangle(builder: Builder): void {
  const { random } = builder;
  for (const child of builder.made.filter((made) => canBeOwned(made) && !isOwned(made))) {
    if (!random.chance(25)) continue;
    for (let count = random.one(1, 1, 1, 2, 3); count > 0; count--) own(builder, child);
  }
  for (let count = random.between(0, 2); count > 0; count--) circle(builder, random.one(2, 2, 3, 1));
}

function own(builder: Builder, child: Made): void {
  const { random } = builder;
  const shape = random.below(20);
  const flags = random.chance(20) ? { blockOwnerDeletion: true } : {};
  if (shape < 2) {
    const known = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone' };
    const unknown = { apiVersion: 'lost.example.com/v1', kind: 'Unknown', name: 'x' };
    builder.own(child, { ...(shape === 0 ? known : unknown), uid: random.uid(), ...flags });
    return;
  }
  const near = builder.made.filter(
    (made) =>
      made !== child &&
      !made.name.startsWith('cnpg-validating') &&
      !made.name.startsWith('cnpg-mutating') &&
      (shape === 2 || made.namespace === undefined || made.namespace === child.namespace),
  );
  const owner = random.pick(near);
  if (owner === undefined) return;
  const names = ((child.body.metadata as Body).ownerReferences as Body[] | undefined) ?? [];
  if (!names.some((reference) => reference.uid === owner.uid)) builder.own(child, builder.owner(owner, flags));
}

/** Objects that own each other in a ring; a ring of one owns itself. */
function circle(builder: Builder, size: number): void {
  const { random } = builder;
  const home = random.pick(builder.made.filter((made) => made.namespace !== undefined))?.namespace;
  const ring = random
    .shuffled(builder.made.filter((made) => made.namespace === home && canBeOwned(made) && !isOwned(made)))
    .slice(0, size);
  if (ring.length < size) return;
  for (const [index, made] of ring.entries()) {
    const next = ring[(index + 1) % ring.length];
    if (next !== undefined) builder.own(made, builder.owner(next));
  }
}

/** UIDs of other objects in labels, annotations, data, names and map keys, with and without dashes. */
export function mention(builder: Builder): void {
  const { random } = builder;
  for (const made of builder.made.filter(({ kind }) =>
    ['configmaps', 'secrets', 'services', 'widgets'].includes(kind.resource),
  )) {
    const other = random.chance(15) ? random.pick(builder.made) : undefined;
    if (other === undefined || other === made) continue;
    const uid = random.chance(70) ? other.uid : other.uid.replaceAll('-', '');
    const metadata = made.body.metadata as Body;
    const shape = random.below(5);
    if (shape === 0) metadata.labels = { ...(metadata.labels as Body), 'example.org/of': uid };
    if (shape === 1)
      metadata.annotations = { ...(metadata.annotations as Body), 'example.org/of': `of ${uid} since yesterday` };
    if (shape === 2) metadata.annotations = { ...(metadata.annotations as Body), [`example.org/${uid}`]: 'yes' };
    if (shape === 3 && made.kind.resource === 'configmaps') made.body.data = { key: `owner=${uid}` };
    if (shape === 3 && made.kind.resource === 'secrets')
      made.body.data = { key: Buffer.from(`owner=${uid}`).toString('base64') };
    if (shape === 4) builder.add('configmaps', made.namespace, `state-${uid}`, { data: { key: 'value' } });
  }
}

/** Managed fields with the UIDs of owners as map keys, as servers write them (lab 8). */
export function manage(builder: Builder): void {
  for (const made of builder.made) {
    if (!builder.random.chance(40)) continue;
    const metadata = made.body.metadata as Body;
    const owners = (metadata.ownerReferences as Body[] | undefined) ?? [];
    const keys = Object.fromEntries(owners.map((owner) => [`k:${JSON.stringify({ uid: owner.uid })}`, {}]));
    metadata.managedFields = [
      {
        manager: 'someone',
        operation: builder.random.one('Apply', 'Update'),
        apiVersion: made.body.apiVersion,
        time: '2026-11-21T09:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': {
            'f:labels': {},
            ...(owners.length === 0 ? {} : { 'f:ownerReferences': { '.': {}, ...keys } }),
          },
        },
      },
    ];
  }
}

const isDefaultRole = (made: Made): boolean => JSON.stringify(made.body.metadata).includes('rbac-defaults');

/** What was being deleted when it was captured. */
export function doom(builder: Builder): void {
  for (const made of builder.made)
    if (made.kind.resource === 'namespaces' ? builder.random.chance(2) : builder.random.chance(4)) {
      if (!OF_THE_SERVER.test(made.name) && !isDefaultRole(made)) builder.doom(made);
    }
}
