import { playOnRealPlanes } from './playing.ts';
import { scenarios } from './work-and-volumes.ts';

await playOnRealPlanes('volumes, Jobs and schedules come back', scenarios);
