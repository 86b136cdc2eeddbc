import { isJsonObject, type JsonObject, type MutableJson, type MutableJsonObject } from '../../objects/json.ts';

/** What autoscaling/v1 has no field for stands in these annotations of it, as JSON. */
const PREFIX = 'autoscaling.alpha.kubernetes.io/';
const METRICS = `${PREFIX}metrics`;
const STATUSES = `${PREFIX}current-metrics`;
const CONDITIONS = `${PREFIX}conditions`;
const BEHAVIOR = `${PREFIX}behavior`;
const OWN = [METRICS, STATUSES, CONDITIONS, BEHAVIOR];
const CPU = 'cpu';

const inside = (holder: MutableJsonObject, name: string): MutableJsonObject => {
  const value = holder[name];
  if (isJsonObject(value)) return value as MutableJsonObject;
  const made: MutableJsonObject = {};
  holder[name] = made;
  return made;
};
const part = (holder: unknown, name: string): JsonObject => {
  const value = isJsonObject(holder as never) ? (holder as JsonObject)[name] : undefined;
  return value !== undefined && isJsonObject(value) ? value : {};
};
const listOf = (value: MutableJson | undefined): readonly MutableJson[] => (Array.isArray(value) ? value : []);

/** The members in their order, without those that are not there. */
function present(members: Record<string, unknown>): MutableJsonObject {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(kept) as MutableJsonObject;
}

/** The percentage of CPU that autoscaling/v1 has a field for. */
function cpuOf(metric: MutableJson): MutableJson | undefined {
  const resource = part(metric, 'resource');
  return resource.name === CPU ? (part(resource, 'target').averageUtilization as MutableJson | undefined) : undefined;
}

/** A metric as autoscaling/v1 wrote it, in the order of its fields. */
function oldMetric(metric: MutableJson): MutableJsonObject {
  const { type = '' } = metric as JsonObject;
  const source = (name: string): JsonObject | undefined =>
    isJsonObject((metric as JsonObject)[name] ?? null) ? part(metric, name) : undefined;
  const [object, pods, external] = [source('object'), source('pods'), source('external')];
  const resource = (of: JsonObject | undefined): MutableJsonObject | undefined =>
    of &&
    present({
      name: of.name,
      targetAverageUtilization: part(of, 'target').averageUtilization,
      targetAverageValue: part(of, 'target').averageValue,
      container: of.container,
    });
  const old = {
    object:
      object &&
      present({
        target: present({
          kind: part(object, 'describedObject').kind,
          name: part(object, 'describedObject').name,
          apiVersion: part(object, 'describedObject').apiVersion,
        }),
        metricName: part(object, 'metric').name,
        targetValue: part(object, 'target').value ?? '0',
        selector: part(object, 'metric').selector,
        averageValue: part(object, 'target').averageValue,
      }),
    pods:
      pods &&
      present({
        metricName: part(pods, 'metric').name,
        targetAverageValue: part(pods, 'target').averageValue ?? '0',
        selector: part(pods, 'metric').selector,
      }),
    resource: resource(source('resource')),
    containerResource: resource(source('containerResource')),
    external:
      external &&
      present({
        metricName: part(external, 'metric').name,
        metricSelector: part(external, 'metric').selector,
        targetValue: part(external, 'target').value,
        targetAverageValue: part(external, 'target').averageValue,
      }),
  };
  return { type, ...present(old) } as MutableJsonObject;
}

/** What `oldMetric` made, as autoscaling/v2 writes it. */
function newMetric(metric: MutableJson): MutableJsonObject {
  const old = metric as JsonObject;
  const made: Record<string, unknown> = {};
  const target = (value: unknown, averageValue: unknown, averageUtilization?: unknown): object => {
    const type =
      averageUtilization !== undefined ? 'Utilization' : averageValue !== undefined ? 'AverageValue' : 'Value';
    return { type, ...present({ value, averageValue, averageUtilization }) };
  };
  const { object, pods, external } = old;
  if (object !== undefined) {
    const { target: describedObject, metricName: name, targetValue, selector, averageValue } = part(old, 'object');
    made.object = { describedObject, target: target(targetValue, averageValue), metric: present({ name, selector }) };
  }
  if (pods !== undefined) {
    const { metricName: name, targetAverageValue, selector } = part(old, 'pods');
    made.pods = { metric: present({ name, selector }), target: target(undefined, targetAverageValue) };
  }
  for (const kind of ['resource', 'containerResource']) {
    if (old[kind] === undefined) continue;
    const { name, container, targetAverageUtilization, targetAverageValue } = part(old, kind);
    made[kind] = present({ name, target: target(undefined, targetAverageValue, targetAverageUtilization), container });
  }
  if (external !== undefined) {
    const { metricName: name, metricSelector: selector, targetValue, targetAverageValue } = part(old, 'external');
    made.external = { metric: present({ name, selector }), target: target(targetValue, targetAverageValue) };
  }
  return { type: old.type ?? '', ...made } as MutableJsonObject;
}

