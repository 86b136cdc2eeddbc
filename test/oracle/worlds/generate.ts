import { Random } from '../random.ts';
import { resourceOf, type World } from '../world.ts';
import { deployment, jobs, namespaceOf, service, statefulSet, volume } from './apps.ts';
import { Builder } from './builder.ts';
import { cnpg, crossplane } from './operators.ts';
import { identity, judges } from './rights.ts';
import { doom, loose, manage, mention, tangle } from './tangles.ts';
import { MODES, type Mode, targetOf } from './target.ts';

export interface Sizes {
  /** Objects of a world, roughly: from 5 to 60. */
  readonly most?: number;
  readonly mode?: Mode;
}

/** The world of a seed: the same one, to the byte, on every machine. */
export function generate(seed: number, sizes: Sizes = {}): World {
  const random = new Random(seed);
  const builder = new Builder(random);
  const want = random.between(5, sizes.most ?? 60);
  namespaceOf(builder, 'kube-system');
  const homes = [random.chance(30) ? 'default' : 'team-a', 'team-b', 'shop'].slice(0, random.between(1, 3));
  for (const home of homes) namespaceOf(builder, home);
  const makers = [
    loose,
    loose,
    loose,
    loose,
    deployment,
    statefulSet,
    volume,
    jobs,
    service,
    identity,
    judges,
    crossplane,
    cnpg,
  ];
  for (let round = 0; builder.made.length < want && round < 60; round++) {
    const maker = random.pick(makers) ?? loose;
    const heavy = maker === crossplane ? 16 : maker === cnpg ? 30 : 8;
    if (builder.made.length + heavy <= want + 8) maker(builder, random.pick(homes) ?? 'team-a');
    else loose(builder, random.pick(homes) ?? 'team-a');
  }
  tangle(builder);
  mention(builder);
  doom(builder);
  manage(builder);
  const objects = builder.captured();
  const roll = random.below(100);
  const mode = sizes.mode ?? MODES[roll < 45 ? 0 : roll < 60 ? 1 : roll < 70 ? 2 : roll < 80 ? 3 : 4] ?? 'empty';
  const namespaces = random.chance(8) ? { namespaces: [random.pick(homes) ?? 'team-a'] } : {};
  return {
    seed,
    point: {
      id: `point-${seed}`,
      fingerprint: objects.find(({ key }) => key === 'namespaces/kube-system')?.uid ?? ('' as never),
      cluster: 'lost',
      version: 'v1.34.4',
      takenAt: '2026-11-21T10:00:00Z',
      complete: true,
      objects: objects.length,
    },
    policy: { selection: namespaces, fieldOwnership: random.one('all', 'apply', 'none') },
    kinds: builder.kinds.filter((kind) => resourceOf(kind) !== ''),
    objects,
    target: targetOf(objects, random, mode),
  };
}
