import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/objects/json.ts';
import type { KeyText } from '../../src/objects/key.ts';
import { getAt } from '../../src/objects/pointer.ts';
import { bodyOf, nameOf } from '../../src/plan/body.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { LivingWorkload } from '../../src/plan/target-facts.ts';
import { amendsOf, Captured, createOf, existing, isBefore, omissionOf, ownerOf, uidOf } from './captured.ts';

/** A claim, its composite, two managed resources, and connection Secrets named by the composite's UID (lab 6). */
function crossplane(options: { dying?: 'db'; usage?: boolean } = {}) {
  const cluster = new Captured();
  cluster.namespace('team-a');
  cluster.namespace('crossplane-system');
  cluster.definition('XSQL', 'demo.io', { namespaced: false, categories: ['composite'] });
  cluster.definition('SQLClaim', 'demo.io', { categories: ['claim'] });
  cluster.definition('Database', 'cloud.example.io', { namespaced: false, categories: ['crossplane', 'managed'] });
  const xr = cluster.object('demo.io/v1', 'XSQL', undefined, 'my-db-x', {
    spec: {
      claimRef: { apiVersion: 'demo.io/v1', kind: 'SQLClaim', namespace: 'team-a', name: 'my-db' },
      resourceRefs: [
        { apiVersion: 'cloud.example.io/v1', kind: 'Database', name: 'db' },
        { apiVersion: 'cloud.example.io/v1', kind: 'Database', name: 'replica' },
      ],
      writeConnectionSecretToRef: { name: uidOf('XSQL//my-db-x'), namespace: 'crossplane-system' },
    },
  });
  cluster.object('demo.io/v1', 'SQLClaim', 'team-a', 'my-db', {
    spec: { resourceRef: { apiVersion: 'demo.io/v1', kind: 'XSQL', name: 'my-db-x' } },
  });
  const db = cluster.object(
    'cloud.example.io/v1',
    'Database',
    undefined,
    'db',
    { spec: {} },
    {
      ...ownerOf(xr),
      annotations: { 'crossplane.io/external-name': 'db-123' },
      ...(options.dying === 'db' ? { deletionTimestamp: '2026-11-21T09:00:00Z' } : {}),
    },
  );
  cluster.object('cloud.example.io/v1', 'Database', undefined, 'replica', { spec: {} }, ownerOf(xr));
  const secret = cluster.object(
    'v1',
    'Secret',
    'crossplane-system',
    `${xr.metadata.uid}-db`,
    { type: 'connection.crossplane.io/v1alpha1', data: { password: 'c2VjcmV0' } },
    ownerOf(db),
  );
  return { cluster, xr, db, secret };
}

test('Crossplane: owners first, the claim after its composite, passwords also under the new UID', () => {
  const { cluster, xr, secret } = crossplane();
  const plan = cluster.plan();
  assert.ok(isBefore(plan, 'create xsqls.demo.io/my-db-x', 'create databases.cloud.example.io/db'));
  assert.ok(createOf(plan, 'sqlclaims.demo.io/team-a/my-db').needs.includes('create xsqls.demo.io/my-db-x' as never));
  const copy = plan.steps.find((step) => step.kind === 'copy');
  assert.ok(copy?.kind === 'copy');
  assert.equal(
    nameOf(copy.name, (key) => (key === 'xsqls.demo.io/my-db-x' ? uidOf('new') : undefined)),
    `${uidOf('new')}-db`,
  );
  const { body } = bodyOf(copy, secret, () => uidOf('new'), { name: 'copied' });
  assert.equal(getAt(body, '/metadata/name'), 'copied');
  assert.equal(getAt(body, '/data/password'), 'c2VjcmV0');
  assert.equal(
    getAt(
      bodyOf(createOf(plan, 'xsqls.demo.io/my-db-x'), xr, () => undefined).body,
      '/spec/writeConnectionSecretToRef/name',
    ),
    xr.metadata.uid,
  );
  assert.deepEqual(
    plan.findings.map((finding) => finding.reason.code),
    ['NOT-HELD'],
  );
  assert.deepEqual(plan.notHeld, ['crossplane']);
  assert.deepEqual(
    plan.checks.flatMap((check) => (check.kind === 'external' ? [[check.key, check.value]] : [])),
    [['databases.cloud.example.io/db', 'db-123']],
  );
  assert.deepEqual(
    plan.checks.flatMap((check) => (check.kind === 'count' ? [[check.resource, check.expected]] : [])),
    [
      ['databases', 1],
      ['xsqls', 1],
    ],
  );
});

