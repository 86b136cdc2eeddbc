/** Opens a vault, surveys its point and makes the plan for an empty target, in a process of its own. No server takes part. */
import { groupOf, versionOf } from '../../src/objects/key.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { TargetFacts } from '../../src/plan/target-facts.ts';
import { pointOf } from '../../src/recover/plan-recovery.ts';
import { surveyPoint } from '../../src/recover/survey-point.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { uidFor } from '../worlds/random.ts';
import { BUILT_IN } from '../worlds/world.ts';
import { highWater, jobOf, report } from './job.ts';

export interface PlanJob {
  readonly vault: string;
  /** Plays a defect: one of a thousand objects gets neither a step nor an omission. */
  readonly broken?: 'forgetting';
}
export interface Planned {
  readonly openSeconds: number;
  readonly surveySeconds: number;
  readonly planSeconds: number;
  /** From before the vault was opened until the plan was there. */
  readonly seconds: number;
  readonly objects: number;
  readonly steps: number;
  readonly omissions: number;
  /** Objects without a step and without an omission. */
  readonly forgotten: number;
  /** Creations that do not stand behind the creation of the object that owns them. */
  readonly beforeOwner: number;
  readonly refusals: number;
  readonly digest: string;
  readonly highWater: number;
}

const job = jobOf<PlanJob>();
const began = performance.now();
const vault = openVault(job.vault);
const reader = await vault.open('latest');
const opened = performance.now();
const survey = await surveyPoint(reader);
const surveyed = performance.now();
const target: TargetFacts = {
  fingerprint: uidFor(0xee, 1) as TargetFacts['fingerprint'],
  name: 'empty',
  version: 'v1.34.4',
  resources: BUILT_IN.map(({ apiVersion, kind, resource, namespaced }) => ({
    group: groupOf(apiVersion),
    resource,
    kind,
    namespaced,
    versions: [versionOf(apiVersion)],
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
    hasStatus: !['ConfigMap', 'Secret', 'ServiceAccount', 'Role', 'RoleBinding', 'EndpointSlice'].includes(kind),
  })),
  existing: new Map(),
  workloads: [],
  webhooks: [],
  droppedFields: new Map(),
};
const policy = { selection: {}, fieldOwnership: 'all' } as const;
const made = makePlan({ survey, point: pointOf(reader.manifest), target, policy });
const planned = performance.now();
// What follows judges and is not measured.
const most = highWater();
const plan: Plan =
  job.broken === undefined ? made : { ...made, steps: made.steps.filter((_, index) => index % 1000 !== 500) };
report({
  openSeconds: (opened - began) / 1000,
  surveySeconds: (surveyed - opened) / 1000,
  planSeconds: (planned - surveyed) / 1000,
  seconds: (planned - began) / 1000,
  objects: reader.entries.length,
  steps: plan.steps.length,
  omissions: plan.omissions.length,
  forgotten: forgottenIn(plan),
  beforeOwner: beforeOwnerIn(plan),
  refusals: plan.refusals.length,
  digest: plan.digest,
  highWater: most,
} satisfies Planned);
await reader.close();
await vault.close();

function forgottenIn({ steps, omissions }: Plan): number {
  const told = new Set(omissions.map(({ row }) => row));
  for (const step of steps) if ('source' in step) told.add(step.source.row);
  return reader.entries.filter(({ row }) => !told.has(row)).length;
}

function beforeOwnerIn({ steps }: Plan): number {
  const places = new Map(steps.flatMap((step, index) => (step.kind === 'create' ? [[step.target.key, index]] : [])));
  let wrong = 0;
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'create') continue;
    for (const owner of step.writing.owners)
      if (owner.kind === 'relink' && owner.when === 'create' && !((places.get(owner.owner) ?? index) < index)) wrong++;
  }
  return wrong;
}
