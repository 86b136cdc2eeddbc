import type { Answer, Cluster } from '../../src/cluster/port.ts';
import { instead } from './instead.ts';
import { staleOwners } from './stale-owners.ts';

/**
 * Defects that a recovery could have, played at the port so that what judges it can be seen to fail. `log-lost` is played by the child
 * itself. `no-preconditions`: patches whatever bears the name. `again`: deletes what is in the way and creates it anew.
 * `double`: creates each Secret twice. `reference` is `double` in the run that the others are compared with.
 */
export type KillDefect = 'log-lost' | 'stale-owners' | 'no-preconditions' | 'again' | 'double' | 'reference';

export function defective(real: Cluster, defect: KillDefect | undefined): Cluster {
  switch (defect) {
    case 'stale-owners':
      return staleOwners(real);
    case 'no-preconditions':
      return instead(real, {
        patch: async (at, patch, _, options) => {
          const living = await real.get(at);
          if (living.kind === 'rejected') return living;
          return await real.patch(at, patch, { uid: (living.object.metadata.uid ?? '') as never }, options);
        },
      });
    case 'again':
      return instead(real, {
        create: async (at, body, options) => {
          const first = await real.create(at, body, options);
          if (first.kind === 'accepted' || first.reason !== 'AlreadyExists') return first;
          const place = { ...at, name: nameIn(body) ?? '' };
          const living = await real.get(place);
          if (living.kind === 'rejected') return first;
          await real.delete(place, { uid: (living.object.metadata.uid ?? '') as never });
          return await real.create(at, body, options);
        },
      });
    case 'double':
    case 'reference':
      return instead(real, {
        create: async (at, body, options): Promise<Answer> => {
          if (at.resource === 'secrets') {
            const other = structuredClone(body) as { metadata: { name: string } };
            other.metadata.name += '-2';
            await real.create(at, other as never, options);
          }
          return await real.create(at, body, options);
        },
      });
    default:
      return real;
  }
}

export function nameIn(body: unknown): string | undefined {
  return (body as { metadata?: { name?: string } }).metadata?.name;
}
