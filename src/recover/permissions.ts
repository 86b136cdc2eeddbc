import type { AccessQuestion, Cluster, CollectionAddress, WriteOptions } from '../cluster/port.ts';
import type { KubeObject } from '../objects/json.ts';
import { type KeyText, keyTextOf, resourceName, type Uid } from '../objects/key.ts';
import { bodyOf } from '../plan/body.ts';
import type { CreateStep, Plan, Refusal } from '../plan/plan.ts';
import type { PointReader } from '../vault/vault.ts';
import { type PermissionNeed, permissionNeeds } from './permission-needs.ts';
import { capturedOf } from './run-context.ts';
import { inParallel } from './target-reading.ts';

const EVERYTHING: AccessQuestion = { verb: '*', group: '*', resource: '*' };
const WIDTH = 8;
const RBAC = 'rbac.authorization.k8s.io';
/** A UID that nothing has: a dry run wants one where the true one is not there yet. */
const NO_UID = '00000000-0000-4000-8000-000000000000' as Uid;

/**
 * What the user may not do in the target, one refusal a missing permission. Who may do everything is asked once; else each need
 * is asked for all namespaces first, and by namespace only where that is denied. What RBAC refuses to grant beyond one's own
 * rights no review tells (lab 8): without `escalate` or `bind` every role and binding of the plan is tried as a dry run.
 */
export async function missingPermissions(
  cluster: Cluster,
  plan: Plan,
  reader: Pick<PointReader, 'read'>,
): Promise<readonly Refusal[]> {
  if ((await cluster.mayI(EVERYTHING)).allowed) return [];
  const missing: PermissionNeed[] = [];
  const everywhere = new Map<string, Promise<boolean>>();
  const ask = async (question: AccessQuestion): Promise<boolean> => (await cluster.mayI(question)).allowed;
  await inParallel(permissionNeeds(plan), WIDTH, async (need) => {
    const { namespace, ...wide } = need.question;
    const text = JSON.stringify(wide);
    let allowed = everywhere.get(text);
    if (allowed === undefined) {
      allowed = ask(wide);
      everywhere.set(text, allowed);
    }
    if ((await allowed) || (namespace !== undefined && (await ask(need.question)))) return;
    missing.push(need);
  });
  const refusals = missing.map(({ question, example }) =>
    refusalOf(example as KeyText, sentenceFor(question, example)),
  );
  return [...refusals, ...(await refusedGrants(cluster, plan, reader))].sort((a, b) =>
    a.reason.sentence < b.reason.sentence ? -1 : 1,
  );
}

async function refusedGrants(cluster: Cluster, plan: Plan, reader: Pick<PointReader, 'read'>): Promise<Refusal[]> {
  const grants = plan.steps.filter((step): step is CreateStep => step.kind === 'create' && step.target.group === RBAC);
  const mayAlways = new Map<string, boolean>();
  for (const resource of new Set(grants.map((step) => step.target.resource))) {
    const verb = resource.endsWith('bindings') ? 'bind' : 'escalate';
    // `bind` is asked of the role that a binding names.
    const asked = verb === 'bind' ? ['roles', 'clusterroles'] : [resource];
    const answers = await Promise.all(asked.map((one) => cluster.mayI({ verb, group: RBAC, resource: one })));
    mayAlways.set(
      resource,
      answers.every((answer) => answer.allowed),
    );
  }
  const refusals: Refusal[] = [];
  const made = new Set<string>(grants.map((step) => step.target.key));
  const tried = grants.filter((step) => mayAlways.get(step.target.resource) !== true);
  await inParallel(tried, WIDTH, async (step) => {
    const captured = await capturedOf(reader, step.source.row);
    const role = roleOf(captured, step.target.namespace);
    if (role !== undefined && made.has(role)) {
      // The dry run cannot tell: the role is not there yet, and whether one holds all of its rules only the server knows.
      refusals.push(
        refusalOf(step.target.key, `${step.target.key} binds ${role}, which this plan makes: you may not bind it.`),
      );
      return;
    }
    const { body } = bodyOf(step, captured, () => NO_UID);
    const { group, version, resource, namespace } = step.target;
    const at: CollectionAddress =
      namespace === undefined ? { group, version, resource } : { group, version, resource, namespace };
    const options: WriteOptions = { dryRun: true, fieldManager: 'seaworthy' };
    const answer = await cluster.create(at, body, options);
    // Only a grant beyond one's rights counts here: a namespace that is still missing does not.
    if (answer.kind === 'rejected' && answer.status === 403)
      refusals.push(refusalOf(step.target.key, `${step.target.key} would be refused: ${answer.message.slice(0, 400)}`));
  });
  return refusals;
}

/** The key of the role that a binding names; undefined for anything else. */
function roleOf(captured: KubeObject, namespace: string | undefined): string | undefined {
  const reference = captured.roleRef as { readonly kind?: string; readonly name?: string } | undefined;
  if (reference?.name === undefined) return undefined;
  const role = reference.kind === 'ClusterRole' ? undefined : namespace;
  return keyTextOf(resourceName(RBAC, role === undefined ? 'clusterroles' : 'roles'), role, reference.name);
}

function sentenceFor(question: AccessQuestion, example: string): string {
  const { verb, group, resource, subresource, namespace } = question;
  const name = `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  const place = namespace === undefined ? 'in the cluster' : `in the namespace ${namespace}`;
  return `You may not ${verb} ${name} ${place}; ${example} needs it.`;
}
function refusalOf(key: KeyText, sentence: string): Refusal {
  const hint = 'Recover as a user that may do this, such as one bound to the ClusterRole cluster-admin.';
  return { key, reason: { code: 'MISSING-PERMISSION', sentence }, hint };
}
