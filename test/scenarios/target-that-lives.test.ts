import { playOnSandboxes } from './playing.ts';
import { scenarios } from './target-that-lives.ts';

await playOnSandboxes(scenarios);
