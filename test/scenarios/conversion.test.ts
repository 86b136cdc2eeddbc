import { scenarios } from './conversion.ts';
import { playOnSandboxes } from './playing.ts';

await playOnSandboxes(scenarios);
