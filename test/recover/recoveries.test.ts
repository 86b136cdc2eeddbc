import { playOnSandboxes } from '../scenarios/playing.ts';
import { recoveries } from './recoveries.ts';

await playOnSandboxes(recoveries);
