import type { JsonObject, KubeObject } from '../../../objects/json.ts';
import type { ResourceName } from '../../../objects/key.ts';
import { controllerOf, ownersOf } from '../../../objects/owners.ts';
import type { ControllerContext } from '../controller.ts';
import { type Hands, resource } from '../hands.ts';
import { isOwnedBy, nameOf, namespaceOf, ownerOf, type PgCluster, SECRETS, SERVICES } from './cluster.ts';
import {
  appSecret,
  disruptionBudget,
  leaseOf,
  monitoringQueries,
  pkiSecret,
  roleBinding,
  roleOf,
  serviceAccount,
  servicesOf,
} from './support-objects.ts';

/** Why the objects around the instances could not be made; the text is the operator's. */
export class CannotCreate extends Error {}

const BUDGETS = resource('poddisruptionbudgets.policy');
const ACCOUNTS = resource('serviceaccounts');
const ROLES = resource('roles.rbac.authorization.k8s.io');
const BINDINGS = resource('rolebindings.rbac.authorization.k8s.io');
const CONFIG_MAPS = resource('configmaps');
const LEASES = resource('leases.coordination.k8s.io');

/**
 * Makes what stands around the instances, in the operator's order. What is there already without an owner is used (Secrets),
 * brought up to date without becoming owned (PodDisruptionBudget, Role, ServiceAccount), left alone (RoleBinding) or refused (Services).
 */
export async function supportObjects(
  context: ControllerContext,
  hands: Hands,
  cluster: PgCluster,
  refusesForeign = true,
): Promise<void> {
  const { api } = context;
  const namespace = namespaceOf(cluster);
  const find = (plural: ResourceName, name: string): KubeObject | undefined => api.get(plural, namespace, name);
  const ensure = async (plural: ResourceName, body: JsonObject): Promise<void> => {
    const { name } = body.metadata as { name: string };
    if (find(plural, name) === undefined) await hands.create(plural, namespace, body);
  };
  const serial = (): string => Math.floor(context.random() * 2 ** 32).toString(16);
  const { certificates } = cluster.spec as {
    certificates?: { serverCASecret?: string; serverTLSSecret?: string; replicationTLSSecret?: string };
  };
  if (certificates?.serverCASecret === undefined) await ensure(SECRETS, pkiSecret(cluster, 'ca', serial()));
  if (certificates?.serverTLSSecret === undefined) await ensure(SECRETS, pkiSecret(cluster, 'server', serial()));
  if (certificates?.replicationTLSSecret === undefined)
    await ensure(SECRETS, pkiSecret(cluster, 'replication', serial()));

  const app = applicationOf(cluster);
  if (app.ownSecret === undefined)
    await ensure(SECRETS, appSecret(cluster, app.owner, app.database, passwordFrom(context)));

  for (const service of servicesOf(cluster)) await reconcileService(service);
  if (cluster.spec.enablePDB !== false) await patched(BUDGETS, disruptionBudget(cluster), 'spec');
  await patched(ACCOUNTS, serviceAccount(cluster), undefined);
  await patched(ROLES, roleOf(cluster), 'rules');
  await ensure(BINDINGS, roleBinding(cluster));
  const { monitoring } = cluster.spec as { monitoring?: { disableDefaultQueries?: boolean } };
  if (monitoring?.disableDefaultQueries !== true) await ensure(CONFIG_MAPS, monitoringQueries(cluster));
  await reconcileLease();

  async function reconcileService({ name, enabled, body }: ReturnType<typeof servicesOf>[number]): Promise<void> {
    const living = find(SERVICES, name);
    if (living === undefined) {
      if (!enabled) return;
      context.log(`creating service ${name}`);
      await hands.create(SERVICES, namespace, body);
      return;
    }
    if (!isOwnedBy(living, cluster) && refusesForeign)
      throw new CannotCreate(`refusing to reconcile service: ${name}, not owned by the cluster`);
    if (!enabled) await hands.remove(SERVICES, living);
    else await patched(SERVICES, body, undefined);
  }

  /** Labels, annotations and one field are brought up to date; owners are never added. */
  async function patched(plural: ResourceName, body: JsonObject, field: string | undefined): Promise<void> {
    const metadata = body.metadata as { name: string; labels?: JsonObject; annotations?: JsonObject };
    const living = find(plural, metadata.name);
    if (living === undefined) {
      await hands.create(plural, namespace, body);
      return;
    }
    const wanted = {
      metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} },
      ...(field === undefined ? {} : { [field]: body[field] ?? null }),
    };
    if (!covers(living, wanted)) await hands.patch(plural, living, 'merge', wanted);
  }

  async function reconcileLease(): Promise<void> {
    const living = find(LEASES, nameOf(cluster));
    if (living === undefined) {
      await hands.create(LEASES, namespace, leaseOf(cluster));
      return;
    }
    const controller = controllerOf(living);
    if (controller !== undefined && !isOwnedBy(living, cluster))
      throw new CannotCreate(
        `primary lease ${namespace}/${nameOf(cluster)} is controlled by ${controller.kind} ${JSON.stringify(controller.name)}, refusing to adopt`,
      );
    if (controller === undefined) {
      await hands.patch(LEASES, living, 'merge', { metadata: { ownerReferences: [ownerOf(cluster)] } });
      context.log(`Adopted orphan primary lease ${nameOf(cluster)}`);
    }
  }
}

/** The database and owner that the Cluster's applications use, and their Secret when the Cluster names one. */
export function applicationOf(cluster: PgCluster): {
  readonly database: string;
  readonly owner: string;
  readonly ownSecret: string | undefined;
} {
  const methods = Object.values(cluster.spec.bootstrap ?? {}) as (
    | { database?: string; owner?: string; secret?: { name?: string } }
    | undefined
  )[];
  const { database = 'app', owner = database, secret } = methods[0] ?? {};
  return { database, owner, ownSecret: secret?.name };
}

function passwordFrom({ random }: ControllerContext): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 64 }, () => letters[Math.floor(random() * letters.length)] ?? 'a').join('');
}

/** The orphan Services are deleted only when volumes are adopted; one that belongs to somebody else stops the adoption. */
export async function removeOrphanServices(
  context: ControllerContext,
  hands: Hands,
  cluster: PgCluster,
): Promise<void> {
  for (const { name, enabled } of servicesOf(cluster).toReversed()) {
    const living = enabled ? context.api.get(SERVICES, namespaceOf(cluster), name) : undefined;
    if (living === undefined || isOwnedBy(living, cluster)) continue;
    if (ownersOf(living).length > 0) throw new CannotCreate('service has owner references and it is not orphan');
    await hands.remove(SERVICES, living);
  }
}

function covers(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(found) && found.length === wanted.length && wanted.every((one, at) => covers(found[at], one));
  if (typeof wanted === 'object' && wanted !== null)
    return Object.entries(wanted).every(([key, value]) =>
      covers((found as Record<string, unknown> | undefined)?.[key], value),
    );
  return found === wanted;
}
