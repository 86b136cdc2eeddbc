import { startSurvey } from '../../../src/knowledge/survey.ts';
import type { KubeObject } from '../../../src/objects/json.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { TargetFacts } from '../../../src/plan/target-facts.ts';
import type { Random } from '../random.ts';
import { resourceOf, type World } from '../world.ts';
import { factsOf } from './target.ts';

/** The product's plan for a world. With `shuffle` every input that has no order of its own is listed in another one. */
export function planned(world: World, shuffle?: Random): Plan {
  const mixed = <Item>(items: readonly Item[]): readonly Item[] =>
    shuffle === undefined ? items : shuffle.shuffled(items);
  const used = new Set<string>(world.objects.map(({ resource }) => resource));
  const survey = startSurvey({
    resources: mixed(world.kinds.filter((kind) => used.has(resourceOf(kind)))).map((kind) => ({
      resource: resourceOf(kind),
      version: kind.versions[0] ?? 'v1',
      kind: kind.kind,
      namespaced: kind.namespaced,
      served: kind.versions.slice(1),
    })),
    entries: world.objects.map(({ row, resource, namespace, name, uid, digest }) => ({
      row,
      resource,
      namespace,
      name,
      uid,
      digest,
    })),
    definitions: mixed(
      world.objects.filter(({ resource }) => resource === 'customresourcedefinitions.apiextensions.k8s.io'),
    ).map(({ body }) => body),
    selection: world.policy.selection,
  });
  for (const { row, text } of mixed(world.objects)) survey.add(row, JSON.parse(text) as KubeObject, text);
  const facts = factsOf(world);
  const target: TargetFacts = {
    ...facts,
    resources: mixed(facts.resources),
    existing: new Map(mixed([...facts.existing])),
    workloads: mixed(facts.workloads),
    webhooks: mixed(facts.webhooks),
    droppedFields: new Map(mixed([...facts.droppedFields])),
  };
  return makePlan({ survey: survey.finish(), point: world.point, target, policy: world.policy });
}
