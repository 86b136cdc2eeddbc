import type { Step } from '../../src/plan/plan.ts';
import type { Case } from './case.ts';
import type { Ending } from './ending.ts';
import { isClaim, isComposite, isManaged } from './fates.ts';
import { at, textOf } from './places.ts';
import { labelsOf, type Moment, ownersIn, ownerText, replicasOf, uidsIn } from './play.ts';
import { isTerminating, type Stored } from './store.ts';
import { type Captured, groupIn } from './world.ts';

/** A known operator, by the oracle's own knowledge: which Deployment runs it, and which objects are its members. */
interface Operator {
  readonly name: string;
  readonly runs: (stored: Stored) => boolean;
  readonly closure: ReadonlySet<number>;
}

const OPERATORS: readonly {
  readonly name: string;
  readonly label: readonly [string, string];
  readonly member: (subject: Case, object: Captured) => boolean;
}[] = [
  {
    name: 'CloudNativePG',
    label: ['app.kubernetes.io/name', 'cloudnative-pg'],
    member: (_, object) => groupIn(object.body.apiVersion) === 'postgresql.cnpg.io',
  },
  {
    name: 'Crossplane',
    label: ['app', 'crossplane'],
    member: ({ world }, object) =>
      isClaim(world, object) ||
      isComposite(world, object) ||
      isManaged(world, object) ||
      /(^|\.)crossplane\.io$/.test(groupIn(object.body.apiVersion)),
  },
];

export const isJudge = (object: Captured): boolean =>
  ['resourcequotas', 'limitranges'].includes(object.resource) || isClusterJudge(object);
const isClusterJudge = (object: Captured): boolean =>
  /^(validating|mutating)(webhookconfigurations|admissionpolicybindings)\./.test(object.resource) ||
  (object.resource === 'apiservices.apiregistration.k8s.io' && at(object.body, 'spec', 'service') !== undefined);

/** Steps that cannot be done before one of these: what a judge owns, or stands in what it owns. */
function needing(subject: Case, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const step of subject.plan.steps)
    if (step.needs.some((other) => ids.includes(other) || found.has(other))) found.add(step.id);
  return found;
}

const namespaceIn = (step: Step): string | undefined => ('target' in step ? step.target.namespace : undefined);

const stepsOf = (subject: Case, rows: ReadonlySet<number>): string[] =>
  [...rows].flatMap((row) => subject.creates.get(subject.world.objects[row]?.key ?? '')?.id ?? []);

/** Watches one run: after every step it looks whether something acts too early, judges too early, or holds a stale UID. */
export class MomentJudge {
  readonly #subject: Case;
  readonly #operators: readonly Operator[];
  readonly #judges: readonly Captured[];
  /** Steps that need a judge: they come late whatever is done. */
  readonly #late: ReadonlySet<string>;
  /** Steps that bring objects of the point, those aside that only come last. */
  readonly #bringing: readonly Step[];

