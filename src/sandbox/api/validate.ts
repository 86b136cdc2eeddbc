import type { KubeObject, MutableJsonObject } from '../../objects/json.ts';
import { DEFINITIONS } from '../kinds/custom-resource-definitions.ts';
import { invalid, type Problem } from '../status/problem.ts';
import { type Call, contextOf } from './call.ts';
import { updateProblems } from './metadata-checks.ts';
import type { ServerParts } from './parts.ts';

const nameOf = (object: KubeObject): string => object.metadata.name ?? '';

export function validateCreate(parts: ServerParts, call: Call, body: MutableJsonObject): void {
  const { kind } = call;
  const object = body as unknown as KubeObject;
  const ofMetadata = parts.metadataProblems(object, kind);
  const said = new Set(call.warnings);
  const problems: readonly Problem[] =
    kind.custom === undefined
      ? together(call, ofMetadata, kind.rules?.validateCreate?.(object, contextOf(parts, call)) ?? [])
      : kind.custom.validateCreate(object, call.version, ofMetadata);
  if (problems.length > 0) {
    unsay(call, said);
    throw invalid(kind.group, object.kind, nameOf(object), problems);
  }
  for (const text of kind.custom?.warnings(object) ?? []) call.warnings.add(text);
}

export function validateUpdate(parts: ServerParts, call: Call, body: MutableJsonObject, before: KubeObject): void {
  const { kind } = call;
  const object = body as unknown as KubeObject;
  const status = call.subresource === 'status';
  // By the way that all kinds go; the validation of the kind finds some of it again, and the causes say so twice.
  const ofMetadata = parts.metadataProblems(object, kind);
  const ofChange = parts.metadataChanges(object, before);
  const said = new Set(call.warnings);
  let problems: readonly Problem[];
  if (kind.custom !== undefined)
    problems = [
      ...ofMetadata,
      ...ofChange,
      ...(status
        ? kind.custom.validateStatus(object, before, call.version, ofChange)
        : kind.custom.validateUpdate(object, before, call.version, ofChange)),
    ];
  else {
    const context = contextOf(parts, call);
    const special = kind.rules?.subresources?.[call.subresource ?? ''];
    const own = status
      ? kind.rules?.validateStatus?.(object, before, context)
      : call.subresource === 'binding'
        ? []
        : special !== undefined
          ? special.validate(object, before, context)
          : kind.rules?.validateUpdate?.(object, before, context);
    problems =
      call.kind.resource === DEFINITIONS
        ? [...ofMetadata, ...ofChange, ...(own ?? [])]
        : [
            ...ofMetadata,
            ...ofChange,
            ...updateProblems(kind, status, {
              all: ofMetadata,
              changes: ofChange,
              own: own ?? [],
              fresh: () => kind.rules?.validateCreate?.(object, context) ?? [],
            }),
          ];
  }
  if (problems.length > 0) unsay(call, said);
  for (const text of kind.custom?.ratcheted(object, call.version) ?? []) call.warnings.add(text);
  if (problems.length > 0) throw invalid(groupOf(kind, object), object.kind, nameOf(object), problems);
  for (const text of kind.custom?.warnings(object, before) ?? []) call.warnings.add(text);
}

/** A write that is refused is not warned about: its kind found nothing wrong, its metadata are. */
function unsay({ warnings }: Call, said: ReadonlySet<string>): void {
  for (const text of warnings) if (!said.has(text)) warnings.delete(text);
}

/** A custom object is named by the group that it says to be of. */
const groupOf = (kind: Call['kind'], { apiVersion }: KubeObject): string =>
  kind.custom === undefined ? kind.group : apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));

/** Definitions validate their metadata with everything else. */
const together = (call: Call, ofMetadata: readonly Problem[], own: readonly Problem[]): readonly Problem[] =>
  call.kind.resource === DEFINITIONS ? own : [...ofMetadata, ...own];
