import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { finishedUids } from './finished-runs.ts';

test('a completed run tells what it wrote, the newest one last; a torn line tells nothing', () => {
  const room = mkdtempSync(join(tmpdir(), 'seaworthy-finished-'));
  try {
    const folder = join(room, 'run');
    const log = (place: string, ...lines: string[]): void => {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'log.jsonl'), lines.join('\n'));
    };
    log(
      `${folder}.finished-1`,
      '{"t":"ended","key":"configmaps/n/a","uid":"old"}',
      '{"t":"ended","key":"configmaps/n/b","uid":"b"}',
    );
    log(folder, '{"t":"posted","key":"configmaps/n/a","uid":"new"}', '{"t":"ended","ke');
    assert.deepEqual(
      [...finishedUids(folder)],
      [
        ['configmaps/n/a', 'new'],
        ['configmaps/n/b', 'b'],
      ],
    );
    assert.equal(finishedUids(join(room, 'never')).size, 0);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
});
