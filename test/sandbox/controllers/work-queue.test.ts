import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { steppedClock } from '../../../src/sandbox/clock.ts';
import { cronSchedule } from '../../../src/sandbox/controllers/cron-schedule.ts';
import { indexSet, indexText } from '../../../src/sandbox/controllers/job-indexes.ts';
import { WorkQueue } from '../../../src/sandbox/controllers/work-queue.ts';

test('keys become ready when they are due, each once, in whatever order they were put', () => {
  const put = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), at: fc.nat(50) }), { maxLength: 30 });
  fc.assert(
    fc.property(put, (entries) => {
      const clock = steppedClock(0);
      const queue = new WorkQueue(clock);
      const due = new Map<string, number>();
      for (const { key, at } of entries) {
        queue.addAt(key, at);
        due.set(key, Math.min(due.get(key) ?? Infinity, at));
      }
      for (let now = 0; now <= 50; now += 1) {
        const wanted = [...due].filter(([, at]) => at === now).map(([key]) => key);
        assert.deepEqual(queue.takeReady().sort(), wanted.sort());
        clock.advance(1);
      }
      assert.equal(queue.dueAt(), undefined);
    }),
    { numRuns: 200 },
  );
});

test('what fails again and again waits twice as long each time, until it is forgotten', () => {
  const clock = steppedClock(0);
  const queue = new WorkQueue(clock);
  const waits = [0, 1, 2].map(() => {
    queue.retry('a');
    const wait = (queue.dueAt() ?? 0) - clock.now();
    clock.advance(wait);
    assert.deepEqual(queue.takeReady(), ['a']);
    return wait;
  });
  assert.deepEqual(waits, [5, 10, 20]);
  queue.forget('a');
  queue.retry('a');
  assert.equal((queue.dueAt() ?? 0) - clock.now(), 5);
});

test('sets of completion indexes are written as the server writes them and read back', () => {
  assert.equal(indexText([0, 1, 2, 5, 7, 8]), '0-2,5,7,8');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), (indexes) => {
      assert.deepEqual(
        [...indexSet(indexText(indexes), 100)].sort((a, b) => a - b),
        [...indexes].sort((a, b) => a - b),
      );
    }),
    { numRuns: 200 },
  );
});

test('schedules fire at the next time that fits, in their time zone', () => {
  const noon = Date.UTC(2026, 0, 1, 12);
  const next = (text: string, zone?: string): string | undefined => {
    const at = cronSchedule(text, zone)?.next(noon);
    return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
  };
  assert.equal(next('*/15 * * * *'), '2026-01-01T12:15');
  assert.equal(next('0 3 * * *'), '2026-01-02T03:00');
  assert.equal(next('0 3 * * *', 'America/New_York'), '2026-01-02T08:00');
  assert.equal(next('30 6 29 2 *'), '2028-02-29T06:30');
  assert.equal(next('0 0 * * mon'), '2026-01-05T00:00');
  assert.equal(next('@weekly'), '2026-01-04T00:00');
  assert.equal(cronSchedule('61 * * * *'), undefined);
});
