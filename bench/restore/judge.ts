import { canonicalText } from '../../src/objects/canonical.ts';
import type { KubeObject } from '../../src/objects/json.ts';
import type { Endpoint } from '../../test/control-plane/api.ts';
import { readAll } from '../server.ts';
import type { World } from '../worlds/world.ts';

export interface Kept {
  readonly wanted: number;
  readonly missing: number;
  readonly wrongOwner: number;
  readonly differing: number;
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/** Holds what the server has against the worlds that were recovered into it: each object, its owner by living UID, its content. */
export async function judgeChains(
  plane: Endpoint,
  worlds: readonly { readonly prefix: string; readonly world: World }[],
): Promise<Kept> {
  const living = new Map<string, KubeObject>();
  for (const [resource, kind] of [
    ['configmaps', 'ConfigMap'],
    ['secrets', 'Secret'],
  ] as const)
    for (const object of await readAll<KubeObject>(plane, `/api/v1/${resource}`))
      living.set(placeOf(kind, object.metadata.namespace, object.metadata.name), object);
  let [wanted, missing, wrongOwner, differing] = [0, 0, 0, 0];
  const examples: string[] = [];
  const tell = (sentence: string): void => void (examples.length < EXAMPLES && examples.push(sentence));
  for (const { world } of worlds)
    for (const object of world.objects()) {
      if (object.kind === 'Namespace') continue;
      wanted++;
      const { namespace, name, ownerReferences } = object.metadata;
      const place = placeOf(object.kind, namespace, name);
      const found = living.get(place);
      if (found === undefined) {
        missing++;
        tell(`${place} is not there`);
        continue;
      }
      const owners = (ownerReferences ?? []).map((owner) => living.get(placeOf(owner.kind, namespace, owner.name)));
      const uids = (found.metadata.ownerReferences ?? []).map(({ uid }) => uid);
      const right = owners.length === uids.length && owners.every((owner, at) => owner?.metadata.uid === uids[at]);
      if (!right) {
        wrongOwner++;
        tell(`${place} is owned by ${uids.join(', ') || 'nobody'}`);
      }
      if (contentOf(object) !== contentOf(found)) {
        differing++;
        tell(`${place} has another content`);
      }
    }
  return { wanted, missing, wrongOwner, differing, examples };
}

function placeOf(kind: string, namespace: string | undefined, name: string | undefined): string {
  return `${kind} ${namespace}/${name}`;
}

function contentOf({ metadata, data, type }: KubeObject): string {
  return canonicalText({ labels: metadata.labels ?? {}, data, type: type ?? null } as never);
}
