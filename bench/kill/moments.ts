import type { KillMoment, KillPhase } from '../children/kill-child.ts';
import { Random } from '../worlds/random.ts';

export const PHASES: readonly KillPhase[] = ['before send', 'after send', 'after answer', 'mid log write'];

/** Moments spread evenly over a run of so many writes and log writes, the phases in turn. Every tenth run is killed a second time. */
export function killMoments(
  count: number,
  length: { readonly writes: number; readonly logWrites: number },
  seed: number,
): readonly (readonly KillMoment[])[] {
  const random = new Random(seed);
  const rounds = Math.ceil(count / PHASES.length);
  return Array.from({ length: count }, (_, number) => {
    const phase = PHASES[number % PHASES.length] ?? 'before send';
    const whole = phase === 'mid log write' ? length.logWrites : length.writes;
    const place = (Math.floor(number / PHASES.length) + random.next()) / rounds;
    const first = { phase, at: Math.floor(place * whole), delay: random.below(4) };
    if (number % 10 !== 9) return [first];
    const again = random.pick(PHASES);
    return [
      first,
      {
        phase: again,
        at: random.below(Math.max(1, Math.floor((1 - place) * 0.7 * length.writes))),
        delay: random.below(4),
      },
    ];
  });
}
