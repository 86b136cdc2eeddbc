#!/usr/bin/env -S node --max-semi-space-size=8
// Only what every Node since 20 knows may stand here: an older one is to be told so, and not to fail over syntax.
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < NEEDED) {
  process.stderr.write(
    `error: NODE-TOO-OLD: this is Node.js ${process.versions.node}, and Seaworthy needs ${NEEDED} or newer\n`,
  );
  process.exit(4);
}
// Not in the folder for temporary files, as by default: what lies there others may have put there.
nodeModule.enableCompileCache?.(
  process.env.NODE_COMPILE_CACHE ??
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'seaworthy', 'compiled'),
);
// Whoever read the output (head, less) has seen enough.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });

const [{ processSurroundings }, { run }] = await Promise.all([import('./surroundings.ts'), import('./program.ts')]);
// Not process.exit: what is still on its way to a pipe would be cut off.
process.exitCode = await run(processSurroundings(process.argv));
