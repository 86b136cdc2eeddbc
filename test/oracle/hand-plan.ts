import type { Edit } from '../../src/knowledge/edit.ts';
import type { KeyText, Uid } from '../../src/objects/key.ts';
import type { AmendStep, CreateStep, OwnerLink, Plan, Source, Step, StepId, Target } from '../../src/plan/plan.ts';
import { at, listOf, textOf } from './places.ts';
import { type Captured, groupIn, versionIn, type World } from './world.ts';

const id = (text: string): StepId => text as StepId;
const reason = { code: 'BY-HAND', sentence: 'a plan that was made by hand' };
const base = { stage: 'workloads' as const, reasons: [reason], undo: 'delete it' };
const SUSPENDED: Readonly<Record<string, string>> = {
  'jobs.batch': '/spec/suspend',
  'cronjobs.batch': '/spec/suspend',
  'deployments.apps': '/spec/paused',
};
const OMITTED = ['pods/team-a/web-1-x', 'configmaps/team-a/doomed', 'namespaces/kube-system'];

/** The right plan for the world made by hand, written without anything of the product's planning. */
export function handPlan(world: World): Plan {
  const creates: CreateStep[] = [];
  const others: Step[] = [];
  const living = new Map(world.target.living.map((object) => [object.key as string, object]));
  const byUid = new Map(world.objects.map((object) => [object.uid as string, object]));
  const bringing = (key: string): StepId => id(`${living.get(key)?.terminating === false ? 'adopt' : 'create'} ${key}`);
  for (const object of world.objects) {
    if (OMITTED.includes(object.key)) continue;
    const there = living.get(object.key);
    if (there?.terminating === false) {
      others.push({
        ...base,
        kind: 'adopt',
        id: bringing(object.key),
        needs: [],
        after: [],
        target: targetOf(object),
        uid: there.body.metadata.uid as Uid,
      });
      continue;
    }
    const owners = listOf(at(object.body, 'metadata', 'ownerReferences')).map((owner, index): OwnerLink => {
      const found = byUid.get(textOf(at(owner, 'uid')));
      const was = textOf(at(owner, 'uid')) as Uid;
      if (found === undefined || OMITTED.includes(found.key))
        return { kind: 'drop', index, owner: textOf(at(owner, 'name')), was, reason };
      const when = object.name === 'ring-a' ? ('amend' as const) : ('create' as const);
      return { kind: 'relink', index, owner: found.key, was, apiVersion: textOf(at(owner, 'apiVersion')), when };
    });
    const definition = `customresourcedefinitions.apiextensions.k8s.io/${object.resource}`;
    const needs = [
      ...(object.namespace === undefined ? [] : [bringing(`namespaces/${object.namespace}`)]),
      ...(world.objects.some(({ key }) => key === definition) ? [bringing(definition)] : []),
      ...owners.flatMap((link) => (link.kind === 'relink' && link.when === 'create' ? [bringing(link.owner)] : [])),
      ...(object.resource === 'persistentvolumeclaims' ? [bringing('persistentvolumes/pv-data')] : []),
    ];
    const writing = {
      edits: editsOf(object),
      owners,
      status: object.resource === 'jobs.batch' ? ('after' as const) : ('leave' as const),
      fields: 'leave' as const,
      yields: [],
      ignoring: [],
    };
    creates.push({
      ...base,
      kind: 'create',
      id: bringing(object.key),
      needs,
      after: [],
      target: targetOf(object),
      source: sourceOf(object),
      writing,
    });
  }
  const quota = creates.find(({ target }) => target.resource === 'resourcequotas');
  const written = creates.filter((step) => step !== quota);
  const everything = written.filter(({ target }) => target.name !== 'dying').map((step) => step.id);
  for (const step of creates) others.push(...amendsOf(world, step, everything));
  const composite = creates.find(({ target }) => target.kind === 'XSQL');
  const secret = written.find(({ target }) => target.name === composite?.source.uid);
  if (composite !== undefined && secret !== undefined)
    others.push({
      ...secret,
      kind: 'copy',
      id: id('copy secret'),
      needs: [secret.id, composite.id],
      name: [{ kind: 'uid', of: composite.target.key, form: 'dashed' }],
    });
  const operator = targetOf(world.objects.find(({ name }) => name === 'crossplane') ?? never());
  others.push({
    ...base,
    kind: 'release',
    id: id('release crossplane'),
    needs: [...everything, id('copy secret')],
    after: [],
    system: 'crossplane',
    workloads: [{ target: operator, replicas: 1 }],
  });
  const last = quota === undefined ? [] : [{ ...quota, after: [...written.map((step) => step.id), id('copy secret')] }];
  return {
    format: 'seaworthy.dev/plan/1',
    digest: 'd' as Plan['digest'],
    point: world.point,
    target: { fingerprint: 'f' as Uid, name: 'target', version: 'v1.34.4' },
    policy: world.policy,
    steps: inOrder([...others, ...written, ...last]),
    omissions: world.objects
      .filter(({ key }) => OMITTED.includes(key))
      .map(({ key, row }) => ({ kind: 'omitted', key, row, origin: 'target', reason })),
    findings: ['configmaps/common/noted', 'secrets/common/dying'].map((key) => ({
      severity: 'note',
      key: key as KeyText,
      reason,
    })),
    refusals: [],
    checks: [],
    notHeld: [],
  };
}

