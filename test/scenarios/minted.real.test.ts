import { scenarios } from './minted.ts';
import { playOnRealPlanes } from './playing.ts';

await playOnRealPlanes('what the target mints', scenarios);
