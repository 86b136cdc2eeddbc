import type { JsonObject } from '../../objects/json.ts';
import { notFound } from '../status/refusal.ts';

const refused = (port: number): JsonObject => ({
  type: 'Healthy',
  status: 'False',
  message: `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`,
});

/** As of a control plane whose scheduler and controller manager listen elsewhere than by default. */
const CONDITIONS: Readonly<Record<string, JsonObject>> = {
  'controller-manager': refused(10257),
  scheduler: refused(10259),
  'etcd-0': { type: 'Healthy', status: 'True', message: 'ok' },
};

const itemOf = (name: string): JsonObject => ({ metadata: { name }, conditions: [CONDITIONS[name] as JsonObject] });

/** What no store holds and the server finds out when it is asked: hence a list without any resourceVersion (lab 8). */
export function componentStatuses(name: string): JsonObject {
  if (name === '')
    return { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items: Object.keys(CONDITIONS).map(itemOf) };
  if (!Object.hasOwn(CONDITIONS, name)) throw notFound({ group: '', resource: 'componentstatuses' }, name);
  return { kind: 'ComponentStatus', apiVersion: 'v1', ...itemOf(name) };
}
