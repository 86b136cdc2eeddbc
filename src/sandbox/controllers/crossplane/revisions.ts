import { createHash } from 'node:crypto';
import { canonicalText } from '../../../objects/canonical.ts';
import { controllerOf } from '../../../objects/owners.ts';
import type { ControllerContext } from '../controller.ts';
import { AGAIN, DONE, type Reconciler } from '../turns.ts';
import { COMPOSITIONS, REVISIONS } from './kinds.ts';
import { MARKS } from './marks.ts';
import { asController, isDeleted, type Resource, uidOf } from './resource.ts';
import type { Writer } from './writer.ts';

/**
 * A CompositionRevision for each content of a Composition, controlled by it. A revision that nobody controls is taken over; one that
 * another UID controls is an error. Which revision has the present content is told by its spec: the hash in its label is of the real
 * program's own encoding and cannot be computed here, so labels and annotations added to a Composition make no new revision.
 */
export function revisions(context: ControllerContext, writer: Writer): Reconciler {
  const { api } = context;
  return {
    keysOf({ now }) {
      if (now.resource === COMPOSITIONS) return [now.object.metadata.name ?? ''];
      const of = now.resource === REVISIONS ? now.object.metadata.labels?.[MARKS.compositionName] : undefined;
      return of === undefined ? [] : [of];
    },
    async turn(name) {
      const composition = api.get(COMPOSITIONS, undefined, name) as Resource | undefined;
      if (composition === undefined || isDeleted(composition)) return DONE;
      const existing = ([...api.list(REVISIONS)] as Resource[]).filter(
        (one) => one.metadata.labels?.[MARKS.compositionName] === name,
      );
      for (const one of existing) {
        const controller = controllerOf(one);
        if (controller === undefined)
          await writer.patch(REVISIONS, one, 'merge', { metadata: { ownerReferences: [asController(composition)] } });
        else if (controller.uid !== uidOf(composition)) {
          context.log(
            `${name}: cannot update composition revision owner reference: ${one.metadata.name} is already controlled by ${controller.kind} ${controller.name} (UID ${controller.uid})`,
          );
          return AGAIN;
        }
      }
      const newest = Math.max(0, ...existing.map((one) => Number(one.spec?.revision)));
      const same = existing.find((one) => contentOf(one) === contentOf(composition));
      if (same !== undefined) {
        // Content that came back gets the highest number again.
        if (Number(same.spec?.revision) < newest)
          await writer.patch(REVISIONS, same, 'merge', { spec: { revision: newest + 1 } });
        return DONE;
      }
      const hash = createHash('sha256').update(contentOf(composition)).digest('hex').slice(0, 63);
      await writer.create(REVISIONS, undefined, {
        apiVersion: 'apiextensions.crossplane.io/v1',
        kind: 'CompositionRevision',
        metadata: {
          name: `${name}-${hash.slice(0, 7)}`,
          labels: { ...composition.metadata.labels, [MARKS.compositionName]: name, [MARKS.compositionHash]: hash },
          ownerReferences: [asController(composition)],
        },
        spec: { ...composition.spec, revision: newest + 1 },
      });
      return DONE;
    },
  };
}

function contentOf(object: Resource): string {
  const { revision: _, ...content } = object.spec ?? {};
  return canonicalText(content);
}
