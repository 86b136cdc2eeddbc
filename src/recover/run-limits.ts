/** How long a run waits for what it cannot do itself. Milliseconds. */
export interface RunLimits {
  /** A PersistentVolume until it is Bound. */
  readonly bound: number;
  /** Services until each has a ready endpoint. */
  readonly backend: number;
  /** A CustomResourceDefinition until its resources are served. */
  readonly established: number;
  /** An object that the target mints by itself. */
  readonly minted: number;
  /** Pods of a held operator until they are gone. */
  readonly held: number;
  /** Rounds of retries that move nothing, taken together, before what is left has failed. */
  readonly patience: number;
  /** Requests under way when the run is interrupted. */
  readonly interrupt: number;
  /** First pause between two looks at the same thing; grows to ten times as much. */
  readonly poll: number;
}

export const RUN_LIMITS: RunLimits = {
  bound: 60_000,
  backend: 60_000,
  established: 60_000,
  minted: 15_000,
  held: 60_000,
  patience: 15_000,
  interrupt: 10_000,
  poll: 100,
};
