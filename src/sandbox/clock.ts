/** Milliseconds since the epoch; the only source of time in the sandbox. */
export interface Clock {
  now(): number;
}

/** A clock that stands until it is told to move. */
export interface SteppedClock extends Clock {
  advance(milliseconds: number): void;
}

export function steppedClock(start: number): SteppedClock {
  let now = start;
  return {
    now: () => now,
    advance(milliseconds) {
      if (milliseconds < 0) throw new RangeError('time does not go back');
      now += milliseconds;
    },
  };
}

/** `metadata.creationTimestamp` and the like: whole seconds, cut off as the server cuts them. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
