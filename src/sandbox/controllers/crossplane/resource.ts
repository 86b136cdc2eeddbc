import type { JsonObject, KubeObject, OwnerReference } from '../../../objects/json.ts';
import { controllerOf } from '../../../objects/owners.ts';
import { timestamp } from '../../clock.ts';
import type { Condition } from '../shapes.ts';
import { MARKS } from './marks.ts';

/** Any claim, composite or managed resource. */
export interface Resource extends KubeObject {
  readonly spec?: JsonObject;
  readonly status?: JsonObject & { readonly conditions?: readonly Condition[] & JsonObject['x'] };
}

export const annotation = (object: KubeObject, name: string): string | undefined => object.metadata.annotations?.[name];
export const isPaused = (object: KubeObject): boolean => annotation(object, MARKS.paused) === 'true';
export const isDeleted = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;
export const uidOf = (object: KubeObject): string => object.metadata.uid ?? '';

/** The owner that controls: `controller` and `blockOwnerDeletion` are true. */
export const asController = (owner: KubeObject): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name ?? '',
  uid: uidOf(owner),
  controller: true,
  blockOwnerDeletion: true,
});

/** Somebody else controls it: an apply that must be able to take control fails. */
export function foreignController(object: KubeObject, uid: string): OwnerReference | undefined {
  const controller = controllerOf(object);
  return controller === undefined || controller.uid === uid ? undefined : controller;
}

export const withFinalizer = (object: KubeObject, finalizer: string): readonly string[] => [
  ...(object.metadata.finalizers ?? []),
  finalizer,
];
export const withoutFinalizer = (object: KubeObject, finalizer: string): readonly string[] =>
  (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);

export const condition = (object: Resource, type: string): Condition | undefined =>
  (object.status?.conditions as readonly Condition[] | undefined)?.find((one) => one.type === type);

/** The conditions with some set anew; the time of one changes only when something else of it does. */
export function conditionsWith(object: Resource, now: number, ...wanted: readonly Wanted[]): Condition[] {
  const all = [...((object.status?.conditions as readonly Condition[] | undefined) ?? [])];
  for (const want of wanted) {
    const index = all.findIndex((one) => one.type === want.type);
    const before = all[index] as (Condition & { observedGeneration?: number }) | undefined;
    if (
      before !== undefined &&
      before.status === want.status &&
      before.reason === want.reason &&
      (before.message ?? '') === (want.message ?? '') &&
      before.observedGeneration === want.observedGeneration
    )
      continue;
    const next: Condition = { ...want, lastTransitionTime: timestamp(now) };
    if (index < 0) all.push(next);
    else all[index] = next;
  }
  return all;
}
export interface Wanted {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

export const PAUSED_MESSAGE = 'Reconciliation is paused via the pause annotation';
export const synced = (): Wanted => ({ type: 'Synced', status: 'True', reason: 'ReconcileSuccess' });
export const failed = (message: string): Wanted => ({
  type: 'Synced',
  status: 'False',
  reason: 'ReconcileError',
  message,
});
export const paused = (message?: string): Wanted => ({
  type: 'Synced',
  status: 'False',
  reason: 'ReconcilePaused',
  ...(message === undefined ? {} : { message }),
});
export const available = (): Wanted => ({ type: 'Ready', status: 'True', reason: 'Available' });
export const creating = (message?: string): Wanted => ({
  type: 'Ready',
  status: 'False',
  reason: 'Creating',
  ...(message === undefined ? {} : { message }),
});
export const deleting = (): Wanted => ({ type: 'Ready', status: 'False', reason: 'Deleting' });
