import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type MutableJsonObject,
} from '../../objects/json.ts';
import { resourceName } from '../../objects/key.ts';
import type { SelectorShape } from '../../objects/selector-shape.ts';
import { LOOPBACK } from '../access/user.ts';
import { labelsMatch } from '../admission/label-match.ts';
import type { Call } from '../api/call.ts';
import { remove } from '../api/delete.ts';
import { copyObject } from '../api/json-text.ts';
import { metaOf } from '../api/object-meta.ts';
import { getOne } from '../api/read.ts';
import type { ServedKind } from '../api/served-kind.ts';
import { guaranteedUpdate, recordFields } from '../api/update.ts';
import { timestamp } from '../clock.ts';
import { badRequest, type Refusal, refusal } from '../status/refusal.ts';
import { parseBody } from './body.ts';
import { jsonAnswer, type SandboxAnswer } from './exchange.ts';
import { type Asked, callOf } from './resource-verbs.ts';
import { methodNotAllowed, type ServingParts } from './serving-parts.ts';
import { success } from './special-writes.ts';
import { deleteOptions, writeOptions } from './write-options.ts';

const BUDGETS = resourceName('policy', 'poddisruptionbudgets');
/** Pods that are not up yet, or over, disrupt nothing. */
const UNGUARDED: ReadonlySet<Json | undefined> = new Set(['Pending', 'Succeeded', 'Failed']);

/** POST of an Eviction deletes the Pod, as long as no PodDisruptionBudget forbids it. */
export async function evict(parts: ServingParts, asked: Asked): Promise<SandboxAnswer> {
  if (asked.request.method !== 'POST') throw methodNotAllowed();
  const { value } = parseBody(asked.request, asked.kind, false);
  const { name } = metaOf(value);
  if (name !== undefined && name !== '' && name !== asked.name)
    throw badRequest('name in URL does not match name in Eviction object');
  const given = isJsonObject(value.deleteOptions) ? (copyObject(value.deleteOptions) as MutableJsonObject) : {};
  const { remove: how, dryRun: inBody, options } = deleteOptions(given, asked.query);
  const dryRun = inBody || writeOptions(asked.query, 'CreateOptions').dryRun;
  const { object: pod } = getOne(parts.api, asked.kind, asked.namespace, asked.name);
  const call: Call = callOf({ ...asked, subresource: undefined }, { dryRun, validation: 'Ignore', options }, undefined);
  await guarded(parts, call, pod);
  await remove(parts.api, call, how);
  return jsonAnswer(201, success(201));
}

const statusOf = (object: KubeObject): JsonObject =>
  isJsonObject(object.status ?? null) ? (object.status as JsonObject) : {};
const amount = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
const conditionOf = (object: KubeObject, type: string): JsonObject | undefined => {
  const { conditions } = statusOf(object);
  return Array.isArray(conditions) ? conditions.filter(isJsonObject).find((one) => one.type === type) : undefined;
};

/** Counts the disruption against the Pod's budget, or refuses it. */
async function guarded(parts: ServingParts, call: Call, pod: KubeObject): Promise<void> {
  if (UNGUARDED.has(statusOf(pod).phase) || pod.metadata.deletionTimestamp !== undefined) return;
  const budgets = [...parts.api.view.list(BUDGETS, pod.metadata.namespace)].filter(({ spec }) => {
    const selector = isJsonObject(spec ?? null) ? (spec as JsonObject).selector : undefined;
    return selector !== undefined && labelsMatch(selector as SelectorShape, pod.metadata.labels);
  });
  const [budget] = budgets;
  if (budget === undefined) return;
  if (budgets.length > 1)
    throw refusal({
      code: 500,
      message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    });
  const status = statusOf(budget);
  if (conditionOf(pod, 'Ready')?.status !== 'True') {
    if ((budget.spec as JsonObject).unhealthyPodEvictionPolicy === 'AlwaysAllow') return;
    const wanted = amount(status.desiredHealthy);
    if (wanted > 0 && amount(status.currentHealthy) >= wanted) return;
  }
  await count(parts, call, pod, budget);
}

async function count(parts: ServingParts, call: Call, pod: KubeObject, budget: KubeObject): Promise<void> {
  const { name = '', generation = 0 } = budget.metadata;
  const status = statusOf(budget);
  if (amount(status.observedGeneration) < generation)
    throw tooMany(`The disruption budget ${name} is still being processed by the server.`, 10);
  if (amount(status.disruptionsAllowed) <= 0) {
    const [needs, has] = [amount(status.desiredHealthy), amount(status.currentHealthy)];
    throw tooMany(`The disruption budget ${name} needs ${needs} healthy pods and has ${has} currently`);
  }
  if (call.dryRun) return;
  const kind = parts.api.catalog.find('policy', 'poddisruptionbudgets', 'v1') as ServedKind;
  const own = { ...call, kind, version: 'v1', name, subresource: 'status', user: LOOPBACK, manager: 'kube-apiserver' };
  await guaranteedUpdate(parts.api, own, {
    uid: undefined,
    mayCreate: false,
    make: (before) => {
      const next = copyObject(before as object);
      const told = next.status as MutableJsonObject;
      const known = isJsonObject(told.disruptedPods) ? told.disruptedPods : {};
      told.disruptionsAllowed = amount(told.disruptionsAllowed as Json) - 1;
      told.disruptedPods = {
        ...copyObject(known),
        [pod.metadata.name ?? '']: timestamp(parts.api.clock.now()),
      };
      recordFields(parts.api, own, next, before);
      return next;
    },
  });
}

const tooMany = (why: string, seconds?: number): Refusal =>
  refusal({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ reason: 'DisruptionBudget', message: why }],
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    },
  });