const never = (): never => {
  throw new Error('the world made by hand lacks an object');
};

const set = (path: string, value: boolean | number | string): Edit => ({ kind: 'set', path, value, rule: 'BY-HAND' });
const remove = (path: string): Edit => ({ kind: 'remove', path, rule: 'BY-HAND' });

function editsOf(object: Captured): Edit[] {
  const suspended = SUSPENDED[object.resource];
  if (object.resource === 'persistentvolumes')
    return [
      remove('/spec/claimRef/uid'),
      remove('/spec/claimRef/resourceVersion'),
      set('/spec/persistentVolumeReclaimPolicy', 'Retain'),
    ];
  return [
    ...(suspended === undefined ? [] : [set(suspended, true)]),
    ...(object.name === 'crossplane' ? [set('/spec/replicas', 0)] : []),
  ];
}

function amendsOf(world: World, step: CreateStep, everything: readonly StepId[]): AmendStep[] {
  const { target, source, writing } = step;
  const amend = (what: string, rest: Partial<AmendStep>): AmendStep => ({
    ...base,
    kind: 'amend',
    id: id(`amend ${target.key} ${what}`),
    needs: [step.id],
    after: [],
    of: step.id,
    target,
    source,
    edits: [],
    owners: [],
    ...rest,
  });
  const resource = target.group === '' ? target.resource : `${target.resource}.${target.group}`;
  const suspended = SUSPENDED[resource];
  const children = world.objects.filter(
    ({ body }) => body.metadata.ownerReferences?.some(({ uid }) => uid === source.uid) && body.kind === 'ReplicaSet',
  );
  const found: AmendStep[] = [];
  if (resource === 'persistentvolumes')
    found.push(
      amend('policy', {
        edits: [set('/spec/persistentVolumeReclaimPolicy', 'Delete')],
        needs: [step.id, id('create persistentvolumeclaims/team-a/data')],
        wait: { kind: 'bound', object: target.key },
      }),
    );
  if (suspended !== undefined)
    found.push(
      amend('hold', {
        edits: [remove(suspended)],
        needs: [
          step.id,
          ...children.map(({ key }) => id(`create ${key}`)),
          ...(resource === 'cronjobs.batch' ? [...everything, id('copy secret')] : []),
        ],
      }),
    );
  const later = writing.owners.flatMap((link) =>
    link.kind === 'relink' && link.when === 'amend' ? [id(`create ${link.owner}`)] : [],
  );
  if (later.length > 0) found.push(amend('owners', { owners: writing.owners, needs: [step.id, ...later] }));
  return found;
}

const sourceOf = (object: Captured): Source => ({
  kind: 'vault',
  row: object.row,
  digest: object.digest,
  uid: object.uid,
});

function targetOf(object: Captured): Target {
  const [resource = ''] = object.resource.split('.', 1);
  return {
    key: object.key,
    group: groupIn(object.body.apiVersion),
    version: versionIn(object.body.apiVersion),
    kind: object.body.kind,
    resource,
    name: object.name,
    ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
  };
}

/** The steps in an order that keeps their needs and afters. */
export function inOrder(steps: readonly Step[]): Step[] {
  const found: Step[] = [];
  const done = new Set<string>();
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const step of steps)
      if (!done.has(step.id) && [...step.needs, ...step.after].every((other) => done.has(other))) {
        done.add(step.id);
        found.push(step);
      }
  }
  return found.length === steps.length ? found : [...found, ...steps.filter((step) => !done.has(step.id))];
}
