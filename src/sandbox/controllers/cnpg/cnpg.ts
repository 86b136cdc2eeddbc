import type { ControllerMaker } from '../controller.ts';
import { handsOf } from '../hands.ts';
import { turnsOf } from '../turns.ts';
import { backups } from './backups.ts';
import { instanceManager } from './instance-manager.ts';
import { type DatabaseOutside, databaseOutside } from './outside.ts';
import { clusters, type ReconcileOptions } from './reconcile.ts';

const USER = {
  name: 'system:serviceaccount:cnpg-system:cnpg-manager',
  groups: ['system:masters', 'system:serviceaccounts', 'system:authenticated'],
};

/** CloudNativePG 1.30.0 as the lab saw it (lab 5), over volumes and an object store outside. */
export function cnpg(outside: DatabaseOutside = databaseOutside(), options: ReconcileOptions = {}): ControllerMaker {
  return (context) => {
    const hands = handsOf(context, USER, 'cnpg-manager');
    return turnsOf(
      'cloudnative-pg',
      context,
      [
        // Before the operator: an instance that cannot start is never ready in its eyes.
        instanceManager(context, handsOf(context, USER, 'instance-manager'), outside),
        clusters(context, hands, options),
        backups(context, hands, outside),
      ],
      { firstMs: 5, lastMs: 1_000_000 },
    );
  };
}
