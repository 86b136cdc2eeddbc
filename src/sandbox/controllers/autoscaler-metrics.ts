/** One metric of an autoscaler's spec. */
export interface AutoscalerMetric {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target: MetricTarget };
  readonly containerResource?: { readonly name: string; readonly container: string; readonly target: MetricTarget };
  readonly pods?: { readonly metric: MetricName };
  readonly object?: {
    readonly metric: MetricName;
    readonly describedObject: { readonly kind: string; readonly name: string };
  };
  readonly external?: { readonly metric: MetricName };
}
interface MetricTarget {
  readonly averageValue?: string;
}
interface MetricName {
  readonly name: string;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}
/** Why a metric gives no number of replicas: for the condition and its Event, and as the error that is told last. */
export interface MetricFailure {
  readonly reason: string;
  readonly sentence: string;
  readonly error: string;
}

const NOT_FOUND = 'the server could not find the requested resource';
const FETCHING = 'unable to fetch metrics from';
const NO_CUSTOM = `${FETCHING} custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered`;

/** What is wrong with each metric where nobody serves any (in the words of the real controller, tried on it). */
export function metricFailure(metric: AutoscalerMetric, namespace: string): MetricFailure {
  const { resource, containerResource, pods, object, external } = metric;
  if (resource !== undefined) {
    const sentence = usageSentence(resource.name, resource.target);
    return { reason: 'FailedGetResourceMetric', sentence, error: said(`${resource.name} resource`, sentence) };
  }
  if (containerResource !== undefined) {
    const { name, container, target } = containerResource;
    const sentence = usageSentence(name, target);
    return { reason: 'FailedGetContainerResourceMetric', sentence, error: said(`${container} container`, sentence) };
  }
  if (external !== undefined) {
    const { name, selector } = external.metric;
    const api = `${FETCHING} external metrics API: ${NOT_FOUND} (get ${name}.external.metrics.k8s.io)`;
    const sentence = `unable to get external metric ${namespace}/${name}/${selectorDump(selector)}: ${api}`;
    const error = said(`${name} external`, `failed to get ${name} external metric: ${sentence}`);
    return { reason: 'FailedGetExternalMetric', sentence, error };
  }
  if (object !== undefined) {
    const { kind, name } = object.describedObject;
    const sentence = `unable to get metric ${object.metric.name}: ${kind} on ${namespace} ${name}/${NO_CUSTOM}`;
    return { reason: 'FailedGetObjectMetric', sentence, error: said('object', sentence) };
  }
  const sentence = `unable to get metric ${pods?.metric.name ?? ''}: ${NO_CUSTOM}`;
  return { reason: 'FailedGetPodsMetric', sentence, error: said('pods', sentence) };
}

const said = (what: string, sentence: string): string => `failed to get ${what} metric value: ${sentence}`;

function usageSentence(name: string, { averageValue }: MetricTarget): string {
  const what = averageValue === undefined ? 'utilization' : 'usage';
  const api = `${FETCHING} resource metrics API: ${NOT_FOUND} (get pods.metrics.k8s.io)`;
  return `failed to get ${name} ${what}: unable to get metrics for resource ${name}: ${api}`;
}

/** A selector as Go prints the pointer; labels alone, which is what people write. */
function selectorDump(selector: MetricName['selector']): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const inner = labels.map(([key, value]) => `${key}: ${value},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${inner}},MatchExpressions:[]LabelSelectorRequirement{},}`;
}
