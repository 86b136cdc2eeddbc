import { scenarios } from './judges.ts';
import { playOnRealPlanes } from './playing.ts';

await playOnRealPlanes('what judges comes last', scenarios);
