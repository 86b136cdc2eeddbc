import { scenarios } from './owners.ts';
import { playOnSandboxes } from './playing.ts';

await playOnSandboxes(scenarios);
