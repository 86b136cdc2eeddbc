import { playOnSandboxes } from './playing.ts';
import { scenarios } from './rollouts.ts';

await playOnSandboxes(scenarios);
