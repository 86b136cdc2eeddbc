import { Buffer } from 'node:buffer';
import { resourceName } from '../../../src/objects/key.ts';
import { admissionChain } from '../../../src/sandbox/admission/chain.ts';
import { validatingPolicies } from '../../../src/sandbox/admission/policies.ts';
import { objectApi } from '../../../src/sandbox/api/object-api.ts';
import { ControllerRunner } from '../../../src/sandbox/controller-runner.ts';
import { definitions } from '../../../src/sandbox/controllers/definitions.ts';
import { putFirstObjects } from '../../../src/sandbox/first-objects.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../../src/sandbox/kinds/custom-resource-definitions.ts';
import { KIND_RULES } from '../../../src/sandbox/kinds/rules.ts';
import type { ConversionCaller } from '../../../src/sandbox/schema/structural/custom-kind.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import { makeServer } from '../../../src/sandbox/server.ts';
import { handle } from '../../../src/sandbox/serving/handle.ts';
import { ask, type Endpoint } from '../../control-plane/api.ts';

/** One request of a script. */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}
/** What is compared of an answer. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
}
export interface Side {
  play(step: Step): Promise<Outcome>;
}

/** A sandbox with definitions and policies plugged in, without the rest of the controllers. */
export async function sandboxSide(conversion?: ConversionCaller): Promise<Side> {
  const clock = { now: Date.now };
  const random = seededRandom(1);
  const others = KIND_RULES.filter(({ resource }) => resource !== CUSTOM_RESOURCE_DEFINITIONS.resource);
  const parts = makeServer({
    clock,
    random,
    authorization: 'always-allow',
    tokens: new Map([['token', { name: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] }]]),
    log: () => undefined,
    rules: [...others, CUSTOM_RESOURCE_DEFINITIONS],
    conversion: conversion ?? (({ url }) => Promise.reject(new Error(`Post ${JSON.stringify(url)}: nobody there`))),
    admission: ({ api }) =>
      admissionChain({
        api,
        policies: [
          validatingPolicies({
            paramResource: (apiVersion, kind) =>
              apiVersion === 'v1' && kind === 'ConfigMap'
                ? { resource: resourceName('', 'configmaps'), namespaced: true }
                : undefined,
          }),
        ],
      }),
  });
  putFirstObjects(parts.api);
  const runner = new ControllerRunner({
    store: parts.api.store,
    api: objectApi(parts.api),
    clock,
    random,
    log: () => undefined,
  });
  runner.start(definitions);
  await runner.settle();
  return {
    async play({ method, path, body, type = 'application/json' }) {
      const answer = await handle(parts, {
        method,
        path,
        headers: {
          authorization: 'Bearer token',
          accept: 'application/json',
          'content-type': type,
          'user-agent': 'seaworthy-test',
        },
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      });
      await runner.settle();
      const text = 'body' in answer ? answer.body.toString('utf8') : '';
      return { status: answer.status, body: parsed(text) };
    },
  };
}

export function realSide(endpoint: Endpoint): Side {
  return {
    async play({ method, path, body, type }) {
      const answer = await ask(endpoint, method, path, body, type);
      return { status: answer.status, body: parsed(answer.body) };
    },
  };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const VOLATILE = new Set([
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'time',
  'lastTransitionTime',
  'deletionTimestamp',
  'managedFields',
]);

/** An answer without what differs by nature: identities, times, the order in which Go walks maps. */
export function normal({ status, body }: Outcome): string {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null)
      return typeof value === 'string'
        ? value.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
        : value;
    const out: Record<string, unknown> = {};
    for (const key of Object.keys(value).sort()) {
      const member = (value as Record<string, unknown>)[key];
      if (VOLATILE.has(key)) continue;
      if (key === 'causes' && Array.isArray(member)) out[key] = member.map((each) => JSON.stringify(walk(each))).sort();
      else if (key === 'message' && typeof member === 'string') out[key] = walk(sortedMessage(member));
      else out[key] = walk(member);
    }
    return out;
  };
  return JSON.stringify({ status, body: walk(body) });
}

function sortedMessage(message: string): string {
  const match = /^(.* is invalid: )\[(.*)\]$/s.exec(message);
  return match === null
    ? message.replace(/\d{4}\/\d\d\/\d\d/g, 'DATE')
    : `${match[1]}[${(match[2] ?? '')
        .split(/, (?=[\w<]+[\w.[\]<>$-]*: )/)
        .sort()
        .join(', ')}]`;
}
