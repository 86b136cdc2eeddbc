import { type Draft, existingAt, isPlanned, objectAt, rowOf } from './decision.ts';
import { ownerLinksOf } from './owner-links.ts';
import type { Policy } from './plan.ts';

/** What a person should know before the plan runs: remarks of the rules, references lost, consumers of what does not come back. */
export function addFindings(draft: Draft, policy: Policy): void {
  for (const object of draft.survey.objects) {
    if (!isPlanned(draft, object.row)) continue;
    for (const { severity, code, sentence } of object.more?.remarks ?? [])
      draft.findings.push({ severity, key: object.key, reason: { code, sentence } });
    if (draft.decisions[object.row]?.kind !== 'create') continue;
    for (const link of ownerLinksOf(draft, object))
      if (link.kind === 'drop') draft.findings.push({ severity: 'note', key: object.key, reason: link.reason });
    for (const reference of object.references) {
      const row = rowOf(draft, reference.to);
      if (row !== undefined && isLeftOut(draft, row)) {
        const sentence = `${object.key} uses ${reference.to} (${reference.path}), which was not asked for and is not in the target`;
        draft.findings.push({
          severity: 'warning',
          key: object.key,
          reason: { code: 'REFERENCE-NOT-SELECTED', sentence },
        });
        continue;
      }
      const treatment = row === undefined || isPlanned(draft, row) ? undefined : objectAt(draft, row).treatment;
      if (treatment?.kind !== 'omit' || !treatment.report) continue;
      const sentence = `${object.key} uses ${reference.to} (${reference.path}), which does not come back: ${treatment.rule.why}`;
      draft.findings.push({ severity: 'warning', key: object.key, reason: { code: 'CONSUMER-OF-OMITTED', sentence } });
    }
    const lost = draft.target.droppedFields.get(object.key);
    if (lost !== undefined) {
      draft.refusals.push({
        key: object.key,
        reason: {
          code: 'FIELD-WOULD-BE-DROPPED',
          sentence: `${object.key}: the target's definition of ${object.resource} knows no ${lost.join(', ')} and would drop it in silence`,
        },
        hint: 'bring the captured CustomResourceDefinition to the target, or leave the object out',
      });
    }
  }
  addWebhooksLeftOut(draft);
  const { namespaces, selector } = policy.selection;
  if ((namespaces !== undefined || selector !== undefined) && !draft.survey.objects.some((object) => object.selected)) {
    draft.refusals.push({
      reason: {
        code: 'NOTHING-SELECTED',
        sentence: 'no object of the point is in the Namespaces and under the selector that were given',
      },
      hint: 'see `seaworthy points show` for what the point holds',
    });
  }
}

/** In the point, not asked for, and not living in the target. */
function isLeftOut(draft: Draft, row: number): boolean {
  const decision = draft.decisions[row];
  const unasked = decision !== undefined && 'reason' in decision && decision.reason.code === 'NOT-SELECTED';
  return unasked && existingAt(draft, row)?.terminating !== false;
}

/** An operator that comes back without the webhook configurations that its kinds had. */
function addWebhooksLeftOut(draft: Draft): void {
  const { objects } = draft.survey;
  const operators = new Map(
    objects.flatMap((object) => {
      const system = object.more?.workload?.system;
      return system !== undefined && draft.decisions[object.row]?.kind === 'create' ? [[system, object.key]] : [];
    }),
  );
  for (const object of objects) {
    const operator = operators.get(object.more?.webhookOf ?? '');
    if (operator === undefined || !isLeftOut(draft, object.row)) continue;
    const sentence = `${operator} comes back without ${object.key}, which was not asked for and is not in the target: some operators do not start without their webhook configurations, and what they check and default is not`;
    draft.findings.push({ severity: 'warning', key: operator, reason: { code: 'WEBHOOKS-NOT-SELECTED', sentence } });
  }
}
