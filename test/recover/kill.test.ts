import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeWrites, readWrites, USER_AGENT } from '../../bench/kill/audit.ts';
import { sandboxGround } from '../../bench/kill/ground.ts';
import { killMoments, PHASES } from '../../bench/kill/moments.ts';
import { Trial, type TrialResult } from '../../bench/kill/trial.ts';
import { killed } from '../../bench/kill.ts';

test('a recovery into a sandbox that is killed in each of its phases and run again ends as one that nobody kills', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-kill-'));
  try {
    await using plane = await sandboxGround(folder);
    const trial = new Trial({ plane, folder, broken: undefined });
    const calm = await trial.calm();
    assert.deepEqual([...calm.problems, ...calm.strays], []);
    const results: TrialResult[] = [];
    for (const moments of killMoments(PHASES.length, calm, 1)) results.push(await killed(trial, calm, moments));
    assert.deepEqual(
      results.flatMap(({ phases }) => phases),
      PHASES,
    );
    assert.deepEqual(
      results.flatMap(({ problems, differences }) => [...problems, ...differences]),
      [],
    );
    assert.ok(results.some(({ resumed }) => resumed));
    const stranger = await trial.withStranger(0);
    assert.deepEqual(stranger.problems, []);
    const writes = readWrites(folder);
    for (const { run, strangers } of [calm, ...results, stranger]) {
      const own = writes.filter(({ userAgent }) => userAgent === `${USER_AGENT}/${run}`);
      assert.ok(own.length > 20, `the server noted ${own.length} writes of ${run}`);
      const { wrongUid, twice, staleOwners } = judgeWrites(own, new Set(strangers));
      assert.deepEqual([wrongUid, twice, staleOwners], [[], [], []]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
