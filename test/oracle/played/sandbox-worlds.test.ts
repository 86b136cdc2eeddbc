import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playOnSandboxes } from './tally.ts';

const WORLDS = 200;

test(`${WORLDS} random worlds recovered into sandboxes break no invariant of the oracle`, async () => {
  const tally = await playOnSandboxes(1, WORLDS);
  const told = tally.broken.map(({ seed, invariant, sentence }) => `seed ${seed} ${invariant}: ${sentence}`);
  assert.deepEqual(told, []);
  assert.equal(tally.worlds, WORLDS);
  assert.ok(tally.created > WORLDS * 8, `only ${tally.created} objects were created`);
  assert.ok(tally.refused < WORLDS / 4, `${tally.refused} plans refuse and prove little`);
  const { worlds, found, collected } = tally.unlinked;
  assert.ok(worlds >= WORLDS / 40, `only ${worlds} worlds were played without relinking`);
  assert.ok(found > 0 && collected > 0, 'without relinking something must be collected');
});
