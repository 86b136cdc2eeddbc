import type { MutableJsonObject } from '../../../../src/objects/json.ts';
import { object, pod, selector, template } from './parts.ts';

export type Body = MutableJsonObject;
/** One object, then one PUT of it. */
export interface Change {
  readonly story: string;
  readonly from: Body;
  readonly status?: boolean;
  edit(body: Body): void;
}
export const at = (body: Body, ...keys: readonly string[]): Body => keys.reduce((it, key) => it[key] as Body, body);
export const deployment = object('apps/v1', 'Deployment', 'x', { spec: { selector, template: template() } });
export const stateful = object('apps/v1', 'StatefulSet', 'x', {
  spec: { selector, serviceName: 's', template: template() },
});
export const service = object('v1', 'Service', 'x', { spec: { ports: [{ port: 80 }] } });
export const nodePort = object('v1', 'Service', 'x', { spec: { type: 'NodePort', ports: [{ port: 80 }] } });
export const job = object('batch/v1', 'Job', 'x', { spec: { template: { spec: pod({ restartPolicy: 'Never' }) } } });
export const claim = object('v1', 'PersistentVolumeClaim', 'x', {
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});
export const frozen = object('v1', 'ConfigMap', 'x', { data: { a: 'b' }, immutable: true });
export const onePod = object('v1', 'Pod', 'x', { spec: pod() });
