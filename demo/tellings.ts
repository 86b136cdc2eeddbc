import type { Figures } from './figures.ts';
import { claimSecret } from './figures.ts';
import { conditionOf, countOf, type Holding, of, ownersOf, secretText } from './holding.ts';
import type { Incident } from './incident.ts';
import { countRows, type Production } from './production.ts';
import type { Story } from './story.ts';
import type { Restored } from './velero/restore.ts';
import type { Site } from './world/site.ts';

export function tellProduction(story: Story, { site, tenants }: Production, lost: Holding): void {
  const databases = of(lost, 'clusters.postgresql.cnpg.io');
  const archiving = databases.filter(([, one]) => conditionOf(one, 'ContinuousArchiving') === 'True').length;
  const owned = [...lost.values()].filter((one) => ownersOf(one).length > 0).length;
  story.say(`${lost.size} objects, ${owned} of them owned by another one; ${tenants.length} tenants, each with`);
  story.say('  a Namespace that Crossplane owns, a web Deployment, a CloudNativePG database,');
  story.say('  and in the cloud a database whose password was told once, and a bucket');
  story.say(
    `${site.outside.cloud.things(site.now()).length} things stand in the cloud; ${archiving} of ${databases.length} databases say ContinuousArchiving=True`,
  );
}

export function tellIncident(story: Story, incident: Incident, tenants: number): void {
  const { before, after, seconds } = incident;
  const row = (what: string, key: keyof typeof before): string[] => [what, String(before[key]), String(after[key]), ''];
  story.say(
    `Crossplane deletes the ${tenants} Objects that are no longer composed, and what they stand for, in ${seconds} s:`,
  );
  story.table([
    ['', 'BEFORE', 'AFTER', ''],
    row('Namespaces', 'namespaces'),
    row('Deployments', 'deployments'),
    row('databases', 'databases'),
    row('volumes', 'volumes'),
    row('rows in the databases', 'rows'),
  ]);
  story.say(`${incident.cloudDeletes} deletions asked of the cloud: what stands there survived`);
  story.alarm(
    `the object store could give back ${incident.archivedRows} of ${before.rows} rows: ${incident.silentlyUnarchived} databases had stopped archiving, and no condition told`,
  );
}

export function tellVelero(
  story: Story,
  site: Site,
  { lost, found, tenants }: { readonly lost: Holding; readonly found: Holding; readonly tenants: readonly string[] },
  figures: Figures,
  restored: Restored,
  refusals: readonly string[],
): void {
  const phase = restored.failed.length === 0 ? 'Completed' : 'PartiallyFailed';
  story.say(
    `${phase}: ${restored.created.length} created, ${restored.equal.length} there already, ${restored.different.length} warnings, ${restored.failed.length} errors`,
  );
  const [first] = refusals;
  if (first !== undefined) story.alarm(first.replace(/^cloudnative-pg: (?=Reconciler)/, ''));
  for (const [phase, number] of figures.phases) story.say(`${number} databases: "${phase}"`);
  story.say(`${countRows(site, tenants)} rows in them, ${countOf(found, 'jobs.batch')} Jobs that would bring any`);
  const { good, all } = figures.claimsReady;
  const changed = tenants.filter(
    (tenant) =>
      secretText(lost.get(claimSecret(tenant)), 'password') !== secretText(found.get(claimSecret(tenant)), 'password'),
  );
  story.alarm(
    `${figures.createdTwice} cloud resources exist twice; ${good} of ${all} claims say Ready=True, ${changed.length} of them with another password`,
  );
}
