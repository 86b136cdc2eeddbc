import type { Json, KubeObject } from '../../../objects/json.ts';
import { sameJson } from '../../../objects/same-json.ts';
import { forbiddenField, IMMUTABLE, invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { innerLines } from '../differences/inner-text.ts';
import { unifiedDiff } from '../differences/unified-diff.ts';
import { keepStatus, rulesOf } from '../plain-rules.ts';
import { nanoOf } from '../quantity.ts';
import { type Body, child, deep, fill, fillEmpty, made, text } from '../values.ts';
import { validateClaimSpec } from './claim-spec.ts';

/** dataSource and dataSourceRef say the same where the older one can say it. */
function alignSources(spec: Body): void {
  const [source, reference] = [child(spec, 'dataSource'), child(spec, 'dataSourceRef')];
  if (source !== undefined && !canPopulate(source)) delete spec.dataSource;
  const kept = child(spec, 'dataSource');
  if (kept !== undefined && reference === undefined) spec.dataSourceRef = { ...kept };
  if (
    source === undefined &&
    reference !== undefined &&
    text(reference, 'namespace') === '' &&
    canPopulate(reference)
  ) {
    spec.dataSource = { ...reference };
  }
}
const canPopulate = (source: Body): boolean =>
  (text(source, 'kind') === 'PersistentVolumeClaim' && text(source, 'apiGroup') === '') ||
  (text(source, 'kind') === 'VolumeSnapshot' && text(source, 'apiGroup') === 'snapshot.storage.k8s.io');

const validate = (claim: KubeObject): Problem[] => validateClaimSpec(child(claim, 'spec') ?? {}, 'spec');

function validateUpdate(next: KubeObject, before: KubeObject): Problem[] {
  const found = validate(next);
  const [now, was] = [child(next, 'spec') ?? {}, child(before, 'spec') ?? {}];
  const bound = text(next.status, 'phase') === 'Bound';
  if (!sameJson(fixed(now, was, bound) as Json, fixed(was, was, bound) as Json)) {
    const said =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    const [old, fresh] = compared(was, now, bound);
    const diff = unifiedDiff(
      innerLines(old, 'PersistentVolumeClaimSpec'),
      innerLines(fresh, 'PersistentVolumeClaimSpec'),
    );
    found.push(forbiddenField('spec', `${said}\n${diff}`));
  }
  const size = (spec: Body): bigint => nanoOf(deep(spec, 'resources', 'requests')?.storage);
  if (size(now) < size(was) && size(now) <= nanoOf(deep(before, 'status', 'capacity')?.storage)) {
    found.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  }
  if (text(now, 'volumeMode') !== text(was, 'volumeMode'))
    found.push(invalidValue('volumeMode', now.volumeMode, IMMUTABLE));
  return found;
}
/** Both specs as the server compares them: what may change is made alike. */
function compared(was: Body, now: Body, bound: boolean): [Body, Body] {
  const [old, fresh]: [Body, Body] = [{ ...was }, { ...now }];
  if (text(was, 'volumeName') === '' && fresh.volumeName !== undefined) old.volumeName = fresh.volumeName;
  if (!bound) return [old, fresh];
  const storage = deep(was, 'resources', 'requests')?.storage;
  fresh.resources = {
    ...child(now, 'resources'),
    requests: { ...deep(now, 'resources', 'requests'), storage: storage ?? '0' },
  };
  if (was.volumeAttributesClassName === undefined) delete fresh.volumeAttributesClassName;
  else fresh.volumeAttributesClassName = was.volumeAttributesClassName;
  return [old, fresh];
}
/** What of a spec may not change; a volume name may be set once, a bound claim may grow. */
function fixed(spec: Body, was: Body, bound: boolean): Body {
  const kept: Body = { ...spec };
  if (text(was, 'volumeName') === '') delete kept.volumeName;
  if (!bound) return kept;
  delete kept.volumeAttributesClassName;
  kept.resources = { ...child(spec, 'resources'), requests: { ...deep(spec, 'resources', 'requests'), storage: '' } };
  return kept;
}

export const CLAIMS = rulesOf('persistentvolumeclaims', {
  defaults(claim) {
    fillEmpty(made(claim, 'status'), 'phase', 'Pending');
    fill(made(claim, 'spec'), 'volumeMode', 'Filesystem');
  },
  prepareCreate(claim) {
    claim.status = { phase: 'Pending' };
    alignSources(made(claim, 'spec'));
  },
  prepareUpdate(next, before) {
    keepStatus(next, before);
    alignSources(made(next, 'spec'));
  },
  validateCreate: validate,
  validateUpdate,
  selectable: (claim) => ({ name: claim.metadata.name ?? '' }),
});