test('Crossplane: a composed object that was being deleted withholds its whole composite and the claim that would make it anew', () => {
  const { cluster } = crossplane({ dying: 'db' });
  const plan = cluster.plan();
  assert.equal(omissionOf(plan, 'databases.cloud.example.io/db'), 'omitted WAS-BEING-DELETED');
  for (const key of ['xsqls.demo.io/my-db-x', 'sqlclaims.demo.io/team-a/my-db', 'databases.cloud.example.io/replica'])
    assert.equal(omissionOf(plan, key), 'withheld CROSSPLANE-COMPOSITE-BROKEN', key);
});

test('Crossplane: a nested composite that is withheld withholds the one above it', () => {
  const { cluster, xr } = crossplane({ dying: 'db' });
  cluster.definition('XApp', 'demo.io', { namespaced: false, categories: ['composite'] });
  cluster.object('demo.io/v1', 'XApp', undefined, 'app', {
    spec: { crossplane: { resourceRefs: [{ apiVersion: xr.apiVersion, kind: xr.kind, name: 'my-db-x' }] } },
  });
  assert.equal(omissionOf(cluster.plan(), 'xapps.demo.io/app'), 'withheld CROSSPLANE-COMPOSITE-BROKEN');
});

test('Crossplane: a claim whose composite was being deleted is withheld: it would make another, and the things outside with it', () => {
  const { cluster, xr } = crossplane();
  cluster.objects[cluster.objects.indexOf(xr)] = {
    ...xr,
    metadata: { ...xr.metadata, deletionTimestamp: '2026-11-21T09:00:00Z' },
  };
  assert.equal(omissionOf(cluster.plan(), 'sqlclaims.demo.io/team-a/my-db'), 'withheld CROSSPLANE-REFERS');
});

test('Crossplane: a claim that is selected brings its composite, the parts of that and their Secrets', () => {
  const { cluster } = crossplane();
  const plan = cluster.plan({}, { selection: { namespaces: ['team-a'] } });
  assert.deepEqual(
    plan.omissions.filter(({ kind }) => kind === 'withheld'),
    [],
  );
  for (const key of [
    'sqlclaims.demo.io/team-a/my-db',
    'xsqls.demo.io/my-db-x',
    'databases.cloud.example.io/db',
    `secrets/crossplane-system/${uidOf('XSQL//my-db-x')}-db`,
  ])
    createOf(plan, key);
});

test('what a selection leaves out although it is used is named, unless it lives in the target', () => {
  const cluster = new Captured();
  cluster.namespace('shop');
  cluster.object('scheduling.k8s.io/v1', 'PriorityClass', undefined, 'gold', { value: 7 });
  const web = cluster.object('apps/v1', 'Deployment', 'shop', 'web', {
    spec: { template: { spec: { containers: [], priorityClassName: 'gold' } } },
  });
  const selected = { selection: { namespaces: ['shop'] } };
  const named = (plan: Plan): string[] =>
    plan.findings.filter(({ reason }) => reason.code === 'REFERENCE-NOT-SELECTED').map(({ key }) => key ?? '');
  assert.deepEqual(named(cluster.plan({}, selected)), ['deployments.apps/shop/web']);
  assert.deepEqual(named(cluster.plan()), []);
  const living = new Map([
    [
      'priorityclasses.scheduling.k8s.io/gold' as KeyText,
      { uid: uidOf('its own'), terminating: false, owners: [], content: { kind: 'equal' as const } },
    ],
  ]);
  assert.deepEqual(named(cluster.plan({ existing: living }, selected)), []);
  createOf(cluster.plan({}, selected), `deployments.apps/shop/${web.metadata.name}`);
});

