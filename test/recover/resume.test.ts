import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFault } from '../../src/outcome/fault.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { recover } from '../../src/recover/recover.ts';
import { planAndRecover, stateOf, world } from './captured-team.ts';
import { pointOf, temporaryFolder } from './captured-world.ts';
import { QUICK } from './recovering.ts';
import { ScriptedCluster } from './scripted-cluster.ts';

for (const fate of ['lost before', 'lost after'] as const)
  test(`connections ${fate} every third write do no harm: same end state, no duplicate`, async () => {
    using plain = temporaryFolder();
    using rough = temporaryFolder();
    const [calm, stormy] = [new ScriptedCluster(), new ScriptedCluster()];
    await planAndRecover(world(), calm, plain.path);
    stormy.script = ({ number }) => (number % 3 === 2 ? fate : 'through');
    const { result } = await planAndRecover(world(), stormy, rough.path);
    assert.deepEqual(result.failed, []);
    assert.deepEqual(stateOf(stormy), stateOf(calm));
    assert.deepEqual(stormy.collected, []);
  });

test('killed at any write, before or after it is done, and run again: the same end state', async () => {
  using plain = temporaryFolder();
  const calm = new ScriptedCluster();
  await planAndRecover(world(), calm, plain.path);
  const wanted = stateOf(calm);
  class Killed extends Error {}
  for (let at = 0; at < calm.writes.length; at++) {
    for (const when of ['before', 'after'] as const) {
      using folder = temporaryFolder();
      const cluster = new ScriptedCluster();
      let dead = false;
      cluster.script = ({ number }) => {
        if (number === at) dead = true;
        if (dead && (when === 'before' || number > at)) throw new Killed();
        return dead ? 'lost after' : 'through';
      };
      await assert.rejects(
        planAndRecover(world(), cluster, folder.path, { limits: { ...QUICK, patience: 0, interrupt: 20 } }).then(
          ({ result }) => {
            // A lost last answer ends in a repeated write, which then meets the death of the process.
            if (result.failed.length > 0 || result.exit !== 0) throw new Killed();
          },
        ),
        Killed,
      );
      cluster.script = () => 'through';
      const { result } = await planAndRecover(world(), cluster, folder.path);
      assert.deepEqual([result.failed, result.blocked], [[], []], `killed ${when} write ${at}`);
      assert.deepEqual(stateOf(cluster), wanted, `killed ${when} write ${at}`);
      assert.deepEqual(cluster.collected, []);
    }
  }
});

test('a log cut off at any line, or in the middle of one, is taken up again: the same end state and no second object', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'run');
  const cluster = new ScriptedCluster();
  await planAndRecover(world(), cluster, path);
  const wanted = stateOf(cluster);
  const whole = readFileSync(join(path, 'log.jsonl'), 'utf8');
  const lines = whole.trimEnd().split('\n');
  const plan = begunPlanOf(path);
  for (let kept = 1; kept < lines.length; kept++) {
    for (const torn of ['', (lines[kept] ?? '').slice(0, 9)]) {
      writeFileSync(join(path, 'log.jsonl'), `${lines.slice(0, kept).join('\n')}\n${torn}`);
      const before = cluster.writes.length;
      const result = await recover({
        cluster,
        reader: pointOf(world()),
        plan,
        folder: path,
        limits: QUICK,
        settleMs: 0,
        readyMs: 0,
      });
      assert.deepEqual([result.failed, result.blocked], [[], []], `${kept} lines kept`);
      assert.deepEqual(stateOf(cluster), wanted, `${kept} lines kept`);
      assert.ok(cluster.writes.length - before <= lines.length - kept + 3);
    }
  }
});

function begunPlanOf(path: string): Plan {
  return JSON.parse(readFileSync(join(path, 'plan.json'), 'utf8')) as Plan;
}

test('an interrupted run lets requests under way end, throws INTERRUPTED, and the next one finishes', async () => {
  using folder = temporaryFolder();
  const cluster = new ScriptedCluster();
  const stop = new AbortController();
  cluster.script = ({ number }) => {
    if (number === 4) stop.abort();
    return 'through';
  };
  await assert.rejects(
    planAndRecover(world(), cluster, folder.path, { signal: stop.signal }),
    (error) => isFault(error, 'INTERRUPTED') && error.exit === 130,
  );
  const written = cluster.writes.length;
  assert.ok(written >= 5 && written < 20);
  const { result } = await planAndRecover(world(), cluster, folder.path);
  assert.equal(result.exit, 0);
});
