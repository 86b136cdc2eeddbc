import { compare, type Difference } from './compare.ts';
import { play } from './player.ts';
import type { Script } from './script.ts';
import type { Server, ServerUser } from './server.ts';
import type { Transcript } from './transcript.ts';
import { idOf, userName } from './variables.ts';

/** Everybody whom some scripts ask as; the real server must know them when it starts. */
export function usersOf(scripts: readonly Script[]): ServerUser[] {
  return scripts.flatMap((script) =>
    Object.entries(script.users ?? {}).map(([user, { groups = [] }]) => ({
      name: userName(idOf(script.name), user),
      groups,
    })),
  );
}

/** Plays scripts at one server, several at a time, in namespaces of their own. */
export async function playTogether(
  scripts: readonly Script[],
  server: Server,
  atOnce: number,
): Promise<Map<string, Transcript>> {
  const played = new Map<string, Transcript>();
  const left = [...scripts];
  const work = async (): Promise<void> => {
    for (let script = left.shift(); script !== undefined; script = left.shift())
      played.set(script.name, await playSafely(script, server));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return played;
}

/** Plays each script at a server of its own. */
export async function playApart(
  scripts: readonly Script[],
  start: (users: readonly ServerUser[]) => Promise<Server>,
): Promise<Map<string, Transcript>> {
  const played = new Map<string, Transcript>();
  for (const script of scripts) {
    const server = await start(usersOf([script]));
    try {
      played.set(script.name, await playSafely(script, server));
    } finally {
      await server.close();
    }
  }
  return played;
}

async function playSafely(script: Script, server: Server): Promise<Transcript> {
  try {
    return await play(script, server);
  } catch (error) {
    // What a script needs before its first step could not be had: every step of it is without an answer.
    const why = error instanceof Error ? error.message : String(error);
    return { said: script.steps.map(() => ({ kind: 'broken', why })), state: {} };
  }
}

/** What every script came to: no difference is a match. */
export function compareAll(
  scripts: readonly Script[],
  real: ReadonlyMap<string, Transcript>,
  other: ReadonlyMap<string, Transcript>,
): Map<Script, Difference[]> {
  const nothing: Transcript = { said: [], state: {} };
  return new Map(
    scripts.map((script) => [
      script,
      compare(script, idOf(script.name), real.get(script.name) ?? nothing, other.get(script.name) ?? nothing),
    ]),
  );
}
