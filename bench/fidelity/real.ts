import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlPlane, startControlPlane } from '../../test/control-plane/fixture.ts';
import { HttpClient } from './http-server.ts';
import type { Server, ServerUser } from './server.ts';

/** The version that the sandbox imitates; answers of another one prove nothing. */
export const PINNED = 'v1.34.4';

export interface RealServer extends Server {
  readonly plane: ControlPlane;
}

/** A real control plane with users beside its administrator. Takes about 3 s. */
export async function startReal(users: readonly ServerUser[]): Promise<RealServer> {
  const known = users.map((user) => ({ ...user, token: randomBytes(16).toString('hex') }));
  const plane = await startControlPlane({
    users: known,
    extraControllerManagerArgs: ['--pvclaimbinder-sync-period=1s'],
  });
  const tokens = new Map([['', plane.token], ...known.map(({ name, token }) => [name, token] as const)]);
  const client = new HttpClient({ url: plane.url, ca: plane.ca, tokens });
  return {
    plane,
    request: (request, user) => client.request(request, user),
    stream: (request, user) => client.stream(request, user),
    settle: async () => undefined,
    pass: async (milliseconds) => {
      await sleep(milliseconds);
    },
    now: () => Date.now(),
    close: async () => {
      await client.close();
      await plane.stop();
    },
  };
}