test('an operator that comes back without its webhook configurations is named', () => {
  const cluster = new Captured();
  cluster.namespace('cnpg-system');
  cluster.object('apps/v1', 'Deployment', 'cnpg-system', 'cnpg-controller-manager', {
    spec: {
      replicas: 1,
      template: { spec: { containers: [{ name: 'manager', image: 'ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0' }] } },
    },
  });
  cluster.object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', undefined, WEBHOOKS, {
    webhooks: [{ rules: [{ apiGroups: ['postgresql.cnpg.io'] }] }],
  });
  const codes = (plan: Plan): string[] => plan.findings.map(({ reason }) => reason.code);
  const selected = { selection: { namespaces: ['cnpg-system'] } };
  assert.ok(codes(cluster.plan({}, selected)).includes('WEBHOOKS-NOT-SELECTED'));
  assert.ok(!codes(cluster.plan()).includes('WEBHOOKS-NOT-SELECTED'));
});
const WEBHOOKS = 'cnpg-mutating-webhook-configuration';

test('Crossplane: a created thing without its external name is a danger', () => {
  const cluster = new Captured();
  cluster.definition('Database', 'cloud.example.io', { namespaced: false, categories: ['managed'] });
  cluster.object(
    'cloud.example.io/v1',
    'Database',
    undefined,
    'lost',
    {},
    { annotations: { 'crossplane.io/external-create-succeeded': '2026-11-21T09:00:00Z' } },
  );
  cluster.object(
    'cloud.example.io/v1',
    'Database',
    undefined,
    'pending',
    {},
    {
      annotations: {
        'crossplane.io/external-create-pending': '2026-11-21T09:00:01Z',
        'crossplane.io/external-create-failed': '2026-11-21T09:00:00Z',
        'crossplane.io/external-name': 'x',
      },
    },
  );
  const dangers = cluster
    .plan()
    .findings.filter((finding) => finding.severity === 'danger')
    .map((finding) => [finding.key, finding.reason.code]);
  assert.deepEqual(dangers, [
    ['databases.cloud.example.io/lost', 'CROSSPLANE-NAME-LOST'],
    ['databases.cloud.example.io/pending', 'CROSSPLANE-CREATE-PENDING'],
  ]);
});

/** A CloudNativePG operator and a Cluster with what it owns (lab 5). */
function cnpg(options: { operator?: boolean } = {}) {
  const cluster = new Captured();
  cluster.definition('Cluster', 'postgresql.cnpg.io');
  cluster.definition('ScheduledBackup', 'postgresql.cnpg.io');
  cluster.definition('Backup', 'postgresql.cnpg.io');
  cluster.namespace('team-a');
  cluster.namespace('cnpg-system');
  if (options.operator !== false) {
    const operator = cluster.object(
      'apps/v1',
      'Deployment',
      'cnpg-system',
      'cnpg-controller-manager',
      {
        spec: {
          replicas: 2,
          template: { spec: { containers: [{ image: 'ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0' }] } },
        },
      },
      { labels: { 'app.kubernetes.io/name': 'cloudnative-pg' } },
    );
    cluster.object(
      'apps/v1',
      'ReplicaSet',
      'cnpg-system',
      'cnpg-controller-manager-1',
      { spec: { replicas: 2 } },
      ownerOf(operator),
    );
  }
  const db = cluster.object('postgresql.cnpg.io/v1', 'Cluster', 'team-a', 'db', {
    spec: { bootstrap: { initdb: {} } },
    status: { phase: 'Cluster in healthy state' },
  });
  cluster.object('v1', 'Service', 'team-a', 'db-rw', { spec: { clusterIP: '10.0.0.9' } }, ownerOf(db));
  cluster.object('v1', 'Secret', 'team-a', 'db-app', { type: 'kubernetes.io/basic-auth' }, ownerOf(db));
  const claim = cluster.object(
    'v1',
    'PersistentVolumeClaim',
    'team-a',
    'db-1',
    { spec: { volumeName: 'pvc-1' } },
    ownerOf(db),
  );
  cluster.object('v1', 'PersistentVolume', undefined, 'pvc-1', {
    spec: {
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { namespace: 'team-a', name: 'db-1', uid: claim.metadata.uid },
    },
  });
  const job = cluster.object('batch/v1', 'Job', 'team-a', 'db-1-initdb', { spec: {} }, ownerOf(db));
  cluster.object('v1', 'Pod', 'team-a', 'db-1-initdb-x', {}, ownerOf(job));
  cluster.object('postgresql.cnpg.io/v1', 'ScheduledBackup', 'team-a', 'nightly', {
    spec: { cluster: { name: 'db' }, immediate: true },
  });
  cluster.object('postgresql.cnpg.io/v1', 'Backup', 'team-a', 'once', {
    spec: { cluster: { name: 'db' } },
    status: { phase: 'completed' },
  });
  const hook = cluster.object(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    undefined,
    'cnpg-mutating-webhook-configuration',
    {
      webhooks: [
        {
          clientConfig: { service: { namespace: 'cnpg-system', name: 'cnpg-webhook-service' } },
          rules: [{ apiGroups: ['postgresql.cnpg.io'] }],
        },
      ],
    },
  );
  return { cluster, db, hook };
}

