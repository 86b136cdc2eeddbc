import type { ObjectAddress } from '../../cluster/port.ts';
import type { Json, JsonObject } from '../../objects/json.ts';
import { isJsonObject } from '../../objects/json.ts';
import { type KeyText, parseKeyText } from '../../objects/key.ts';
import { getAt } from '../../objects/pointer.ts';
import type { Wait } from '../../plan/plan.ts';
import { type RunContext, type StepOutcome, withheld } from '../run-context.ts';

/** Undefined when what the step waits for came in time; otherwise the step is withheld, with the sentence why. */
export async function awaitBefore(context: RunContext, wait: Wait): Promise<StepOutcome | undefined> {
  if (wait.kind === 'bound') {
    const met = await context.until(context.limits.bound, async () =>
      (await isBound(context, wait.object)) ? true : undefined,
    );
    return met
      ? undefined
      : withheld('NOT-BOUND', `${wait.object} did not become Bound in ${seconds(context.limits.bound)}.`);
  }
  if (wait.urls.length > 0 && context.consents.acceptOutsideBackends !== true)
    return withheld(
      'CONSENT-NEEDED',
      `Whether ${wait.urls.join(', ')} is ready cannot be seen from here: it is written with --accept-outside-backends.`,
    );
  return awaitBackends(context, wait.services);
}

/** Waits until every Service has a ready endpoint. */
export async function awaitBackends(
  context: RunContext,
  services: readonly KeyText[],
  millis = context.limits.backend,
): Promise<StepOutcome | undefined> {
  let missing: readonly KeyText[] = services;
  const met = await context.until(millis, async () => {
    const ready = await Promise.all(missing.map((service) => hasReadyEndpoint(context, service)));
    missing = missing.filter((_, index) => ready[index] !== true);
    return missing.length === 0 ? true : undefined;
  });
  if (met) return undefined;
  return withheld('BACKEND-NOT-READY', `No endpoint of ${missing.join(', ')} was ready in ${seconds(millis)}.`);
}

async function isBound(context: RunContext, volume: KeyText): Promise<boolean> {
  const place = parseKeyText(volume);
  if (place === undefined) return false;
  const answer = await context.wire.get({ group: '', version: 'v1', resource: 'persistentvolumes', name: place.name });
  return answer.kind === 'accepted' && getAt(answer.object, '/status/phase') === 'Bound';
}

const SLICES = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' } as const;

/** A condition `ready` that is absent counts as true, as for kube-proxy. */
async function hasReadyEndpoint(context: RunContext, service: KeyText): Promise<boolean> {
  const place = parseKeyText(service);
  if (place?.namespace === undefined) return false;
  let ready = false;
  await context.cluster.list(
    { ...SLICES, namespace: place.namespace },
    (item) => {
      const slice = JSON.parse(Buffer.from(item.bytes).toString('utf8')) as JsonObject;
      const endpoints = slice.endpoints;
      if (Array.isArray(endpoints)) ready ||= (endpoints as readonly Json[]).some(isReady);
    },
    { labelSelector: `kubernetes.io/service-name=${place.name}` },
  );
  return ready;
}
function isReady(endpoint: Json): boolean {
  return isJsonObject(endpoint) && getAt(endpoint, '/conditions/ready') !== false;
}

/** Waits until the definition says Established and its resources answer: the first says less than the second. */
export async function awaitEstablished(context: RunContext, definition: KeyText): Promise<boolean> {
  const place = parseKeyText(definition);
  if (place === undefined) return false;
  const at: ObjectAddress = { ...place, version: 'v1' };
  const served = await context.until(context.limits.established, async () => {
    const answer = await context.wire.get(at);
    if (answer.kind !== 'accepted' || !isEstablished(answer.object)) return undefined;
    const version = servedVersion(answer.object);
    const [group, resource] = [getAt(answer.object, '/spec/group'), getAt(answer.object, '/spec/names/plural')];
    if (typeof group !== 'string' || typeof resource !== 'string' || version === undefined) return undefined;
    const listed = await context.cluster.list({ group, version, resource }, () => undefined, {
      limit: 1,
      shape: 'metadata',
    });
    return listed.kind === 'complete' ? true : undefined;
  });
  return served === true;
}
function isEstablished(definition: unknown): boolean {
  const conditions = getAt(definition, '/status/conditions');
  return (
    Array.isArray(conditions) &&
    (conditions as readonly Json[]).some(
      (one) => isJsonObject(one) && one.type === 'Established' && one.status === 'True',
    )
  );
}
function servedVersion(definition: unknown): string | undefined {
  const versions = getAt(definition, '/spec/versions');
  if (!Array.isArray(versions)) return undefined;
  const served = (versions as readonly Json[]).filter(
    (one) => isJsonObject(one) && one.served === true,
  ) as JsonObject[];
  // The stored version needs no conversion webhook.
  const name = (served.find((one) => one.storage === true) ?? served[0])?.name;
  return typeof name === 'string' ? name : undefined;
}

export function seconds(millis: number): string {
  return `${Math.round(millis / 100) / 10} s`;
}
