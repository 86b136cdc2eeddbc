import type { Json, KubeObject } from '../../objects/json.ts';
import { sameJson } from '../../objects/same-json.ts';
import { LOOPBACK } from '../access/user.ts';
import { DEFINITIONS } from '../kinds/custom-resource-definitions.ts';
import { specOf } from '../schema/structural/definition.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, refusedAs, resource } from './hands.ts';
import { queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const API_SERVICES = resource('apiservices.apiregistration.k8s.io');
/** On those that come and go with definitions. */
const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';

/** What the API server itself does: an APIService for every version of a group that some definition serves, while it does. */
export const apiServices: ControllerMaker = (context) => {
  const { api, clock } = context;
  const hands = handsOf(context, LOOPBACK, 'kube-apiserver');
  const queue = new WorkQueue(clock);
  const namesOf = (definition: KubeObject): string[] => {
    const { group, versions } = specOf(definition);
    return versions.map(({ name }) => `${name}.${group}`);
  };
  const isServed = (version: string, group: string): boolean =>
    [...api.list(DEFINITIONS)].some((definition) => {
      const spec = specOf(definition);
      return spec.group === group && spec.versions.some(({ name, served }) => served && name === version);
    });

  return queuedController({
    name: 'autoregister',
    queue,
    context,
    noted(change) {
      const { resource: of, object } = change.now;
      if (of === API_SERVICES && change.kind !== 'added') queue.add(object.metadata.name ?? '');
      if (of !== DEFINITIONS) return;
      for (const name of namesOf(object)) queue.add(name);
      if (change.kind === 'modified') for (const name of namesOf(change.before.object)) queue.add(name);
    },
    async reconcile(name) {
      const dot = name.indexOf('.');
      const [version, group] = [name.slice(0, dot), name.slice(dot + 1)];
      const there = api.get(API_SERVICES, undefined, name);
      const wanted = isServed(version, group);
      const managed = there?.metadata.labels?.[MANAGED] === 'true';
      const spec = { group, version, groupPriorityMinimum: 1000, versionPriority: 100 };
      if (wanted && there === undefined)
        try {
          await hands.create(API_SERVICES, undefined, {
            apiVersion: 'apiregistration.k8s.io/v1',
            kind: 'APIService',
            metadata: { name, labels: { [MANAGED]: 'true' } },
            spec,
          });
        } catch (error) {
          if (!refusedAs(error, 'AlreadyExists')) throw error;
        }
      else if (there !== undefined && managed && !wanted) await hands.remove(API_SERVICES, there);
      else if (there !== undefined && managed && !sameJson(there.spec as Json, spec))
        await hands.update(API_SERVICES, { ...there, spec });
    },
  });
};
