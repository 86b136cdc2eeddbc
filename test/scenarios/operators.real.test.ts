import { scenarios } from './operators.ts';
import { playOnRealPlanes } from './playing.ts';

await playOnRealPlanes('operators are held and released', scenarios);
