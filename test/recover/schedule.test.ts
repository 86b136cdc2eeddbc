import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '../../src/outcome/fault.ts';
import type { Step, StepId } from '../../src/plan/plan.ts';
import { Schedule } from '../../src/recover/schedule.ts';

const step = (number: number, needs: readonly number[], after: readonly number[] = []): Step => ({
  kind: 'barrier',
  id: `s${number}` as StepId,
  stage: 'data',
  needs: needs.map((one) => `s${one}` as StepId),
  after: after.map((one) => `s${one}` as StepId),
  reasons: [],
  undo: '',
  name: '',
});

test('steps come in the order of the plan, after what they need', () => {
  const schedule = new Schedule([step(0, [2]), step(1, []), step(2, []), step(3, [0], [1])], assert.fail);
  assert.deepEqual([schedule.next(), schedule.next(), schedule.next()], [1, 2, undefined]);
  schedule.end(2, 'done');
  assert.equal(schedule.next(), 0);
  schedule.end(0, 'done');
  assert.equal(schedule.next(), undefined);
  schedule.end(1, 'undone');
  assert.equal(schedule.next(), 3, '`after` wants an end, done or not');
});

test('what needs a step that is undone is blocked, all the way down, with its cause', () => {
  const blocked: [number, number][] = [];
  const schedule = new Schedule([step(0, []), step(1, [0]), step(2, [1]), step(3, [], [2])], (index, by) =>
    blocked.push([index, by]),
  );
  schedule.next();
  schedule.end(0, 'undone');
  assert.deepEqual(blocked, [
    [1, 0],
    [2, 1],
  ]);
  assert.equal(schedule.next(), 3);
  schedule.end(3, 'done');
  assert.equal(schedule.left, 0);
});

test('a step that waits for one that is not in the plan is a defect of the plan', () => {
  assert.throws(
    () => new Schedule([step(0, [7])], assert.fail),
    (error) => isFault(error, 'PLAN-REFUSED'),
  );
});

test('in any plan every step ends once, none before what it waits for', () => {
  const plans = fc.array(fc.record({ needs: fc.array(fc.nat(40)), after: fc.array(fc.nat(40)), fails: fc.boolean() }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(plans, (drafts) => {
      const steps = drafts.map(({ needs, after }, number) =>
        step(
          number,
          needs.filter((one) => one < number),
          after.filter((one) => one < number),
        ),
      );
      const ends = new Map<number, 'done' | 'undone'>();
      const schedule = new Schedule(steps, (index, by) => {
        assert.equal(ends.get(by), 'undone');
        assert.ok(!ends.has(index));
        ends.set(index, 'undone');
      });
      for (let index = schedule.next(); index !== undefined; index = schedule.next()) {
        assert.ok(!ends.has(index));
        for (const need of steps[index]?.needs ?? []) assert.equal(ends.get(Number(need.slice(1))), 'done');
        for (const before of steps[index]?.after ?? []) assert.ok(ends.has(Number(before.slice(1))));
        const end = drafts[index]?.fails === true ? 'undone' : 'done';
        ends.set(index, end);
        schedule.end(index, end);
      }
      assert.equal(ends.size, steps.length);
      assert.equal(schedule.left, 0);
    }),
    { numRuns: 300 },
  );
});