test('CloudNativePG: volumes, Jobs and Pods are left out, the rest hangs on the new Cluster without its status', () => {
  const { cluster, db } = cnpg();
  const plan = cluster.plan();
  assert.equal(omissionOf(plan, 'persistentvolumeclaims/team-a/db-1'), 'omitted CNPG-VOLUME');
  assert.equal(omissionOf(plan, 'persistentvolumes/pvc-1'), 'omitted VOLUME-OF-OMITTED-CLAIM');
  assert.equal(omissionOf(plan, 'jobs.batch/team-a/db-1-initdb'), 'omitted CNPG-MADE-AGAIN');
  assert.equal(omissionOf(plan, 'pods/team-a/db-1-initdb-x'), 'omitted POD-OF-CONTROLLER');
  assert.equal(omissionOf(plan, 'backups.postgresql.cnpg.io/team-a/once'), 'omitted CREATION-IS-A-COMMAND');
  for (const key of ['services/team-a/db-rw', 'secrets/team-a/db-app']) {
    const [link] = createOf(plan, key).writing.owners;
    assert.equal(link?.kind === 'relink' ? link.owner : link?.kind, 'clusters.postgresql.cnpg.io/team-a/db');
  }
  const written = bodyOf(createOf(plan, 'clusters.postgresql.cnpg.io/team-a/db'), db, () => undefined);
  assert.deepEqual([getAt(written.body, '/status'), written.status], [undefined, undefined]);
});

test('CloudNativePG: the operator and its ReplicaSets come back at 0, and act only with consent when the data is not back', () => {
  const { cluster, hook } = cnpg();
  const plan = cluster.plan();
  for (const key of [
    'deployments.apps/cnpg-system/cnpg-controller-manager',
    'replicasets.apps/cnpg-system/cnpg-controller-manager-1',
  ]) {
    assert.ok(
      createOf(plan, key).writing.edits.some(
        (edit) => edit.kind === 'set' && edit.path === '/spec/replicas' && edit.value === 0,
      ),
      key,
    );
  }
  const release = plan.steps.find((step) => step.kind === 'release');
  assert.ok(release?.kind === 'release');
  assert.deepEqual(
    release.workloads.map(({ target, replicas }) => [target.key, replicas]),
    [['deployments.apps/cnpg-system/cnpg-controller-manager', 2]],
  );
  assert.deepEqual(
    release.consent?.why.map(({ key }) => key),
    ['clusters.postgresql.cnpg.io/team-a/db'],
  );
  const written = createOf(plan, cluster.keyOf(hook));
  assert.ok(written.needs.includes(release.id));
  // The operator does not start without it, so it cannot wait for the operator's Pods.
  assert.equal(written.wait, undefined);
  assert.ok(written.after.includes('amend scheduledbackups.postgresql.cnpg.io/team-a/nightly released' as never));
  const closure = plan.steps.find((step) => step.id === 'closure cnpg');
  assert.ok(closure?.needs.includes('create secrets/team-a/db-app' as never));
  assert.ok(amendsOf(plan, 'scheduledbackups.postgresql.cnpg.io/team-a/nightly')[0]?.needs.includes(release.id));
  assert.deepEqual(
    plan.checks.flatMap((check) => (check.kind === 'data' ? [check.key] : [])),
    ['clusters.postgresql.cnpg.io/team-a/db'],
  );
});

