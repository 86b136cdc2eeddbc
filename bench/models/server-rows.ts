import type { JsonObject, KubeObject } from '../../src/objects/json.ts';
import { code, configMap, metadata, podSpec, thing, things } from './restore-bodies.ts';
import type { RestoreRow } from './restore-rows.ts';

/** Bearer token of the user who may only make ClusterRoles. */
export const MAKER = 'token-of-the-maker';

/** Rows of lab 8 that the API server decides by itself. */
export const SERVER_ROWS: readonly RestoreRow[] = [
  {
    row: 'POST with deletionTimestamp',
    recorded: { status: 201, object: 'alive' },
    async play(scene) {
      const status = await code(
        scene,
        configMap('going', { deletionTimestamp: '2026-11-21T09:00:00Z', deletionGracePeriodSeconds: 0 }),
      );
      await scene.wait(5);
      const now = scene.get('configmaps', 'team', 'going');
      return { status, object: now !== undefined && now.metadata.deletionTimestamp === undefined ? 'alive' : 'dying' };
    },
  },
  {
    row: 'list of v2 of a CRD with an object stored as v1, conversion webhook down',
    recorded: { list: 500 },
    async play(scene) {
      await scene.post(things(['v1'], 'v1'));
      await scene.settle();
      await scene.post(thing('v1'));
      await scene.patch('customresourcedefinitions.apiextensions.k8s.io', undefined, 'things.example.com', {
        spec: things(['v1', 'v2'], 'v2', true).spec as JsonObject,
      });
      scene.nothingRefused();
      const cluster = scene.sandbox.cluster();
      const outcome = await cluster.list({ group: 'example.com', version: 'v2', resource: 'things' }, () => undefined);
      await cluster.close();
      return { list: outcome.kind === 'rejected' ? outcome.status : outcome.kind };
    },
  },
  {
    row: 'PATCH of managedFields naming v1 on a v2 object, conversion webhook down',
    recorded: { status: 200, 'managed fields': 0 },
    async play(scene) {
      await scene.post(things(['v1', 'v2'], 'v2', true));
      await scene.settle();
      await scene.post(thing('v2'));
      scene.nothingRefused();
      const managedFields = [
        {
          manager: 'git',
          operation: 'Apply',
          apiVersion: 'example.com/v1',
          time: '2026-11-21T09:00:00Z',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:spec': { 'f:size': {} } },
        },
      ];
      const answer = await scene.patch('things.example.com', 'team', 'one', { metadata: { managedFields } });
      return {
        status: answer.status,
        'managed fields': scene.get('things.example.com', 'team', 'one')?.metadata.managedFields?.length ?? 0,
      };
    },
  },
  {
    row: 'ClusterRole by a user for whom SelfSubjectAccessReview said allowed',
    recorded: { allowed: true, status: 403 },
    async play(scene) {
      const group = 'rbac.authorization.k8s.io';
      const role = (name: string, rules: JsonObject[]): JsonObject => ({
        apiVersion: `${group}/v1`,
        kind: 'ClusterRole',
        metadata: { name },
        rules,
      });
      await scene.post(
        role('makes-roles', [{ apiGroups: [group], resources: ['clusterroles'], verbs: ['create', 'get'] }]),
      );
      await scene.post({
        apiVersion: `${group}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: 'makes-roles' },
        subjects: [{ kind: 'User', name: 'maker', apiGroup: group }],
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'makes-roles' },
      });
      scene.nothingRefused();
      const cluster = scene.sandbox.cluster({ token: MAKER });
      const { allowed } = await cluster.mayI({ verb: 'create', group, resource: 'clusterroles' });
      const answer = await cluster.create(
        { group, version: 'v1', resource: 'clusterroles' },
        role('mighty', [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }]),
      );
      await cluster.close();
      return { allowed, status: answer.status };
    },
  },
  {
    row: 'bare Pods under `enforce: restricted`; objects beyond a ResourceQuota',
    recorded: { Pod: 403, 'object beyond the quota': 403 },
    async play(scene) {
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
      await scene.post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'strict', labels } });
      await scene.post({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: 'strict' },
      });
      const hard = { 'count/configmaps': '2' };
      await scene.post({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadata('few'), spec: { hard } });
      await scene.patch('resourcequotas', 'team', 'few', {});
      const at = { resource: 'resourcequotas' as never, namespace: 'team', name: 'few' };
      const quota = scene.get('resourcequotas', 'team', 'few') as KubeObject;
      // Its controller has no model: it would count the same.
      const used = { 'count/configmaps': String(scene.list('configmaps', 'team').length) };
      const as = { user: { name: 'admin', groups: ['system:masters'] }, manager: 'counting', subresource: 'status' };
      await scene.sandbox.api.update(at, { ...quota, status: { hard, used } } as unknown as JsonObject, as);
      const codes: number[] = [];
      for (const name of ['a', 'b', 'c']) codes.push(await code(scene, configMap(name)));
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', namespace: 'strict' }, spec: podSpec };
      return { Pod: await code(scene, pod), 'object beyond the quota': codes.at(-1) ?? 0 };
    },
  },
  {
    row: '`componentstatuses` with Exact',
    recorded: { list: 'complete', resourceVersion: '' },
    async play(scene) {
      const cluster = scene.sandbox.cluster();
      const pods = await cluster.list({ group: '', version: 'v1', resource: 'pods' }, () => undefined);
      const exact = pods.kind === 'complete' ? pods.end.revision : '';
      const outcome = await cluster.list({ group: '', version: 'v1', resource: 'componentstatuses' }, () => undefined, {
        revision: { exact },
      });
      await cluster.close();
      return { list: outcome.kind, resourceVersion: outcome.kind === 'complete' ? outcome.end.revision : 'none' };
    },
  },
];
