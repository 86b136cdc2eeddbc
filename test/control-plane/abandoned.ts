// Started by the tests: starts a control plane, says where it lies, and ends as told without stopping it.
import { startControlPlane } from './fixture.ts';

const plane = await startControlPlane({ controllerManager: false });
// A paused server can notice nothing by itself.
plane.pauseApiServer();
process.stdout.write(`${plane.folder}\n`);
if (process.argv[2] === 'exit') process.exit(0);
setInterval(() => undefined, 1_000);