test('an operator that runs in the target is held before anything of its own is written', () => {
  const { cluster } = cnpg({ operator: false });
  const living: LivingWorkload = {
    system: 'cnpg',
    key: 'deployments.apps/ops/pg' as never,
    version: 'v1',
    kind: 'Deployment',
    uid: uidOf('pg'),
    replicas: 1,
  };
  const plan = cluster.plan({ workloads: [living] });
  assert.ok(createOf(plan, 'clusters.postgresql.cnpg.io/team-a/db').needs.includes('hold cnpg' as never));
  const release = plan.steps.find((step) => step.kind === 'release');
  assert.deepEqual(
    release?.kind === 'release'
      ? release.workloads.map(({ target, replicas }) => [target.namespace, target.name, replicas])
      : [],
    [['ops', 'pg', 1]],
  );
  assert.deepEqual(plan.notHeld, []);
});

test('webhook configurations that outlived their operator are taken away, and written again behind it', () => {
  const { cluster, hook } = cnpg();
  const key = cluster.keyOf(hook);
  const webhooks = [
    { system: 'cnpg', key, version: 'v1', kind: 'MutatingWebhookConfiguration', uid: uidOf('outlived') },
  ];
  const plan = cluster.plan({ existing: new Map([[key, existing(uidOf('outlived'))]]), webhooks });
  assert.deepEqual(plan.refusals, []);
  const hold = plan.steps.find((step) => step.kind === 'hold');
  assert.deepEqual(hold?.kind === 'hold' && hold.webhooks.map(({ target }) => target.key), [key]);
  for (const [theirs, first] of [
    ['clusters.postgresql.cnpg.io/team-a/db', 'hold cnpg'],
    [key, 'release cnpg'],
  ] as const)
    assert.ok(createOf(plan, theirs).needs.includes(first as never), `${theirs} needs ${first}`);

  const alone = cluster.plan({ existing: new Map([[key, existing(uidOf('outlived'))]]) });
  assert.deepEqual(
    alone.steps.filter((step) => step.kind === 'hold' || (step.kind === 'create' && step.target.key === key)),
    [],
    'where it is no webhook of a known system, what is equal is adopted',
  );
});

test('CloudNativePG: what an instance had applied is applied anew, and the catalog of its image is named', () => {
  const { cluster } = cnpg();
  cluster.definition('ClusterImageCatalog', 'postgresql.cnpg.io', { namespaced: false });
  cluster.object('postgresql.cnpg.io/v1', 'ClusterImageCatalog', undefined, 'images');
  cluster.definition('Database', 'postgresql.cnpg.io');
  cluster.object('postgresql.cnpg.io/v1', 'Database', 'team-a', 'app', {
    spec: { cluster: { name: 'db' }, name: 'app' },
    status: { applied: true, observedGeneration: 1 },
  });
  cluster.object('postgresql.cnpg.io/v1', 'Cluster', 'team-a', 'other', {
    spec: {
      imageCatalogRef: { apiGroup: 'postgresql.cnpg.io', kind: 'ClusterImageCatalog', name: 'images', major: 17 },
    },
  });
  const plan = cluster.plan({}, { selection: { namespaces: ['team-a'] } });
  assert.equal(createOf(plan, 'databases.postgresql.cnpg.io/team-a/app').writing.status, 'leave');
  assert.deepEqual(
    plan.findings.filter(({ reason }) => reason.code === 'REFERENCE-NOT-SELECTED').map(({ key }) => key),
    ['clusters.postgresql.cnpg.io/team-a/other'],
  );
});