const RULES = ['StabilizationWindowSeconds', 'SelectPolicy', 'Policies', 'Tolerance'] as const;
const POLICY = ['Type', 'Value', 'PeriodSeconds'] as const;
const small = (word: string): string => `${(word[0] ?? '').toLowerCase()}${word.slice(1)}`;

/** Behaviour as Go writes the structures of its memory: every field, by its name there. */
function behaviorInMemory(behavior: JsonObject): JsonObject {
  const rules = (name: string): JsonObject | null => {
    if (!isJsonObject(behavior[name] ?? null)) return null;
    const of = part(behavior, name);
    const policies = Array.isArray(of.policies)
      ? of.policies.map((one) =>
          Object.fromEntries(POLICY.map((field) => [field, (one as JsonObject)[small(field)] ?? null])),
        )
      : null;
    return Object.fromEntries(
      RULES.map((field) => [field, field === 'Policies' ? policies : (of[small(field)] ?? null)]),
    ) as JsonObject;
  };
  return { ScaleUp: rules('scaleUp'), ScaleDown: rules('scaleDown') };
}

function behaviorFromMemory(text: string): MutableJsonObject | undefined {
  const all = parsed(text);
  if (!isJsonObject(all ?? null)) return undefined;
  const rules = (name: string): MutableJsonObject | undefined => {
    if (!isJsonObject((all as JsonObject)[name] ?? null)) return undefined;
    const of = part(all, name);
    const policies = Array.isArray(of.Policies)
      ? of.Policies.map((one) =>
          present(Object.fromEntries(POLICY.map((field) => [small(field), (one as JsonObject)[field]]))),
        )
      : undefined;
    const others = RULES.filter((field) => field !== 'Policies').map((field) => [small(field), of[field] ?? undefined]);
    return present({ ...Object.fromEntries(others), policies });
  };
  const found = present({ scaleUp: rules('ScaleUp'), scaleDown: rules('ScaleDown') });
  return Object.keys(found).length === 0 ? undefined : found;
}

function parsed(text: unknown): MutableJson | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as MutableJson;
  } catch {
    return undefined;
  }
}

/** A HorizontalPodAutoscaler in its other version, in place. */
export function convertAutoscaler(object: MutableJsonObject, to: string): void {
  const spec = inside(object, 'spec');
  const status = isJsonObject(object.status) ? (object.status as MutableJsonObject) : undefined;
  const meta = inside(object, 'metadata');
  const annotations = { ...part(meta, 'annotations') } as MutableJsonObject;
  const told = Object.fromEntries(OWN.map((name) => [name, annotations[name]]));
  for (const name of OWN) delete annotations[name];
  if (to === 'v2') toNew(spec, status, told);
  else toOld(spec, status, annotations);
  if (Object.keys(annotations).length > 0) meta.annotations = annotations;
  else delete meta.annotations;
}

function toNew(spec: MutableJsonObject, status: MutableJsonObject | undefined, told: Record<string, unknown>): void {
  const wanted = spec.targetCPUUtilizationPercentage;
  delete spec.targetCPUUtilizationPercentage;
  const metrics = listOf(parsed(told[METRICS])).map(newMetric);
  if (wanted !== undefined)
    metrics.push({
      type: 'Resource',
      resource: { name: CPU, target: { type: 'Utilization', averageUtilization: wanted } },
    });
  if (metrics.length > 0) spec.metrics = metrics;
  const behavior = behaviorFromMemory(String(told[BEHAVIOR] ?? ''));
  if (behavior !== undefined) spec.behavior = behavior;
  if (status === undefined) return;
  delete status.currentCPUUtilizationPercentage;
  if (status.currentReplicas === 0) delete status.currentReplicas;
  const [current, conditions] = [parsed(told[STATUSES]), parsed(told[CONDITIONS])];
  if (Array.isArray(current)) status.currentMetrics = current;
  if (Array.isArray(conditions)) status.conditions = conditions;
  status.currentMetrics ??= null;
}

function toOld(spec: MutableJsonObject, status: MutableJsonObject | undefined, annotations: MutableJsonObject): void {
  const metrics = listOf(spec.metrics);
  const cpu = metrics.map(cpuOf).find((value) => value !== undefined);
  const others = metrics.filter((metric) => cpuOf(metric) === undefined);
  if (others.length > 0) annotations[METRICS] = JSON.stringify(others.map(oldMetric));
  if (isJsonObject(spec.behavior ?? null))
    annotations[BEHAVIOR] = JSON.stringify(behaviorInMemory(part(spec, 'behavior')));
  delete spec.metrics;
  delete spec.behavior;
  if (cpu !== undefined) spec.targetCPUUtilizationPercentage = cpu;
  if (status === undefined) return;
  const [current, conditions] = [listOf(status.currentMetrics), listOf(status.conditions)];
  if (current.length > 0) annotations[STATUSES] = JSON.stringify(current);
  if (conditions.length > 0) annotations[CONDITIONS] = JSON.stringify(conditions);
  delete status.currentMetrics;
  delete status.conditions;
  status.currentReplicas ??= 0;
}
