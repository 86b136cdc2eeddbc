import { playOnRealPlanes } from '../scenarios/playing.ts';
import { recoveries } from './recoveries.ts';

await playOnRealPlanes('recoveries on a real control plane', recoveries);
