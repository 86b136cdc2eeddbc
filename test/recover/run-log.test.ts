import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFault } from '../../src/outcome/fault.ts';
import type { StepId } from '../../src/plan/plan.ts';
import { runFolder } from '../../src/recover/run-folder.ts';
import { RunLog } from '../../src/recover/run-log.ts';
import { temporaryFolder } from './captured-world.ts';

const id = (text: string): StepId => text as StepId;

test('a log read again tells what was written, how far steps came and how they ended', () => {
  using folder = temporaryFolder();
  const log = new RunLog(folder.path);
  assert.equal(log.begun, false);
  log.append({
    t: 'started',
    at: '',
    version: '1',
    fingerprint: 'f' as never,
    plan: 'p',
    consents: { holdExisting: true },
  });
  log.append({ t: 'posted', id: id('a'), key: 'configmaps/x/a' as never, uid: 'u1' as never, generation: 2 });
  log.append({ t: 'part', id: id('a'), part: 'status' });
  log.append({ t: 'ended', id: id('b'), outcome: 'done', key: 'configmaps/x/b' as never, uid: 'u2' as never });
  log.append({ t: 'ended', id: id('c'), outcome: 'withheld', code: 'CONSENT-NEEDED', sentence: '' });
  log.append({ t: 'held', id: id('h'), webhooks: [{ kind: 'W' }] });
  log.close();
  const again = new RunLog(folder.path);
  assert.deepEqual([again.begun, again.complete], [true, false]);
  assert.equal(again.progress(id('a')).posted?.generation, 2);
  assert.deepEqual([...again.progress(id('a')).parts], ['status']);
  assert.deepEqual(
    [again.ended(id('b'))?.outcome, again.ended(id('c'))?.outcome, again.ended(id('a'))],
    ['done', 'withheld', undefined],
  );
  assert.deepEqual([...again.written()].map(({ uid }) => uid).sort(), ['u1', 'u2']);
  assert.deepEqual(again.held(id('h'))?.webhooks, [{ kind: 'W' }]);
  again.close();
});

test('a torn last line is cut off, so that the next record stands on a line of its own', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'log.jsonl');
  const whole = JSON.stringify({ t: 'ended', id: 'a', outcome: 'done', sentence: 'schön' });
  for (let kept = 0; kept < Buffer.byteLength(whole); kept++) {
    writeFileSync(path, `${whole}\n`);
    appendFileSync(path, Buffer.from(whole.replace('"a"', '"b"')).subarray(0, kept));
    const log = new RunLog(folder.path);
    assert.deepEqual([log.ended(id('a'))?.outcome, log.ended(id('b'))], ['done', undefined]);
    log.append({ t: 'ended', id: id('c'), outcome: 'failed' });
    log.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { id: string }).id),
      ['a', 'c'],
    );
  }
});

test('a damaged line that is not the last is no accident of a kill', () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'log.jsonl'), '{"t":"ended"\n{"t":"started"}\n');
  assert.throws(
    () => new RunLog(folder.path),
    (error) => isFault(error, 'RUN-LOG-DAMAGED'),
  );
});

test('records of one turn are on disk in the next one, without being asked for', async () => {
  using folder = temporaryFolder();
  const log = new RunLog(folder.path);
  for (let number = 0; number < 100; number++) log.append({ t: 'ended', id: id(`s${number}`), outcome: 'done' });
  assert.equal(readFileSync(log.path, 'utf8'), '');
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(readFileSync(log.path, 'utf8').trimEnd().split('\n').length, 100);
  log.close();
});

test('the folder of a run depends on point, target and policy, and on nothing else', () => {
  const run = {
    point: 'p1',
    fingerprint: 'feed0000-1' as never,
    policy: { selection: {}, fieldOwnership: 'all' as const },
  };
  const environment = { XDG_STATE_HOME: '/state' };
  const first = runFolder(run, environment);
  assert.match(first, /^\/state\/seaworthy\/runs\/p1-feed0000-[0-9a-f]{8}$/);
  assert.equal(runFolder({ ...run }, environment), first);
  const others = [
    { ...run, point: 'p2' },
    { ...run, fingerprint: 'beef0000-1' as never },
    { ...run, policy: { ...run.policy, selection: { namespaces: ['a'] } } },
  ];
  assert.equal(new Set([first, ...others.map((other) => runFolder(other, environment))]).size, 4);
  assert.equal(runFolder(run, { HOME: '/home/x' }).startsWith('/home/x/.local/state/seaworthy/runs/'), true);
});
