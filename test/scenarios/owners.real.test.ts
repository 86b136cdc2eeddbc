import { scenarios } from './owners.ts';
import { playOnRealPlanes } from './playing.ts';

await playOnRealPlanes('owners come back', scenarios);
