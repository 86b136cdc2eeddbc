import { playOnRealPlanes } from './playing.ts';
import { scenarios } from './shapes.ts';

await playOnRealPlanes('objects of every shape', scenarios);
