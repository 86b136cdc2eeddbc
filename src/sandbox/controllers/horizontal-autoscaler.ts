import type { KubeObject } from '../../objects/json.ts';
import { timestamp } from '../clock.ts';
import { type AutoscalerMetric, metricFailure } from './autoscaler-metrics.ts';
import { scaleTarget, type TargetReference } from './autoscaler-target.ts';
import type { ControllerMaker } from './controller.ts';
import { eventsOf } from './events.ts';
import { handsOf, resource, WriteRefused } from './hands.ts';
import { keyOf, queuedController, splitKey } from './queued-controller.ts';
import type { Condition } from './shapes.ts';
import { sortedText } from './template-hash.ts';
import { WorkQueue } from './work-queue.ts';

const AUTOSCALERS = resource('horizontalpodautoscalers.autoscaling');
const ACCOUNT = 'horizontal-pod-autoscaler';
/** Every autoscaler is looked at so often, the first time so long after it appeared. */
const PERIOD_MS = 15_000;

interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: TargetReference;
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly AutoscalerMetric[];
  };
  readonly status?: AutoscalerStatus;
}
interface AutoscalerStatus {
  readonly conditions?: readonly Condition[];
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  readonly lastScaleTime?: string;
  readonly currentMetrics?: readonly object[] | null;
}

/**
 * Horizontal autoscaling as it is where nobody serves metrics: the bounds are kept, a target at zero is left alone, and for the rest
 * the conditions and Events say that nothing can be computed.
 */
export const horizontalAutoscaler: ControllerMaker = (context) => {
  const { api, clock } = context;
  const queue = new WorkQueue(clock);
  const hands = handsOf(context, ACCOUNT);
  const events = eventsOf(context, ACCOUNT, { component: ACCOUNT });

  async function reconcile(key: string): Promise<void> {
    const [namespace, name] = splitKey(key);
    const autoscaler = api.get(AUTOSCALERS, namespace, name) as Autoscaler | undefined;
    if (autoscaler === undefined) return;
    queue.addAfter(key, PERIOD_MS);
    const now = timestamp(clock.now());
    const said = new Conditions(autoscaler.status?.conditions ?? [], now);
    const { scaleTargetRef, minReplicas = 1, maxReplicas, metrics = [] } = autoscaler.spec;
    const target = scaleTarget(api, namespace, scaleTargetRef);
    if (typeof target === 'string') {
      await events.warning(autoscaler, 'FailedGetScale', target);
      const words = "the HPA controller was unable to get the target's current scale";
      said.set('AbleToScale', 'False', 'FailedGetScale', `${words}: ${target}`);
      return write(autoscaler, { ...autoscaler.status, conditions: said.all });
    }
    said.set(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    );
    const current = target.replicas;
    const status = { ...autoscaler.status, currentReplicas: current };
    if (current === 0 && minReplicas !== 0) {
      const words = 'scaling is disabled since the replica count of the target is zero';
      said.set('ScalingActive', 'False', 'ScalingDisabled', words);
      return write(autoscaler, { ...status, desiredReplicas: 0, currentMetrics: null, conditions: said.all });
    }
    const bound = current > maxReplicas ? maxReplicas : current < minReplicas ? minReplicas : undefined;
    if (bound !== undefined) {
      const which = current > maxReplicas ? 'above Spec.MaxReplicas' : 'below Spec.MinReplicas';
      const rescale = `New size: ${bound}; reason: Current number of replicas ${which}`;
      try {
        await hands.put(target.resource, target.with(bound), 'scale');
      } catch (error) {
        if (!(error instanceof WriteRefused)) throw error;
        await events.warning(autoscaler, 'FailedRescale', `${rescale}; error: ${error.message}`);
        const words = `the HPA controller was unable to update the target scale: ${error.message}`;
        said.set('AbleToScale', 'False', 'FailedUpdateScale', words);
        return write(autoscaler, { ...status, conditions: said.all });
      }
      said.set(
        'AbleToScale',
        'True',
        'SucceededRescale',
        `the HPA controller was able to update the target scale to ${bound}`,
      );
      await events.normal(autoscaler, 'SuccessfulRescale', rescale);
      const rescaled = { desiredReplicas: bound, lastScaleTime: now, currentMetrics: null };
      return write(autoscaler, { ...status, ...rescaled, conditions: said.all });
    }
    const failures = metrics.map((metric) => metricFailure(metric, namespace ?? ''));
    const [first] = failures;
    const count = failures.length;
    if (!target.selects) {
      await events.warning(autoscaler, 'SelectorRequired', 'selector is required');
      said.set('ScalingActive', 'False', 'InvalidSelector', "the HPA target's scale is missing a selector");
    } else if (first !== undefined) {
      for (const { reason, sentence } of failures) await events.warning(autoscaler, reason, sentence);
      const words = `the HPA was unable to compute the replica count: ${first.sentence}`;
      said.set('ScalingActive', 'False', first.reason, words);
    }
    const currentMetrics = target.selects ? metrics.map(() => ({ type: '' })) : null;
    await write(autoscaler, { ...status, currentMetrics, conditions: said.all });
    const invalid = `invalid metrics (${count} invalid out of ${count}), first error is: ${first?.error ?? ''}`;
    await events.warning(autoscaler, 'FailedComputeMetricsReplicas', target.selects ? invalid : 'selector is required');
  }

  async function write(autoscaler: Autoscaler, status: AutoscalerStatus): Promise<void> {
    const next = { desiredReplicas: 0, ...status };
    if (sortedText(next) !== sortedText(autoscaler.status ?? {}))
      await hands.updateStatus(AUTOSCALERS, { ...autoscaler, status: next } as KubeObject);
  }

  return queuedController({
    name: ACCOUNT,
    queue,
    context,
    noted({ kind, now: { resource: of, object } }) {
      if (of === AUTOSCALERS && kind !== 'deleted') queue.addAfter(keyOf(object), PERIOD_MS);
    },
    reconcile,
  });
};

/** Conditions in the order in which they were first said; only another status makes another time. */
class Conditions {
  #conditions: readonly Condition[];
  readonly #now: string;

  constructor(before: readonly Condition[], now: string) {
    this.#conditions = before;
    this.#now = now;
  }

  get all(): readonly Condition[] {
    return this.#conditions;
  }

  set(type: string, status: string, reason: string, message: string): void {
    const before = this.#conditions.find((one) => one.type === type);
    const since = before?.status === status ? (before.lastTransitionTime ?? this.#now) : this.#now;
    const next = { type, status, lastTransitionTime: since, reason, message };
    this.#conditions =
      before === undefined ? [...this.#conditions, next] : this.#conditions.map((one) => (one === before ? next : one));
  }
}
