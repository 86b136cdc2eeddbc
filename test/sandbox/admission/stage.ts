import { setImmediate as turn } from 'node:timers/promises';
import type { User } from '../../../src/sandbox/access/user.ts';
import { type AdmissionDeps, admissionChain } from '../../../src/sandbox/admission/chain.ts';
import { objectApi } from '../../../src/sandbox/api/object-api.ts';
import { ControllerRunner } from '../../../src/sandbox/controller-runner.ts';
import { clusterRoleAggregation } from '../../../src/sandbox/controllers/cluster-role-aggregation.ts';
import { namespaceController } from '../../../src/sandbox/controllers/namespaces.ts';
import { resourceQuotaController } from '../../../src/sandbox/controllers/resource-quota.ts';
import { rootCaPublisher, serviceAccountController } from '../../../src/sandbox/controllers/service-accounts.ts';
import { putFirstObjects } from '../../../src/sandbox/first-objects.ts';
import { KIND_RULES } from '../../../src/sandbox/kinds/rules.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import { makeServer } from '../../../src/sandbox/server.ts';
import { serverDecoding } from '../../../src/sandbox/server-decoding.ts';
import { handle } from '../../../src/sandbox/serving/handle.ts';

/** What came back: the body parsed where it is JSON. */
export interface Reply {
  readonly status: number;
  readonly warnings: readonly string[];
  readonly body: unknown;
}
export interface Asked {
  readonly as: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A sandbox with the whole chain and the controllers that it leans on; `admin` and the given users by name. */
export async function stage(users: Readonly<Record<string, User>>, more: Partial<AdmissionDeps> = {}) {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const random = seededRandom(7);
  const tokens = new Map<string, User>([
    ['token-of-admin', { name: 'admin', uid: 'admin', groups: ['system:masters'] }],
    ...Object.entries(users).map(([name, user]) => [`token-of-${name}`, user] as const),
  ]);
  let api: ReturnType<typeof objectApi> | undefined;
  const parts = makeServer({
    conversion: () => Promise.reject(new Error('nothing is converted here')),
    clock,
    random,
    authorization: 'rbac',
    tokens,
    log: () => undefined,
    rules: KIND_RULES,
    admission: ({ access, catalog }) =>
      admissionChain({
        api: () => {
          if (api === undefined) throw new Error('asked before there is an api');
          return api;
        },
        authorizer: access.authorizer,
        rbac: access.rbac,
        ...more,
        webhooks: {
          defaults(object, { resource, version }) {
            const kind = catalog.byResource(resource);
            if (kind !== undefined) serverDecoding.complete(object, kind, version);
          },
          ...more.webhooks,
        },
      }),
  });
  putFirstObjects(parts.api);
  api = objectApi(parts.api);
  const runner = new ControllerRunner({ store: parts.api.store, api, clock, random, log: () => undefined });
  for (const maker of [
    clusterRoleAggregation,
    resourceQuotaController,
    serviceAccountController,
    rootCaPublisher('CA'),
    namespaceController,
  ])
    runner.start(maker);
  await runner.settle();
  return {
    parts,
    /** Moves the clock on, as far as the server sees it. */
    advance(milliseconds: number): void {
      ahead += milliseconds;
    },
    api,
    settle: () => runner.settle(),
    async ask({ as, method, path, body, headers = {} }: Asked): Promise<Reply> {
      const answer = await handle(parts, {
        method,
        path,
        headers: {
          accept: 'application/json',
          'user-agent': 'seaworthy-test',
          ...(as === '' ? {} : { authorization: `Bearer token-of-${as}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      });
      if (!('body' in answer)) throw new Error('a stream was answered');
      await turn();
      const text = answer.body.toString('utf8');
      const warning = answer.headers.warning ?? [];
      return {
        status: answer.status,
        warnings: typeof warning === 'string' ? [warning] : warning,
        body: answer.headers['content-type']?.includes('json') ? JSON.parse(text) : text,
      };
    },
  };
}
