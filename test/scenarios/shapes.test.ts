import { playOnSandboxes } from './playing.ts';
import { scenarios } from './shapes.ts';

await playOnSandboxes(scenarios);
