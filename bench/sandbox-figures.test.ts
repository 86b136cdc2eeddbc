import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SANDBOX_TARGETS, type ServerRun, sandboxFigures } from './sandbox-figures.ts';
import { verdictOf } from './verdict.ts';

const SIZES = { objects: 100, watchers: 4, changes: 10 };

function ran(seconds: number, change: Partial<ServerRun['work'] & ServerRun['watched']> = {}): ServerRun {
  const { counted = [10, 10], complete = 4, ...work } = change;
  return {
    work: {
      created: 100,
      createSeconds: seconds,
      listSeconds: [seconds, seconds * 9, seconds],
      pagedSeconds: [seconds],
      listed: [100, 100],
      listBytes: 1,
      ...work,
    },
    watched: { seconds, bytes: 1, counted, complete, lost: 0 },
    memory: 100,
  };
}
const verdict = (real: ServerRun, sandbox: ServerRun) =>
  verdictOf(
    { name: 'sandbox', figures: sandboxFigures(real, sandbox, SIZES), targets: SANDBOX_TARGETS, samples: [] },
    1,
  );

test('a sandbox that is faster in everything is a good one', () => {
  assert.equal(verdict(ran(2), ran(1)).ok, true);
  assert.equal(sandboxFigures(ran(2), ran(1), SIZES).watch_ratio, 2);
});

test('slower in one of them is not met', () => {
  for (const slow of [{ createSeconds: 3 }, { listSeconds: [3] }, { pagedSeconds: [3] }])
    assert.equal(verdict(ran(2), ran(1, slow)).ok, false);
  const late = { ...ran(1), watched: { ...ran(1).watched, seconds: 3 } };
  assert.deepEqual(verdict(ran(2), late).sentence, 'not met: serves watchers faster');
});

test('whatever is missing at either server counts, however fast it was', () => {
  for (const bad of [
    { created: 99 },
    { listed: [100, 99] },
    { listed: [] },
    { counted: [10, 9] },
    { counted: [] },
    { complete: 3 },
  ]) {
    assert.equal(verdict(ran(2), ran(1, bad)).ok, false);
    assert.equal(verdict(ran(2, bad), ran(1)).ok, false);
  }
});