test('an operator of which everything is there already is left alone; its databases stay unproven', () => {
  const { cluster } = cnpg();
  const all = cluster.objects.map((object): [KeyText, ReturnType<typeof existing>] => [
    cluster.keyOf(object),
    existing(
      uidOf(`new ${object.metadata.uid}`),
      { kind: 'equal' },
      (object.metadata.ownerReferences ?? []).map(({ uid }) => uidOf(`new ${uid}`)),
    ),
  ]);
  const living: LivingWorkload = {
    system: 'cnpg',
    key: 'deployments.apps/cnpg-system/cnpg-controller-manager' as never,
    version: 'v1',
    kind: 'Deployment',
    uid: uidOf('living'),
    replicas: 2,
  };
  const plan = cluster.plan({ existing: new Map(all), workloads: [living] });
  assert.deepEqual(plan.refusals, []);
  assert.deepEqual(
    plan.steps.filter(({ kind }) => kind === 'hold' || kind === 'create').map(({ id }) => id),
    [],
  );
  const release = plan.steps.find((step) => step.kind === 'release');
  assert.deepEqual(release?.kind === 'release' && [release.workloads, release.consent], [[], undefined]);
  assert.deepEqual(
    plan.checks.flatMap((check) => (check.kind === 'data' ? [check.key] : [])),
    ['clusters.postgresql.cnpg.io/team-a/db'],
  );

  const lost = new Map(all).set(cluster.keyOf(cluster.objects[0] as never), existing(uidOf('x')));
  lost.delete('secrets/team-a/db-app' as KeyText);
  const held = cluster.plan({ existing: lost, workloads: [living] });
  assert.ok(createOf(held, 'secrets/team-a/db-app').needs.includes('hold cnpg' as never));
});

test('an operator that a run held whose log is lost is released by the next plan, with the consent that it needs', () => {
  const { cluster } = cnpg();
  const operator = 'deployments.apps/cnpg-system/cnpg-controller-manager';
  const all = cluster.objects.map((object): [KeyText, ReturnType<typeof existing>] => {
    const owners = (object.metadata.ownerReferences ?? []).map(({ uid }) => uidOf(`new ${uid}`));
    const one = existing(uidOf(`new ${object.metadata.uid}`), { kind: 'equal' }, owners);
    return [cluster.keyOf(object), cluster.keyOf(object) === operator ? { ...one, unfinished: true } : one];
  });
  for (const { metadata } of cluster.objects)
    Object.assign(metadata, { managedFields: [{ manager: 'helm', operation: 'Update' }] });
  const plan = cluster.plan({ existing: new Map(all) });
  const release = plan.steps.find((step) => step.kind === 'release');
  assert.ok(release?.kind === 'release');
  assert.deepEqual(
    release.workloads.map(({ target, replicas }) => [target.key, replicas]),
    [[operator, 2]],
  );
  assert.deepEqual(
    release.consent?.why.map(({ key }) => key),
    ['clusters.postgresql.cnpg.io/team-a/db'],
  );
});

test('the same world gives the same plan to the byte, whatever the order in which the target was read', () => {
  const { cluster } = cnpg();
  const objects: KubeObject[] = cluster.objects;
  const there = objects.slice(0, 4).map(
    (object) =>
      [
        cluster.keyOf(object),
        {
          uid: uidOf(`there ${object.metadata.name}`),
          terminating: false,
          owners: [],
          content: { kind: 'equal' as const },
        },
      ] as const,
  );
  const one = cluster.plan({ existing: new Map(there) });
  const other = cluster.plan({ existing: new Map([...there].reverse()) });
  assert.equal(JSON.stringify(one), JSON.stringify(other));
});