  constructor(subject: Case) {
    this.#subject = subject;
    const { objects } = subject.world;
    this.#operators = OPERATORS.map(({ name, label: [field, value], member }) => ({
      name,
      runs: (stored) => stored.kind.resource === 'deployments' && labelsOf(stored.body)[field] === value,
      closure: subject.kept(objects.filter((object) => member(subject, object)).map(({ row }) => row)),
    }));
    this.#judges = objects.filter(isJudge);
    const judging = this.#judges.flatMap(({ key }) => subject.creates.get(key)?.id ?? []);
    const owned = subject.descendants(this.#judges.filter(({ key }) => subject.creates.has(key)).map(({ row }) => row));
    this.#late = new Set([...needing(subject, judging), ...stepsOf(subject, owned)]);
    const last = new Set<string>([...judging, ...this.#late]);
    this.#bringing = subject.plan.steps.filter(
      (step) => (step.kind === 'create' || step.kind === 'copy') && !('wait' in step) && !last.has(step.id),
    );
  }

  look(moment: Moment): void {
    const { step } = moment;
    if (step.kind === 'create' || step.kind === 'copy') {
      this.#judged(moment, step.source.row);
      this.#stale(moment, step.target.key);
    }
    if (step.kind === 'amend') this.#stale(moment, step.target.key);
    if (step.kind === 'barrier' || step.kind === 'adopt') return;
    this.#volumes(moment);
    this.#schedules(moment);
    this.#rollouts(moment);
    for (const operator of this.#operators) this.#acts(moment, operator);
  }

  #judged({ store, fates, step }: Moment, row: number): void {
    if (fates.get(step.id) !== 'done') return;
    const written = this.#subject.world.objects[row];
    if (written === undefined || isJudge(written)) return;
    if (this.#late.has(step.id)) return;
    for (const object of this.#judges) {
      const reaches = isClusterJudge(object) || object.namespace === written.namespace;
      if (reaches && store.objects.get(object.key)?.written === true)
        store.happen('judged-early', object.key, `${object.key} is there before ${step.id}`);
    }
  }

  #stale({ store, step, fates, sent }: Moment, key: string): void {
    if (sent === undefined || fates.get(step.id) !== 'done') return;
    const reference = at(sent, 'spec', 'claimRef', 'uid');
    const uids = ownersIn(sent).map((owner) => [ownerText(owner), textOf(at(owner, 'uid'))]);
    if (sent.kind === 'PersistentVolume' && reference !== undefined) uids.push(['claimRef', textOf(reference)]);
    for (const [where, uid = ''] of uids) {
      const living = [...store.objects.values()].some(({ body }) => at(body, 'metadata', 'uid') === uid);
      if (!living) this.#subject.cry('I5', key, `${step.id} wrote the stale UID ${uid} of ${where}`);
    }
  }

  #volumes({ store, step }: Moment): void {
    for (const stored of store.objects.values()) {
      if (!stored.written || stored.kind.resource !== 'persistentvolumes') continue;
      const reference = at(stored.body, 'spec', 'claimRef');
      if (reference === undefined || at(stored.body, 'spec', 'persistentVolumeReclaimPolicy') === 'Retain') continue;
      const claim = `persistentvolumeclaims/${textOf(at(reference, 'namespace'))}/${textOf(at(reference, 'name'))}`;
      if (store.uidOf(claim) === undefined || store.uidOf(claim) !== at(reference, 'uid'))
        this.#subject.cry('I11', stored.key, `${stored.key} is not Retain and not bound after ${step.id}`);
    }
  }

  #schedules({ store, fates, step }: Moment): void {
    for (const stored of store.objects.values()) {
      if (!stored.written || !['cronjobs', 'scheduledbackups'].includes(stored.kind.resource)) continue;
      if (at(stored.body, 'spec', 'suspend') === true) continue;
      const missing = this.#bringing.find((other) => !fates.has(other.id) && namespaceIn(other) === stored.namespace);
      if (missing !== undefined)
        this.#subject.cry('I20', stored.key, `${stored.key} fires after ${step.id}, before ${missing.id}`);
    }
  }

  #rollouts({ store, fates, step }: Moment): void {
    for (const stored of store.objects.values()) {
      if (!stored.written || stored.kind.resource !== 'deployments') continue;
      if (at(stored.body, 'spec', 'paused') === true) continue;
      const row = this.#subject.byKey.get(stored.key)?.row ?? -1;
      for (const child of this.#subject.children.get(row) ?? []) {
        const object = this.#subject.world.objects[child];
        const create = object?.resource === 'replicasets.apps' ? this.#subject.creates.get(object.key) : undefined;
        if (create !== undefined && !fates.has(create.id))
          this.#subject.cry('I20', stored.key, `${stored.key} rolls out after ${step.id}, before ${create.id}`);
      }
    }
  }

  /** An operator that acts while something of its closure is planned and not there takes it for lost. */
  #acts({ store, fates, step }: Moment, operator: Operator): void {
    const acting = [...store.objects.values()].find(
      (stored) => operator.runs(stored) && replicasOf(stored.body) > 0 && !isTerminating(stored),
    );
    if (acting === undefined) return;
    const bringing = this.#bringing.filter(
      (other) => (other.kind === 'create' || other.kind === 'copy') && operator.closure.has(other.source.row),
    );
    const missing = bringing.find(({ id }) => fates.get(id) !== 'done');
    if (missing === undefined || !bringing.some(({ id }) => fates.get(id) === 'done')) return;
    this.#subject.cry(
      'I20',
      acting.key,
      `${operator.name} acts (${acting.key}) after ${step.id}, without ${missing.id}`,
    );
  }
}

