import { scenarios } from './judges.ts';
import { playOnSandboxes } from './playing.ts';

await playOnSandboxes(scenarios);
