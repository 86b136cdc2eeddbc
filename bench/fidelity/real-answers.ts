import { startReal } from './real.ts';
import type { Script } from './script.ts';
import { playApart, playTogether, usersOf } from './suite.ts';
import type { Transcript } from './transcript.ts';

const AT_ONCE = 5;

/** What the real control plane says to the scripts: most of them share one, some need one of their own. */
export async function realAnswers(scripts: readonly Script[]): Promise<Map<string, Transcript>> {
  const shared = scripts.filter(({ alone }) => alone !== true);
  const alone = scripts.filter((script) => script.alone === true);
  const answers = new Map<string, Transcript>();
  // Definitions that come and go make the collectors of the real server begin anew, to the harm of scripts beside them.
  const defining = Map.groupBy(shared, (script) => JSON.stringify(script).includes('/customresourcedefinitions'));
  const playShared = async (group: readonly Script[]): Promise<void> => {
    const server = await startReal(usersOf(group));
    try {
      for (const [name, transcript] of await playTogether(group, server, AT_ONCE)) answers.set(name, transcript);
    } finally {
      await server.close();
    }
  };
  await Promise.all([...defining.values()].map(playShared));
  for (const [name, transcript] of await playApart(alone, startReal)) answers.set(name, transcript);
  return answers;
}
