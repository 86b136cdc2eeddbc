import { test } from 'node:test';
import { controlPlaneAvailable } from '../control-plane/fixture.ts';
import { Ground } from './lost-and-recovered.ts';
import { realPlane } from './real-plane.ts';
import { sandboxPlane } from './sandbox-plane.ts';

type Scenarios = (on: Ground) => Promise<void>;

/** Plays stories on real control planes, or says aloud why it does not. */
export async function playOnRealPlanes(name: string, scenarios: Scenarios): Promise<void> {
  const available = await controlPlaneAvailable();
  if (available.kind === 'unavailable') test(name, { skip: `${available.why} ${available.hint}` }, () => undefined);
  else await scenarios(new Ground(realPlane));
}

/** Plays the same stories on sandboxes in this process. */
export async function playOnSandboxes(scenarios: Scenarios): Promise<void> {
  await scenarios(new Ground(sandboxPlane));
}
