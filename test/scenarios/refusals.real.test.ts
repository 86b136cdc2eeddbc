import { playOnRealPlanes } from './playing.ts';
import { scenarios } from './refusals.ts';

await playOnRealPlanes('refusals write nothing', scenarios);
