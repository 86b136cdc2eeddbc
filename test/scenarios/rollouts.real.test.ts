import { playOnRealPlanes } from './playing.ts';
import { scenarios } from './rollouts.ts';

await playOnRealPlanes('rollouts come back', scenarios);
