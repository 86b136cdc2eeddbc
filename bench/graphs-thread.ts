/** One thread of `bench -- graphs`: answers each chunk of seeds with its tally. */
import { parentPort } from 'node:worker_threads';
import { tallyOf } from '../test/oracle/worlds/tally.ts';

parentPort?.on('message', (chunk: { first: number; count: number }) => {
  parentPort?.postMessage(tallyOf(chunk.first, chunk.count));
});
