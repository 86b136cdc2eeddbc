import { playOnSandboxes } from './playing.ts';
import { scenarios } from './work-and-volumes.ts';

await playOnSandboxes(scenarios);
