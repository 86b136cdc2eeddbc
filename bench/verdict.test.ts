import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BenchOutcome, BenchTarget } from './bench.ts';
import { verdictOf } from './verdict.ts';

const speed: BenchTarget = { name: 'fast enough', figure: 'rate', op: '>=', limit: 100 };
const truth: BenchTarget = { name: 'none broken', figure: 'broken', op: '==', limit: 0, atAnyScale: true };
const outcome = (figures: BenchOutcome['figures'], ...targets: BenchTarget[]): BenchOutcome => ({
  name: 'example',
  figures,
  targets,
  samples: [],
});

test('all targets met at full size is green, one missed is not and is named', () => {
  assert.deepEqual(pick(outcome({ rate: 100, broken: 0 }, speed, truth), 1), [true, 0, 'met']);
  assert.deepEqual(pick(outcome({ rate: 99, broken: 0 }, speed, truth), 1), [false, 1, 'not met: fast enough']);
});

test('below full size speed is shown and does not count, correctness does', () => {
  const slow = verdictOf(outcome({ rate: 1, broken: 0 }, speed, truth), 0.01);
  assert.equal(slow.ok, true);
  assert.match(slow.sentence, /1 of 2 targets count/);
  assert.deepEqual(
    slow.judgements.map(({ met, counted }) => [met, counted]),
    [
      [false, false],
      [true, true],
    ],
  );
  assert.equal(verdictOf(outcome({ rate: 1000, broken: 1 }, speed, truth), 0.01).exit, 1);
});

test('nothing measured is never green', () => {
  assert.equal(verdictOf(outcome({}, truth), 1).ok, false);
  assert.equal(verdictOf(outcome({ rate: Number.NaN }, speed), 1).ok, false);
  assert.equal(verdictOf(outcome({ rate: '500' }, speed), 1).ok, false);
  assert.equal(verdictOf(outcome({ rate: 500 }), 1).ok, false);
  assert.match(verdictOf(outcome({ rate: 500 }, speed), 0.5).sentence, /nothing is proven/);
});

test('a bench that could not run says why and exits 4, whatever its figures say', () => {
  const verdict = verdictOf({ ...outcome({ rate: 500 }, speed), couldNotRun: 'there is no control plane' }, 1);
  assert.deepEqual(
    [verdict.ok, verdict.exit, verdict.sentence],
    [false, 4, 'could not run: there is no control plane'],
  );
});

test('figures that are words are compared as words', () => {
  const same: BenchTarget = { name: 'same state', figure: 'state', op: '==', limit: 'equal', atAnyScale: true };
  assert.equal(verdictOf(outcome({ state: 'equal' }, same), 0.1).ok, true);
  assert.equal(verdictOf(outcome({ state: 'other' }, same), 0.1).ok, false);
});

function pick(of: BenchOutcome, scale: number): unknown[] {
  const { ok, exit, sentence } = verdictOf(of, scale);
  return [ok, exit, sentence];
}
