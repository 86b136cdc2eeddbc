/**
 * Runs jobs, so many at a time, in their order. The first failure stops the rest: `stop` is called so that the running ones end early,
 * they are waited for, and that failure is thrown.
 */
export async function inParallel(
  jobs: readonly (() => Promise<void>)[],
  width: number,
  stop: () => void,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    for (let job = jobs[next++]; job !== undefined && failure === undefined; job = jobs[next++]) {
      try {
        await job();
      } catch (error) {
        failure ??= { error };
        stop();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, lane));
  if (failure !== undefined) throw failure.error;
}
