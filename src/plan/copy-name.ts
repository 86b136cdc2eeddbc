import type { SurveyedObject } from '../knowledge/surveyed.ts';
import { uidInForm } from '../objects/uid-text.ts';
import { type Draft, isPlanned, objectAt } from './decision.ts';
import type { NamePart } from './plan.ts';

/** The name of the second copy, or undefined when the objects whose UIDs it holds keep theirs. */
export function copyName(draft: Draft, object: SurveyedObject): NamePart[] | undefined {
  let parts: NamePart[] = [{ kind: 'text', text: object.name }];
  let changed = false;
  for (const use of object.more?.uses ?? []) {
    const row = draft.survey.byUid.get(use.uid);
    const keeps = row === undefined || !isPlanned(draft, row) || sameUid(draft, row);
    if (use.action !== 'copy' || use.path !== '/metadata/name' || keeps) continue;
    const of = objectAt(draft, row).key;
    const text = uidInForm(use.uid, use.form);
    parts = parts.flatMap((part): NamePart[] => {
      if (part.kind === 'uid' || !part.text.includes(text)) return [part];
      changed = true;
      return part.text
        .split(text)
        .flatMap((piece, index): NamePart[] => [
          ...(index === 0 ? [] : [{ kind: 'uid' as const, of, form: use.form }]),
          ...(piece === '' ? [] : [{ kind: 'text' as const, text: piece }]),
        ]);
    });
  }
  return changed ? parts : undefined;
}
function sameUid(draft: Draft, row: number): boolean {
  const decision = draft.decisions[row];
  return decision?.kind === 'adopt' && decision.uid === objectAt(draft, row).uid;
}
