import type { Json, JsonObject, KubeObject } from '../../objects/json.ts';
import { compareText } from '../../objects/key.ts';
import { sameJson } from '../../objects/same-json.ts';
import { isEmptySelector, type SelectorShape } from '../../objects/selector-shape.ts';
import { controllerUser } from '../access/user.ts';
import { labelsMatch } from '../admission/label-match.ts';
import type { ControllerMaker } from './controller.ts';
import { resource } from './hands.ts';
import { NotYet, queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const CLUSTER_ROLES = resource('clusterroles.rbac.authorization.k8s.io');
const NAME = 'clusterrole-aggregation-controller';

type ClusterRole = KubeObject & {
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly SelectorShape[] };
  readonly rules?: readonly JsonObject[];
};
const byName = (a: ClusterRole, b: ClusterRole): number => compareText(a.metadata.name ?? '', b.metadata.name ?? '');

/** ClusterRoles with an aggregation rule hold the rules of all that their selectors select, by name, each rule once. */
export const clusterRoleAggregation: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  const all = (): ClusterRole[] => [...context.api.list(CLUSTER_ROLES)] as ClusterRole[];

  function gathered(role: ClusterRole): JsonObject[] {
    const rules: JsonObject[] = [];
    const others = all().sort(byName);
    for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
      for (const other of others) {
        if (other.metadata.name === role.metadata.name) continue;
        if (!isEmptySelector(selector) && !labelsMatch(selector, other.metadata.labels)) continue;
        for (const rule of other.rules ?? []) if (!rules.some((one) => sameJson(one, rule))) rules.push(rule);
      }
    }
    return rules;
  }

  return queuedController({
    name: NAME,
    queue,
    context,
    noted(change) {
      if (change.now.resource !== CLUSTER_ROLES) return;
      // Which roles depend on which is not known: all that gather look again.
      for (const role of all()) if (role.aggregationRule !== undefined) queue.add(role.metadata.name ?? '');
    },
    async reconcile(name) {
      const role = context.api.get(CLUSTER_ROLES, undefined, name) as ClusterRole | undefined;
      if (role?.aggregationRule === undefined) return;
      const rules = gathered(role);
      if (sameJson(rules, (role.rules ?? []) as readonly Json[])) return;
      const body = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name },
        ...(rules.length === 0 ? {} : { rules: structuredClone(rules) }),
      };
      const answer = await context.api.patch(
        { resource: CLUSTER_ROLES, name },
        { kind: 'apply', body, force: true },
        { user: controllerUser(NAME), manager: NAME },
      );
      if (answer.kind === 'rejected') throw new NotYet(answer.message);
    },
  });
};
