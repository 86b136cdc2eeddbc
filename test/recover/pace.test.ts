import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../src/recover/pace.ts';

/** Lets a server with this capacity (answers a millisecond at a width) answer for a while. */
function drive(pace: Pace, clock: { at: number }, rateAt: (width: number) => number, millis: number): number[] {
  const limits: number[] = [];
  for (const end = clock.at + millis; clock.at < end; ) {
    clock.at += 1 / rateAt(pace.limit);
    pace.answered(true);
    limits.push(pace.limit);
  }
  return limits;
}
/** Grows up to the knee and falls slowly beyond it. */
const knee =
  (best: number, top: number) =>
  (width: number): number =>
    width <= best ? top * (width / best) ** 0.4 : top * (best / width) ** 0.15;

test('the pace finds the width beyond which a server gets no faster, and stays near it', () => {
  for (const best of [16, 32, 64]) {
    const clock = { at: 0 };
    const pace = new Pace({ now: () => clock.at });
    drive(pace, clock, knee(best, 1.6), 4_000);
    const later = drive(pace, clock, knee(best, 1.6), 4_000);
    const mean = later.reduce((sum, limit) => sum + knee(best, 1.6)(limit), 0) / later.length;
    assert.ok(mean > 1.6 * 0.87, `best at ${best}: ${mean.toFixed(2)} of 1.6`);
  }
});

test('when the server asks for less the width is halved, once for all requests that were under way', () => {
  const clock = { at: 0 };
  const pace = new Pace({ now: () => clock.at });
  drive(pace, clock, knee(32, 1.6), 3_000);
  const before = pace.limit;
  for (let answer = 0; answer < 30; answer++) pace.throttled();
  assert.equal(pace.limit, Math.floor(before / 2));
  clock.at += 1_500;
  pace.throttled();
  assert.equal(pace.limit, Math.floor(Math.floor(before / 2) / 2));
});

test('the width stays in its bounds whatever happens', () => {
  const clock = { at: 0 };
  const pace = new Pace({ now: () => clock.at, most: 20 });
  for (const limit of drive(pace, clock, (width) => width / 10, 5_000)) assert.ok(limit >= 1 && limit <= 20);
  for (let again = 0; again < 10; again++) {
    clock.at += 2_000;
    pace.throttled();
  }
  assert.equal(pace.limit, 1);
});

test('a run that has too little to do says nothing about the width', () => {
  const clock = { at: 0 };
  const pace = new Pace({ now: () => clock.at });
  for (let answer = 0; answer < 1_000; answer++) {
    clock.at += 1;
    pace.answered(false);
  }
  assert.equal(pace.limit, 8);
});
