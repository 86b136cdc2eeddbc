import type { Cluster } from '../cluster/port.ts';
import type { Survey, SurveyedObject } from '../knowledge/survey.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../objects/json.ts';
import { type KeyText, type ResourceName, resourceName } from '../objects/key.ts';
import { getAt } from '../objects/pointer.ts';
import { sameJson } from '../objects/same-json.ts';
import type { TargetResource } from '../plan/target-facts.ts';
import type { PointReader } from '../vault/vault.ts';
import { versionFor } from './existing-objects.ts';
import { capturedOf } from './run-context.ts';
import { prunedFields } from './schema-walk.ts';
import { inParallel } from './target-reading.ts';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io' as ResourceName;

/**
 * Captured fields that a CustomResourceDefinition of the target would drop: where the target has the definition and it is not the
 * captured one, the bodies of its resource are held against the target's schema of the version that they would be written in.
 */
export async function droppedFields(
  cluster: Cluster,
  resources: readonly TargetResource[],
  survey: Survey,
  reader: Pick<PointReader, 'read'>,
): Promise<ReadonlyMap<KeyText, readonly string[]>> {
  const served = new Map(resources.map((one) => [resourceName(one.group, one.resource), one]));
  const byResource = new Map<ResourceName, SurveyedObject[]>();
  for (const object of survey.objects) {
    if (object.treatment.kind !== 'restore' || !served.has(object.resource) || !object.group.includes('.')) continue;
    const list = byResource.get(object.resource);
    if (list === undefined) byResource.set(object.resource, [object]);
    else list.push(object);
  }
  const dropped = new Map<KeyText, readonly string[]>();
  await inParallel([...byResource], 4, async ([name, objects]) => {
    const resource = served.get(name);
    const definition = await definitionOf(cluster, name);
    if (resource === undefined || definition === undefined || getAt(definition, '/spec/preserveUnknownFields') === true)
      return;
    const row = survey.byKey.get(`${DEFINITIONS}/${name}` as KeyText);
    const captured = row === undefined ? undefined : await capturedOf(reader, row);
    for (const object of objects) {
      const version = versionFor(resource, object);
      const schema = schemaOf(definition, version);
      if (captured !== undefined && sameJson(schema, schemaOf(captured, version))) continue;
      const body = (await capturedOf(reader, object.row)) as unknown as JsonObject;
      const paths = prunedFields(body, schema);
      if (paths.length > 0) dropped.set(object.key, paths);
    }
  });
  return dropped;
}

/** Undefined for what no CustomResourceDefinition defines: a built-in group, or one behind an aggregated API. */
async function definitionOf(cluster: Cluster, name: ResourceName): Promise<KubeObject | undefined> {
  const at = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions', name };
  const answer = await cluster.get(at);
  return answer.kind === 'accepted' ? answer.object : undefined;
}

function schemaOf(definition: KubeObject, version: string): Json | undefined {
  const versions = getAt(definition, '/spec/versions');
  if (!Array.isArray(versions)) return undefined;
  const one = (versions as readonly Json[]).find((item) => isJsonObject(item) && item.name === version);
  return one === undefined ? undefined : getAt(one, '/schema/openAPIV3Schema');
}
