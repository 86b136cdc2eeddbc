import { scenarios } from './operators.ts';
import { playOnSandboxes } from './playing.ts';

await playOnSandboxes(scenarios);
