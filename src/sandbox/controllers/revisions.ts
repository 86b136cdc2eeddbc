import type { KubeObject } from '../../objects/json.ts';
import { compareText } from '../../objects/key.ts';
import { type Claimant, claim, controllerReference } from './claims.ts';
import type { ControllerContext } from './controller.ts';
import { type Hands, refusedAs, resource } from './hands.ts';
import type { OwnedObjects } from './owned-objects.ts';
import type { Selects } from './selectors.ts';
import type { ControllerRevision, PodTemplate } from './shapes.ts';
import { sortedText, templateHash } from './template-hash.ts';

const REVISIONS = resource('controllerrevisions.apps');

interface Templated extends KubeObject {
  readonly spec: { readonly template: PodTemplate };
}

/** The history of a StatefulSet's or DaemonSet's template: one ControllerRevision each. */
export class Revisions {
  readonly #find: (namespace: string | undefined, name: string) => ControllerRevision | undefined;
  readonly #hands: Hands;
  readonly #owned: OwnedObjects<ControllerRevision>;
  /** Where its hash stands: differs by kind. */
  readonly #hashLabel: string;

  constructor(context: ControllerContext, hands: Hands, owned: OwnedObjects<ControllerRevision>, hashLabel: string) {
    this.#find = (namespace, name) => context.api.get(REVISIONS, namespace, name) as ControllerRevision | undefined;
    this.#hands = hands;
    this.#owned = owned;
    this.#hashLabel = hashLabel;
  }

  /** Its revisions, oldest first; orphans that it selects are adopted. */
  async of(claimant: Claimant, selected: Selects): Promise<ControllerRevision[]> {
    const found = await claim(this.#hands, REVISIONS, claimant, selected, this.#owned);
    return found.sort((a, b) => a.revision - b.revision || compareText(a.metadata.name ?? '', b.metadata.name ?? ''));
  }

  /** The revision of the present template: an equal one (renumbered if it is not the last), or a new one. */
  async current(
    set: Templated,
    kind: string,
    known: readonly ControllerRevision[],
    collisions: number,
  ): Promise<ControllerRevision> {
    const data = { spec: { template: { ...set.spec.template, $patch: 'replace' } } };
    const text = sortedText(data);
    const equal = known.filter((revision) => sortedText(revision.data) === text).at(-1);
    const next = (known.at(-1)?.revision ?? 0) + 1;
    if (equal !== undefined) {
      if (equal === known.at(-1)) return equal;
      return (await this.#hands.update(REVISIONS, { ...equal, revision: next })) as ControllerRevision;
    }
    const { name = '', namespace, annotations } = set.metadata;
    for (let collision = collisions; ; collision += 1) {
      const hash = templateHash(set.spec.template, collision);
      const body = {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          name: `${name}-${hash}`,
          namespace,
          labels: { ...set.spec.template.metadata?.labels, [this.#hashLabel]: hash },
          annotations,
          ownerReferences: [controllerReference('apps/v1', kind, set)],
        },
        data,
        revision: next,
      };
      try {
        return (await this.#hands.create(REVISIONS, namespace, body)) as ControllerRevision;
      } catch (error) {
        if (!refusedAs(error, 'AlreadyExists')) throw error;
        // One with the same template, whoever it belongs to, is as good as one of its own.
        const there = this.#find(namespace, body.metadata.name);
        if (there !== undefined && sortedText(there.data) === text) return there;
      }
    }
  }

  /** Deletes the oldest of those that nothing uses, beyond the limit. */
  async truncate(known: readonly ControllerRevision[], live: ReadonlySet<string>, limit: number): Promise<void> {
    const unused = known.filter(({ metadata }) => !live.has(metadata.name ?? ''));
    for (const revision of unused.slice(0, Math.max(unused.length - limit, 0)))
      await this.#hands.remove(REVISIONS, revision);
  }
}

/** The template that a revision holds. */
export function templateOf(revision: ControllerRevision | undefined): PodTemplate | undefined {
  const { spec } = (revision?.data ?? {}) as {
    readonly spec?: { readonly template?: PodTemplate & { $patch?: string } };
  };
  if (spec?.template === undefined) return undefined;
  const { $patch: _replace, ...template } = spec.template;
  return template;
}
