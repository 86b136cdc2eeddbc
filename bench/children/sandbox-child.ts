/** A sandbox as `seaworthy sandbox start` runs it. Says where it listens; ends when its stdin does. */
import { startSandbox } from '../../src/sandbox/sandbox.ts';

const sandbox = await startSandbox({ clock: 'real' });
const { url, token } = await sandbox.listen();
process.stdout.write(`${JSON.stringify({ url, token, pid: process.pid })}\n`);
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