/** I23: captured UIDs that stand in what was sent, where nothing living has them, stay by a rule or with a finding. */
export function judgeMentions(
  subject: Case,
  moment: Pick<Moment, 'sent' | 'step'> & Pick<Ending, 'store'>,
  findings: ReadonlySet<string>,
): void {
  const { sent, step, store } = moment;
  if (sent === undefined || (step.kind !== 'create' && step.kind !== 'copy')) return;
  const decoded = { ...sent, ...decodedData(sent) };
  const suspects = [...uidsIn(decoded)].filter((uid) => subject.byUid.has(uid));
  if (suspects.length === 0) return;
  const living = new Set([...store.objects.values()].map(({ body }) => textOf(at(body, 'metadata', 'uid'))));
  const key = step.target.key;
  for (const uid of suspects)
    if (!living.has(uid) && !findings.has(key) && placesOf(decoded, uid).some((place) => !mayStay(subject, key, place)))
      subject.cry('I23', key, `${step.id} still says ${uid} at ${placesOf(decoded, uid).join(', ')}`);
}

function decodedData(sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const field of sent.kind === 'Secret' ? ['data'] : ['binaryData']) {
    const data = sent[field];
    if (typeof data !== 'object' || data === null) continue;
    const texts = Object.entries(data).map(([name, text]) => [
      name,
      Buffer.from(textOf(text), 'base64').toString('latin1'),
    ]);
    found[field] = Object.fromEntries(texts);
  }
  return found;
}

function placesOf(value: unknown, uid: string, path = ''): string[] {
  if (typeof value === 'string') return uidsIn(value).has(uid) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, member]) => [
    ...(uidsIn(field).has(uid) ? [`${path}/${field}`] : []),
    ...placesOf(member, uid, `${path}/${field}`),
  ]);
}

/** Where an old UID is right: names of volumes and of external things, texts that people applied, what is observed anew. */
function mayStay(subject: Case, key: string, place: string): boolean {
  const object = subject.byKey.get(key);
  if (object === undefined) return false;
  if (place.startsWith('/metadata/ownerReferences/')) return true; // I5 judges these
  if (['persistentvolumes', 'persistentvolumeclaims', 'jobs.batch'].includes(object.resource)) return true;
  if (place === '/metadata/annotations/kubectl.kubernetes.io/last-applied-configuration') return true;
  const { world } = subject;
  const external = isClaim(world, object) || isComposite(world, object) || isManaged(world, object);
  if (external && /^\/(spec|status)\//.test(place)) return true;
  if (external && place === '/metadata/annotations/crossplane.io/external-name') return true;
  if (place !== '/metadata/name') return false;
  const named = [...subject.byUid.values()].find(({ uid }) => object.name.includes(uid));
  const comesBack = named !== undefined && subject.stepFor(named.key) !== undefined;
  return subject.copies.some(({ target }) => target.key === key) || (isConnection(object) && !comesBack);
}

const isConnection = (object: Captured): boolean => object.body.type === 'connection.crossplane.io/v1alpha1';
