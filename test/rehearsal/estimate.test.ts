import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { VirtualTime } from '../../src/cli/rehearsal/virtual-time.ts';
import type { ResourceName } from '../../src/objects/key.ts';
import { DEFAULT_RATE, estimateOf } from '../../src/rehearsal/estimate.ts';
import { measuredRate } from '../../src/rehearsal/measured-rate.ts';
import type { ControllerMaker } from '../../src/sandbox/controllers/controller.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';

describe('the estimate', () => {
  const writes = new Map([
    ['configmaps' as ResourceName, 1650],
    ['deployments.apps' as ResourceName, 450],
  ]);

  test('weighs writes by kind as the lab measured them, and adds waiting and settling', () => {
    const {
      seconds,
      writeSeconds,
      waitSeconds,
      settleSeconds,
      writes: all,
    } = estimateOf(writes, 3_000, 10_000, DEFAULT_RATE);
    assert.deepEqual([Math.round(writeSeconds * 1000), waitSeconds, settleSeconds, all], [2000, 3, 10, 2100]);
    assert.equal(Math.round(seconds), 15);
  });

  test('takes the rate of the newest recovery on this machine, as if all its writes had been small', () => {
    const state = mkdtempSync(join(tmpdir(), 'seaworthy-rate-'));
    try {
      assert.equal(measuredRate({ XDG_STATE_HOME: state }), DEFAULT_RATE);
      const run = join(state, 'seaworthy', 'runs', 'one');
      mkdirSync(run, { recursive: true });
      const ended = { t: 'ended', id: 'x', outcome: 'done', key: 'configmaps/a/b', uid: 'u' };
      const finished = { t: 'finished', at: '', complete: true, writes: 500, seconds: 2 };
      writeFileSync(join(run, 'log.jsonl'), `${JSON.stringify(ended)}\n${JSON.stringify(finished)}\n`);
      const { small, from } = measuredRate({ XDG_STATE_HOME: state });
      assert.equal(small, 250);
      assert.match(from, /the recovery of .+ on this machine: 250 small writes a second/);
      // A log that does not say how long its writes took says nothing.
      writeFileSync(join(run, 'log.jsonl'), `${JSON.stringify(ended)}\n{"t":"finished","complete":true}\n`);
      assert.equal(measuredRate({ XDG_STATE_HOME: state }), DEFAULT_RATE);
    } finally {
      rmSync(state, { recursive: true });
    }
  });
});

describe('the time of a rehearsal', () => {
  test('jumps when everyone waits, wakes in order, and stands still while something is under way', async () => {
    const sandbox = await startSandbox({ clock: { start: 0 }, controllers: [] });
    const time = new VirtualTime(sandbox);
    const woken: string[] = [];
    await Promise.all([
      time.sleep(3_600_000).then(() => woken.push('an hour')),
      time.sleep(60_000).then(() => woken.push('a minute')),
    ]);
    assert.deepEqual(woken, ['a minute', 'an hour']);
    assert.deepEqual([time.now(), time.waited], [3_600_000, 3_600_000]);
    const asleep = time.sleep(1_000);
    await time.during(() => new Promise((resolve) => setTimeout(resolve, 20)));
    assert.equal(time.now(), 3_600_000);
    await asleep;
    assert.equal(time.now(), 3_601_000);
    const stop = new AbortController();
    const long = time.sleep(1_000_000_000, stop.signal);
    stop.abort();
    await long;
    await time.stop();
    await sandbox.close();
  });

  test('a defect of a controller ends the waiting with its error, and not never', async () => {
    const broken: ControllerMaker = ({ clock }) => ({
      name: 'broken',
      onChange: () => undefined,
      step: async () => {
        if (clock.now() > 0) throw new Error('a defect');
        return false;
      },
      dueAt: () => 5,
    });
    const sandbox = await startSandbox({ clock: { start: 0 }, controllers: [broken] });
    const time = new VirtualTime(sandbox);
    await assert.rejects(time.sleep(1_000), /a defect/);
    await assert.rejects(
      time.during(async () => undefined),
      /a defect/,
    );
    await time.stop();
    await sandbox.close();
  });
});
