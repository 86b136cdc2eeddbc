import type { KubeObject } from '../../src/objects/json.ts';
import type { ControllerMaker } from '../../src/sandbox/controllers/controller.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** An operator's model, and the Deployment in whose Pods the real one runs. */
export interface Operator {
  readonly namespace: string;
  readonly deployment: string;
  readonly model: ControllerMaker;
}

/** Operators act only while a Pod of their Deployment is ready: held at 0 replicas they do nothing. */
export function runOperators(sandbox: Sandbox, operators: readonly Operator[]): void {
  const running = new Set<Operator>();
  sandbox.tap(({ kind, now }) => {
    if (now.resource !== 'deployments.apps') return;
    const { namespace, name } = now.object.metadata;
    for (const operator of operators) {
      if (operator.namespace !== namespace || operator.deployment !== name) continue;
      const runs = kind !== 'deleted' && isReady(now.object);
      if (runs === running.has(operator)) continue;
      if (runs) {
        sandbox.controllers.start(operator.model);
        running.add(operator);
      } else {
        sandbox.controllers.stop(operator.model);
        running.delete(operator);
      }
    }
  });
}

function isReady({ spec, status }: KubeObject): boolean {
  const { replicas = 1 } = (spec ?? {}) as { replicas?: number };
  const { readyReplicas = 0 } = (status ?? {}) as { readyReplicas?: number };
  return replicas > 0 && readyReplicas > 0;
}
