import { playOnRealPlanes } from './playing.ts';
import { scenarios } from './target-that-lives.ts';

await playOnRealPlanes('targets that live already', scenarios);
