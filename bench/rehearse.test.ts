import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsed } from './children/rehearse-child.ts';
import { figuresOf, TARGETS } from './rehearse.ts';
import { judgeEndings, normalised } from './rehearse-real/judge.ts';
import { verdictOf } from './verdict.ts';

const planted = { claims: 2, databases: 3, owned: 4 };
const none = { adopted: 0, merged: 0, refused: 0, blocked: 0, withheld: 0, deleted: 0, replaced: 0 };
const good: Rehearsed & { processSeconds: number } = {
  seconds: 9,
  processSeconds: 10,
  cpuSeconds: 11,
  highWater: 500,
  steps: 100,
  counts: { ...none, accepted: 90, omitted: 10, collected: 4 },
  made: 7,
  forgotten: 0,
  outside: 0,
  secretsNotKept: 0,
  identities: 6,
  databases: 3,
  healthy: 3,
  dataClaimed: 0,
  failedOtherwise: 0,
  exit: 3,
  digest: 'a',
  surprises: [],
};
const verdict = (...samples: readonly (typeof good)[]) =>
  verdictOf({ name: 'rehearse', figures: figuresOf(samples, 100, planted), targets: TARGETS, samples: [] }, 1);

test('a rehearsal that is fast, small and true meets the bench', () => {
  assert.equal(verdict(good, good).sentence, 'met');
});

test('each thing that a report must not say, or must say, is missed by name', () => {
  const wrong: readonly (readonly [Partial<typeof good>, RegExp])[] = [
    [{ seconds: 15.1 }, /at most 15 s/],
    [{ highWater: 701 }, /at most 700 MB/],
    [{ forgotten: 1 }, /every captured object is told/],
    [{ counts: { ...good.counts, collected: 3 } }, /every stale owner reference is found/],
    [{ counts: { ...good.counts, refused: 1 } }, /nothing else is refused/],
    [{ outside: 1 }, /nothing outside is created/],
    [{ secretsNotKept: 1 }, /every password is kept/],
    [{ identities: 5 }, /every identity outside is verified/],
    [{ databases: 2 }, /every database is told/],
    [{ healthy: 2 }, /every database starts/],
    [{ dataClaimed: 1 }, /no data is claimed/],
    [{ failedOtherwise: 1 }, /no check fails/],
    [{ exit: 0 }, /never fine/],
  ];
  for (const [change, said] of wrong) {
    const { ok, sentence } = verdict({ ...good, ...change }, { ...good, ...change });
    assert.equal(ok, false);
    assert.match(sentence, said);
  }
  assert.match(verdict(good, { ...good, digest: 'b' }).sentence, /the same report each time/);
});

test('two ends are compared object by object, UIDs and times aside', () => {
  const object = (uid: string, level: string) =>
    normalised({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', uid, resourceVersion: uid.slice(0, 2) },
      data: { level, at: '2026-01-01T00:00:00Z', of: uid },
    });
  const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
  const there = (level: string, uid: string) => ({ outcome: 'accepted', code: '', body: object(uid, level) });
  assert.deepEqual(judgeEndings(new Map([['a', there('x', one)]]), new Map([['a', there('x', two)]])), []);
  assert.deepEqual(judgeEndings(new Map([['a', there('x', one)]]), new Map([['a', there('y', one)]])), [
    { key: 'a', what: '/data/level', rehearsed: '"x"', real: '"y"' },
  ]);
  const refused = { outcome: 'refused', code: 'REFUSED', body: undefined };
  assert.deepEqual(judgeEndings(new Map([['a', refused]]), new Map([['b', there('x', one)]])), [
    { key: 'a', what: 'outcome', rehearsed: 'refused REFUSED', real: 'not told' },
    { key: 'b', what: 'outcome', rehearsed: 'not told', real: 'accepted' },
  ]);
});
