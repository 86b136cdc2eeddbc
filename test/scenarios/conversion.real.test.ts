import { scenarios } from './conversion.ts';
import { playOnRealPlanes } from './playing.ts';

await playOnRealPlanes('a conversion webhook that is down', scenarios);
