import { playOnSandboxes } from './playing.ts';
import { scenarios } from './refusals.ts';

await playOnSandboxes(scenarios);
