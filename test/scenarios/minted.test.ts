import { scenarios } from './minted.ts';
import { playOnSandboxes } from './playing.ts';

await playOnSandboxes(scenarios);
