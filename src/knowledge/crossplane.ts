import { type Pick, type Rule, resources, system, type Where } from './language.ts';

const composite: Pick = { category: 'composite' };
const claim: Pick = { category: 'claim' };
const managed: Pick = { category: 'managed' };
const externalName = '/metadata/annotations/crossplane.io~1external-name';
const created = '/metadata/annotations/crossplane.io~1external-create-succeeded';
const pending = '/metadata/annotations/crossplane.io~1external-create-pending';
const failed = '/metadata/annotations/crossplane.io~1external-create-failed';
const absent = (path: string): Where => ({ kind: 'not', of: { kind: 'has', path } });
const connection: Pick = {
  resources: ['secrets' as never],
  where: { kind: 'equals', path: '/type', value: 'connection.crossplane.io/v1alpha1' },
};
const refers = (on: Pick, path: string, strength: 'hard' | 'soft', why: string, to?: string): Rule => ({
  kind: 'refers',
  on,
  path,
  strength,
  code: 'CROSSPLANE-REFERS',
  why,
  ...(to === undefined ? {} : { to: to as never }),
});

/** Crossplane 1.x (claim, composite, managed resources) and 2.x (machinery under spec.crossplane, namespaced). */
export const crossplane = system({
  id: 'crossplane',
  title: 'Crossplane',
  tried: ['1.20.11', '2.3.4'],
  facts: ['lab 6', 'crossplane-gitops 1', 'crossplane-gitops 2'],
  members: [composite, claim, managed, { groups: ['crossplane.io', '.crossplane.io'] }],
  rules: [
    {
      kind: 'omit',
      on: {
        groups: ['.crossplane.io'],
        where: { kind: 'matches', path: '/kind', pattern: '^(Cluster)?ProviderConfigUsage$' },
      },
      origin: 'controller',
      code: 'CROSSPLANE-USAGE',
      why: 'named after the UID of its managed resource; the provider makes it again (crossplane-gitops 1)',
    },
    {
      kind: 'omit',
      on: resources(
        'providerrevisions.pkg.crossplane.io',
        'configurationrevisions.pkg.crossplane.io',
        'functionrevisions.pkg.crossplane.io',
        'locks.pkg.crossplane.io',
      ),
      origin: 'controller',
      code: 'CROSSPLANE-PACKAGE-REVISION',
      why: 'the package manager makes it again from the package, whose CustomResourceDefinitions it then adopts (crossplane-gitops 1)',
    },
    {
      kind: 'omit',
      on: resources('operations.ops.crossplane.io'),
      origin: 'nowhere',
      code: 'CREATION-IS-A-COMMAND',
      why: 'creating it runs it',
    },
    {
      kind: 'later',
      on: resources('cronoperations.ops.crossplane.io'),
      path: '/spec/suspend',
      value: true,
      until: 'released',
      code: 'SCHEDULE-HELD',
      why: 'nothing may be started by the clock before everything is back',
    },
    {
      kind: 'whole',
      on: composite,
      parts: ['/spec/resourceRefs/*', '/spec/crossplane/resourceRefs/*'],
      makers: ['/spec/claimRef'],
      code: 'CROSSPLANE-COMPOSITE-BROKEN',
      why: 'a composite that misses one of its resources makes it a second time, and the thing outside with it (lab 6)',
    },
    refers(claim, '/spec/resourceRef', 'hard', 'a claim that does not find its composite makes another (lab 6)'),
    refers(
      { resources: [...(resources('compositions.apiextensions.crossplane.io').resources ?? [])] },
      '/spec/functionRef',
      'soft',
      'uses the function',
    ),
    refers(
      composite,
      '/spec/compositionRef/name',
      'soft',
      'is composed by it',
      'compositions.apiextensions.crossplane.io',
    ),
    refers(
      composite,
      '/spec/crossplane/compositionRef/name',
      'soft',
      'is composed by it',
      'compositions.apiextensions.crossplane.io',
    ),
    refers(
      composite,
      '/spec/compositionRevisionRef/name',
      'soft',
      'is composed by it',
      'compositionrevisions.apiextensions.crossplane.io',
    ),
    refers(
      composite,
      '/spec/crossplane/compositionRevisionRef/name',
      'soft',
      'is composed by it',
      'compositionrevisions.apiextensions.crossplane.io',
    ),
    {
      kind: 'mention',
      on: connection,
      path: '/metadata/name',
      of: composite,
      action: 'copy',
      code: 'CROSSPLANE-CONNECTION',
      why: 'Compositions name connection Secrets by the UID of the composite: under the new UID an empty one would be made, and a password given only once is lost (lab 6)',
    },
    {
      kind: 'mention',
      on: connection,
      path: '/metadata/name',
      of: managed,
      action: 'copy',
      code: 'CROSSPLANE-CONNECTION',
      why: 'named by the UID of the managed resource: under the new UID an empty one would be made (lab 6)',
    },
    {
      kind: 'mention',
      on: composite,
      path: '/spec/**',
      action: 'keep',
      code: 'CROSSPLANE-SECRET-NAME',
      why: 'an explicit reference to a Secret that comes back under that name (crossplane-gitops 1)',
    },
    {
      kind: 'mention',
      on: claim,
      path: '/spec/**',
      action: 'keep',
      code: 'CROSSPLANE-SECRET-NAME',
      why: 'an explicit reference to a Secret that comes back under that name',
    },
    {
      kind: 'mention',
      on: managed,
      path: '/spec/**',
      action: 'keep',
      code: 'CROSSPLANE-SECRET-NAME',
      why: 'the composite renders it anew where it depends on its UID; until then the old name is right',
    },
    {
      kind: 'mention',
      on: { category: 'managed' },
      path: externalName,
      action: 'keep',
      code: 'CROSSPLANE-EXTERNAL-NAME',
      why: 'it names the thing outside, whatever it was made from',
    },
    {
      kind: 'mention',
      on: { category: 'managed' },
      path: '/status/**',
      action: 'keep',
      code: 'CROSSPLANE-OBSERVED',
      why: 'the provider observes it anew',
    },
    {
      kind: 'mention',
      on: { category: 'composite' },
      path: '/status/**',
      action: 'keep',
      code: 'CROSSPLANE-OBSERVED',
      why: 'the composite renders it anew',
    },
    {
      kind: 'external',
      on: { category: 'managed', where: { kind: 'has', path: externalName } },
      path: externalName,
      code: 'CROSSPLANE-EXTERNAL-NAME',
      why: 'Ready=True proves nothing: only the identities and their number do (lab 6)',
    },
    {
      kind: 'hazard',
      on: { category: 'managed', where: { kind: 'all', of: [absent(externalName), { kind: 'has', path: created }] } },
      severity: 'danger',
      code: 'CROSSPLANE-NAME-LOST',
      why: 'its thing outside was created and its external-name is missing: the provider would create a second',
    },
    {
      kind: 'hazard',
      on: { category: 'managed', where: { kind: 'newer', path: pending, than: [created, failed] } },
      severity: 'danger',
      code: 'CROSSPLANE-CREATE-PENDING',
      why: 'a creation was under way when it was captured: the provider refuses to go on until someone looks (lab 6)',
    },
    {
      kind: 'ready',
      on: resources('compositeresourcedefinitions.apiextensions.crossplane.io'),
      ready: { kind: 'condition', type: 'Established', status: 'True' },
      needsKubelet: true,
      code: 'XRD-ESTABLISHED',
      why: 'its composites are watched only then',
    },
    {
      kind: 'ready',
      on: managed,
      ready: {
        kind: 'all',
        of: [
          { kind: 'condition', type: 'Synced', status: 'True' },
          { kind: 'condition', type: 'Ready', status: 'True' },
        ],
      },
      needsKubelet: true,
      code: 'MANAGED-READY',
      why: 'the provider found the thing outside',
    },
  ],
  control: {
    workloads: [
      { resource: 'deployments.apps' as never, label: { name: 'app', value: 'crossplane' } },
      { resource: 'deployments.apps' as never, label: { name: 'app', value: 'crossplane-rbac-manager' } },
      { resource: 'deployments.apps' as never, label: { name: 'pkg.crossplane.io/revision', value: '' } },
    ],
    webhooks: ['crossplane', 'crossplane-no-usages'],
  },
});
