import { BUILT_IN_CONTROLLERS } from '../../src/sandbox/controllers/built-in.ts';
import type { ControllerMaker } from '../../src/sandbox/controllers/controller.ts';
import type { RestoreRow } from './restore-rows.ts';
import type { Outcome } from './row.ts';
import { Scene } from './scene.ts';
import { MAKER } from './server-rows.ts';

/** Plays one row of lab 8 on a fresh control plane; `without`: controllers that are left out. */
export async function playRestore({ play }: RestoreRow, without: readonly ControllerMaker[] = []): Promise<Outcome> {
  const running = BUILT_IN_CONTROLLERS.filter((one) => !without.includes(one));
  const scene = await Scene.open(running, { [MAKER]: { name: 'maker', groups: ['system:authenticated'] } });
  try {
    await scene.post({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    await scene.settle();
    return await play(scene);
  } finally {
    await scene.close();
  }
}
